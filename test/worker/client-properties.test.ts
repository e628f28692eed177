import { expect, test } from 'vitest';
import { clientProperties, workerClientProperties } from '../../src/worker/client-properties.ts';

const worker = {
  'bootstrap.servers': 'a:1',
  'security.protocol': 'SSL',
  'offset.flush.interval.ms': '5',
  'producer.linger.ms': '7',
  'producer.compression.type': 'gzip',
  'consumer.auto.offset.reset': 'latest',
  'admin.request.timeout.ms': '9',
  'key.converter': 'k',
};

test("each client of a connector has the worker's settings of its kind, then the connector's", () => {
  const config = { 'producer.override.compression.type': 'zstd', 'consumer.override.client.id': 'mine', topic: 't' };
  expect(clientProperties(worker, { connector: 'c', task: 2, config })).toEqual({
    producer: {
      'bootstrap.servers': 'a:1',
      'client.id': 'connector-producer-c-2',
      acks: 'all',
      'delivery.timeout.ms': '2147483647',
      'linger.ms': '7',
      'compression.type': 'zstd',
    },
    consumer: { 'bootstrap.servers': 'a:1', 'client.id': 'mine', 'auto.offset.reset': 'latest' },
    admin: {
      'bootstrap.servers': 'a:1',
      'client.id': 'connector-adminclient-c-2',
      'security.protocol': 'SSL',
      'request.timeout.ms': '9',
    },
  });
});

test('a connector itself has clients too', () => {
  const { admin, consumer } = clientProperties({ 'bootstrap.servers': 'a:1' }, { connector: 'c', config: {} });
  expect(admin['client.id']).toBe('connector-adminclient-c');
  expect(consumer['auto.offset.reset']).toBe('earliest');
});

test('what a task of a sink writes are dead letters, whose clients Connect names after them', () => {
  const { admin, consumer, producer } = clientProperties(
    { 'bootstrap.servers': 'a:1' },
    { connector: 'c', task: 2, config: {}, sink: true },
  );
  expect(producer['client.id']).toBe('connector-dlq-producer-c-2');
  expect(admin['client.id']).toBe('connector-dlq-adminclient-c-2');
  expect(consumer['client.id']).toBe('connector-consumer-c-2');
});

test("the worker's own clients take its settings without prefix, as far as they say how to connect", () => {
  expect(workerClientProperties(worker)).toEqual({ 'client.id': 'sluice-worker', 'bootstrap.servers': 'a:1', 'security.protocol': 'SSL' });
});
