import { expect, test } from 'vitest';
import { create, restForTests } from '../rest-in-memory.ts';

const rest = restForTests();
const call = rest.inject;

const config = {
  'connector.class': 'FileStreamSink',
  topics: 't',
  file: 'out.txt',
  transforms: 'mask',
  'transforms.mask.type': 'org.apache.kafka.connect.transforms.MaskField$Value',
  'transforms.mask.fields': 'ssn',
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
};

test('names what stands between topic and file, and no setting', async () => {
  await call(create('a', {}, config));
  const { body } = await call({ url: '/connectors/a/graph' });
  expect(JSON.parse(body)).toEqual({
    name: 'a',
    nodes: [
      { name: 'topics', kind: 'source', does: 'kafka-topic', from: [] },
      {
        name: 'decode',
        kind: 'decode',
        does: 'key org.apache.kafka.connect.storage.StringConverter, value org.apache.kafka.connect.json.JsonConverter, headers org.apache.kafka.connect.storage.SimpleHeaderConverter',
        from: ['topics'],
      },
      { name: 'transforms.mask', kind: 'operator', does: 'org.apache.kafka.connect.transforms.MaskField$Value', from: ['decode'] },
      { name: 'sink', kind: 'sink', does: 'FileStreamSink', from: ['transforms.mask'] },
    ],
  });
  expect(body).not.toContain('ssn');
});

test('is a picture in Mermaid', async () => {
  await call(create('a', {}, config));
  expect(await call({ url: '/connectors/a/graph?format=mermaid' })).toMatchObject({
    headers: { 'content-type': expect.stringContaining('text/vnd.mermaid') },
    body: expect.stringMatching(/^flowchart LR\n[\s\S]*n2 --> n3$/),
  });
});

test('of no connector is 404', async () => {
  expect(await call({ url: '/connectors/none/graph' })).toMatchObject({ status: 404 });
});
