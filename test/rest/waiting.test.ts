import { type AddressInfo, connect } from 'node:net';
import { promisify } from 'node:util';
import type { InjectOptions } from 'fastify';
import { expect, test, vi } from 'vitest';
import { restForTests } from './rest-in-memory.ts';

const rest = restForTests();
const { inject: call, start } = rest;
const json = { 'content-type': 'application/json' };

const put: InjectOptions = { method: 'PUT', url: '/connectors/a/config', payload: '{"file":"x"}', headers: json };
let waiting = 0;
const held = () => {
  waiting = 0;
  const gate = Promise.withResolvers<void>();
  const original = rest.worker.put.bind(rest.worker);
  rest.worker.put = async (...args) => {
    waiting++;
    await gate.promise;
    return original(...args);
  };
  return gate.resolve;
};

const connections = () => promisify(rest.server.server.getConnections.bind(rest.server.server))();

test('waits for it', async () => {
  const release = held();
  const both = Promise.all([call(put), call(put)]);
  release();
  expect((await both).map(({ status }) => status).sort()).toEqual([200, 201]);
});

test('is refused at once by rest.conflict=reject, and only for the same connector', async () => {
  await start({ onConflict: 'reject' });
  const release = held();
  const first = call(put);
  await new Promise((resolve) => setImmediate(resolve));
  expect(await call(put)).toMatchObject({ status: 409, body: expect.stringContaining('another change of connector a is under way') });
  expect(await call({ method: 'PUT', url: '/connectors/b/pause' })).toMatchObject({ status: 404 });
  release();
  expect((await first).status).toBe(201);
  expect((await call(put)).status).toBe(200);
});

test('whose client went away before the answer is under way until the worker is done', async () => {
  await start({ onConflict: 'reject' });
  const release = held();
  await rest.server.listen({ host: '127.0.0.1', port: 0 });
  const socket = connect((rest.server.server.address() as AddressInfo).port, '127.0.0.1');
  const body = String(put.payload);
  socket.write(
    `PUT /connectors/a/config HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  await vi.waitFor(() => expect(waiting).toBe(1));
  expect((await call(put)).status).toBe(409);
  socket.destroy();
  await vi.waitFor(async () => expect(await connections()).toBe(0));
  expect((await call(put)).status).toBe(409);
  release();
  await vi.waitFor(async () => expect((await call(put)).status).toBe(200));
});

test('is answered with a time-out when the worker takes too long, and is under way until it is done', async () => {
  await start({ requestTimeoutMs: 20, onConflict: 'reject' });
  const release = held();
  expect(await call(put)).toMatchObject({ status: 500, body: expect.stringContaining('Request timed out after 20 ms.') });
  expect((await call(put)).status).toBe(409);
  release();
  await vi.waitFor(async () => expect((await call(put)).status).toBe(200));
});
