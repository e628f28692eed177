import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Appended, DriverError } from '../../../src/kafka/driver.ts';
import type { Broker, Cluster } from '../../../src/kafka/kafkajs/internals.ts';
import type { MetadataCache } from '../../../src/kafka/kafkajs/metadata.ts';
import { KafkaProducer, type KafkaProducerOptions } from '../../../src/kafka/kafkajs/producer.ts';
import { connectionSettings } from '../../../src/kafka/kafkajs/settings.ts';

const batch = { topic: 't', partition: 0, records: [{ key: null, value: 'a' }] };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A producer whose leader is away at first. `requests`: what was sent to it since. */
function producing(options: KafkaProducerOptions = {}) {
  let away = true;
  const requests: string[] = [];
  const broker: Broker = {
    nodeId: 1,
    versions: { 0: { minVersion: 0, maxVersion: 8 } },
    connectionPool: {
      send: ({ request }) => {
        requests.push(request.apiName);
        return new Promise(() => {});
      },
    },
  };
  const metadata = {
    leader: () => (away ? undefined : { leader: 1 }),
    refresh: async () => {
      if (away) throw new DriverError('retriable', 'No broker answers.');
    },
    known: () => undefined,
    errorCode: () => undefined,
    broker: async () => broker,
    forget: () => {},
  } as unknown as MetadataCache;
  const settings = connectionSettings({ 'bootstrap.servers': 'localhost:9092' });
  const producer = new KafkaProducer({ cluster: {} as Cluster, metadata, settings }, { idempotent: false, ...options });
  const answers: (readonly Appended[])[] = [];
  return {
    producer,
    requests,
    answers,
    send: () => void producer.send([batch]).then((answer) => answers.push(answer)),
    comeBack: () => {
      away = false;
    },
  };
}

test.each([
  ['the time of a batch where that is shorter', 2_000, 2_000],
  ['30 s where a batch may take for ever, as a worker lets it', 2_147_483_647, 30_000],
])('closing waits for what is open, for %s', async (_, deliveryTimeoutMs, waitsMs) => {
  const { producer, send, answers } = producing({ deliveryTimeoutMs });
  send();
  let closed = false;
  void producer.close().then(() => {
    closed = true;
  });
  await vi.advanceTimersByTimeAsync(waitsMs - 1);
  expect(closed).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(closed).toBe(true);
  expect(answers).toEqual([[expect.objectContaining({ error: expect.objectContaining({ kind: 'fatal' }) })]]);
});

test('closed without time it sends nothing more, answers at once, and writes nothing when the leader is back', async () => {
  const { producer, requests, answers, send, comeBack } = producing({ deliveryTimeoutMs: 2_147_483_647 });
  send();
  await vi.advanceTimersByTimeAsync(1_000);
  send();
  comeBack();
  await producer.close({ timeoutMs: 0 });
  expect(producer.bufferedBytes).toBe(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(answers).toHaveLength(2);
  expect(requests).toEqual([]);
});
