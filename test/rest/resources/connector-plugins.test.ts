import { beforeEach, expect, test } from 'vitest';
import { refusal, restForTests } from '../rest-in-memory.ts';

const rest = restForTests();
beforeEach(async () => {
  await rest.worker.create('a', { name: 'a', file: 'x' });
});
const { call } = rest;

test('plugins are the connectors, or all that has a Java class', async () => {
  const connectors = [
    { class: 'org.apache.kafka.connect.file.FileStreamSinkConnector', type: 'sink', version: '4.3.1' },
    { class: 'org.apache.kafka.connect.file.FileStreamSourceConnector', type: 'source', version: '4.3.1' },
  ];
  expect((await call('GET', '/connector-plugins')).body).toEqual(connectors);
  expect((await call('GET', '/connector-plugins?connectorsOnly=maybe')).body.length).toBeGreaterThan(40);
  const all: { type: string }[] = (await call('GET', '/connector-plugins?connectorsOnly=false')).body;
  const types = ['sink', 'source', 'transformation', 'predicate', 'converter', 'header_converter'];
  expect([...new Set(all.map(({ type }) => type))]).toEqual(types);
  expect(all.at(-1)).toEqual({ class: 'org.apache.kafka.connect.storage.StringConverter', type: 'header_converter', version: '4.3.1' });
});

test('the keys of a connector are its own, then those of all', async () => {
  const { body } = await call('GET', '/connector-plugins/FileStreamSink/config');
  expect(body[0]).toEqual({
    name: 'file',
    type: 'STRING',
    required: false,
    default_value: null,
    importance: 'HIGH',
    documentation: expect.stringContaining('File'),
    group: null,
    order_in_group: -1,
    width: 'NONE',
    display_name: 'file',
    dependents: [],
  });
  expect(body.map(({ name }: { name: string }) => name)).toHaveLength(25);
});

test('a plugin that is not there, or not in that version, has no keys', async () => {
  expect(await call('GET', '/connector-plugins/Nope/config')).toMatchObject(refusal(404, 'Unknown plugin Nope.'));
  const why = 'not found that matches the version range [,], available versions: [4.3.1]';
  expect(await call('GET', '/connector-plugins/FileStreamSink/config?version=')).toMatchObject(
    refusal(400, `Plugin org.apache.kafka.connect.file.FileStreamSinkConnector ${why}`),
  );
  const provider = 'org.apache.kafka.common.config.provider.FileConfigProvider';
  expect(await call('GET', `/connector-plugins/${provider}/config`)).toMatchObject({ status: 400 });
});

test('a config is validated for the plugin of the path', async () => {
  const sink = { name: 'x', 'connector.class': 'FileStreamSink', topics: 'a' };
  const answer = await call('PUT', '/connector-plugins/Sink/config/validate', { ...sink, 'tasks.max': 0 });
  expect(answer).toMatchObject({ status: 200, body: { name: 'FileStreamSink', error_count: 1 } });
  expect(await call('PUT', '/connector-plugins/FileStreamSource/config/validate', sink)).toMatchObject(
    refusal(400, 'Included connector type FileStreamSink does not match request type FileStreamSource'),
  );
  expect(await call('PUT', '/connector-plugins/Zap/config/validate', { ...sink, 'connector.class': 'Zap' })).toMatchObject({
    status: 500,
    body: { message: expect.stringContaining('Failed to find any class that implements Connector and which name matches Zap') },
  });
});
