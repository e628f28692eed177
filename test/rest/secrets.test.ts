import { join } from 'node:path';
import { expect, test } from 'vitest';
import { create, restForTests } from './rest-in-memory.ts';

const rest = restForTests([join(import.meta.dirname, '../worker/fixtures/has-pass-phrase.ts')]);
const { inject: call, start } = rest;
const json = { 'content-type': 'application/json' };

const secrets = { 'producer.override.sasl.jaas.config': 'who="ada" password="lovelace"', 'db.password': '${file:/x:y}', token: 'abc' };

test('hides what is declared or named as a secret, everywhere a config is shown', async () => {
  await start({ maskSecrets: true });
  const shown = [
    await call(create('a', {}, { ...secrets, 'connector.class': 'FileStreamSource' })),
    await call({ url: '/connectors/a' }),
    await call({ url: '/connectors/a/config' }),
    await call({ url: '/connectors/a/tasks' }),
    await call({ url: '/connectors?expand=info' }),
  ];
  for (const { body } of shown) {
    expect(body).not.toContain('lovelace');
    expect(body).not.toContain('abc');
  }
  expect(JSON.parse(shown[2]?.body ?? '')).toMatchObject({ token: '[hidden]', 'db.password': '${file:/x:y}', name: 'a' });
});

test('hides what a plugin of another module declares', async () => {
  await start({ maskSecrets: true });
  const transform = { transforms: 's', 'transforms.s.type': 'sealed', 'transforms.s.phrase': 'lovelace', 'transforms.s.place': 'here' };
  await call(create('a', {}, { 'connector.class': 'vault', phrase: 'lovelace', place: 'there', ...transform }));
  expect(JSON.parse((await call({ url: '/connectors/a/config' })).body)).toEqual({
    name: 'a',
    'connector.class': 'vault',
    phrase: '[hidden]',
    place: 'there',
    ...transform,
    'transforms.s.phrase': '[hidden]',
  });
});

test('takes what it showed as unchanged', async () => {
  await start({ maskSecrets: true });
  await call(create('a', {}, { ...secrets, 'connector.class': 'FileStreamSource' }));
  const { body } = await call({ url: '/connectors/a/config' });
  await call({ method: 'PUT', url: '/connectors/a/config', payload: body.replace('FileStreamSource', 'FileStreamSink'), headers: json });
  expect(rest.worker.config('a')).toMatchObject({ ...secrets, 'connector.class': 'FileStreamSink' });
});

test('is off where nobody asks for it, as in Connect', async () => {
  await call(create('a', {}, { ...secrets, 'connector.class': 'FileStreamSource' }));
  expect(JSON.parse((await call({ url: '/connectors/a/config' })).body)).toMatchObject(secrets);
});
