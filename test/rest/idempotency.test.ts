import { expect, test } from 'vitest';
import { create, restForTests } from './rest-in-memory.ts';

const rest = restForTests();
const call = rest.inject;

const key = { 'idempotency-key': 'k1' };

test('a repeated create gets the first answer and creates nothing', async () => {
  const first = await call(create('a', key));
  const second = await call(create('a', key));
  expect(first).toMatchObject({ status: 201, headers: { location: expect.stringMatching(/\/connectors\/a$/) } });
  expect(second).toMatchObject({
    status: 201,
    body: first.body,
    headers: { location: first.headers.location, 'idempotency-replayed': 'true' },
  });
  expect((await call(create('a'))).status).toBe(409);
});

test('with another body it is refused', async () => {
  await call(create('a', key));
  expect(await call(create('b', key))).toMatchObject({ status: 422, body: expect.stringContaining('another body') });
});

test('while the first request is under way, the second is told so, and does not end it', async () => {
  const made = Promise.withResolvers<void>();
  const original = rest.worker.create.bind(rest.worker);
  rest.worker.create = async (...args) => {
    await made.promise;
    return original(...args);
  };
  const first = call(create('a', key));
  await new Promise((resolve) => setImmediate(resolve));
  expect(await call(create('a', key))).toMatchObject({ status: 409, body: expect.stringContaining('is under way') });
  made.resolve();
  expect((await first).status).toBe(201);
  expect(await call(create('a', key))).toMatchObject({ status: 201, headers: { 'idempotency-replayed': 'true' } });
});

test('the oldest answers give way to large ones', async () => {
  const large = (name: string) => create(name, { 'idempotency-key': name }, { file: 'x'.repeat(6 * 1024 * 1024) });
  for (const name of ['a', 'b', 'c']) expect((await call(large(name))).status).toBe(201);
  expect((await call(large('c'))).headers['idempotency-replayed']).toBe('true');
  expect((await call(large('a'))).status).toBe(409);
});

test('a failure can be tried again', async () => {
  expect((await call(create('a', key, { 'tasks.max': 'x' }))).status).toBe(400);
  expect((await call(create('a', key))).status).toBe(201);
});
