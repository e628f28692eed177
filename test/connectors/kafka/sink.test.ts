import { afterEach, beforeEach, expect, test } from 'vitest';
import { kafkaTopicSink } from '../../../connectors/kafka/index.ts';
import { DriverError, kafkaDriver, type Producer } from '../../../src/kafka/index.ts';
import type { EncodedRecord } from '../../../src/sdk/index.ts';
import { isRetriable } from '../../../src/sdk/retriable-error.ts';
import { eventually } from '../../../src/testing/contract.ts';
import { probeSink, type SinkProbe, type SinkProbeOptions } from '../../../src/testing/probe-sink.ts';
import { type TestBroker, testBroker } from './broker.ts';

let broker: TestBroker;
const open: SinkProbe<EncodedRecord>[] = [];

beforeEach(async () => {
  broker = await testBroker();
});
afterEach(async () => {
  for (const sink of open.splice(0)) await sink.close();
  await broker.close();
});

async function probe(
  config: Record<string, unknown> = {},
  resources = broker.resources,
  flow: NonNullable<SinkProbeOptions['flow']> = {},
): Promise<SinkProbe<EncodedRecord>> {
  const opened = await probeSink(kafkaTopicSink, { config, resources, flow });
  open.push(opened);
  return opened;
}
const encoded = (value: string | null, members: Partial<EncodedRecord> = {}): EncodedRecord => ({
  topic: 't',
  partition: null,
  key: null,
  value,
  headers: undefined,
  timestamp: undefined,
  ...members,
});
const outcomes = (sink: SinkProbe<EncodedRecord>, records: readonly EncodedRecord[]) =>
  records.map((record) => sink.outcomes.get(record)?.kind);

test('makes a topic that is missing, and answers with where the records went', async () => {
  const sink = await probe();
  await broker.append('t', 0, ['before']);
  const record = encoded('a');
  sink.write([record, encoded('b')]);
  await sink.settled();
  expect(await broker.values('t')).toEqual(['before', 'a', 'b']);
  expect(sink.outcomes.get(record)).toMatchObject({ kind: 'delivered', receipt: [{ topic: 't', partition: 0, baseOffset: 1 }] });
});

test('writes key, value, headers and time', async () => {
  const sink = await probe();
  const headers: [string, Uint8Array | null][] = [
    ['h', Uint8Array.of(1)],
    ['h', null],
  ];
  sink.write([encoded('v', { key: Uint8Array.of(7), headers, timestamp: 99 }), encoded(null, { key: 'k' })]);
  await sink.settled();
  const consumer = await broker.driver.consumer({
    source: { mode: 'assign', partitions: [{ topic: 't', partition: 0 }] },
    reset: 'earliest',
  });
  const { records } = await consumer.next();
  expect(records[0]).toMatchObject({ key: Uint8Array.of(7), timestamp: 99, headers });
  expect(records[1]?.keyText()).toBe('k');
  expect(records[1]?.value).toBeNull();
});

test('puts records where they ask to go, and those with a key where the Java client would', async () => {
  await broker.admin.createTopics([{ name: 't', partitions: 4 }]);
  const sink = await probe();
  sink.write([
    encoded('to 2', { partition: 2 }),
    encoded('to 0', { partition: 0, key: 'foobar' }),
    // murmur2 as Kafka's own test has it: 'foobar' hashes to -790332482, '21' to -973932308.
    encoded('foobar', { key: 'foobar' }),
    encoded('21', { key: '21' }),
  ]);
  await sink.settled();
  expect(await Promise.all([0, 1, 2, 3].map((partition) => broker.values('t', partition)))).toEqual([
    ['to 0', '21'],
    [],
    ['to 2', 'foobar'],
    [],
  ]);
});

test('puts records without key into one partition per write, and uses all partitions in the end', async () => {
  await broker.admin.createTopics([{ name: 't', partitions: 3 }]);
  const sink = await probe();
  for (let i = 0; i < 6; i++) {
    sink.write([encoded(`${i}a`), encoded(`${i}b`)]);
    await sink.settled();
  }
  const all = [await broker.values('t', 0), await broker.values('t', 1), await broker.values('t', 2)];
  expect(all.map((values) => values.length)).toEqual([4, 4, 4]);
  for (const values of all) for (let i = 0; i < 4; i += 2) expect(values[i]?.slice(0, 1)).toBe(values[i + 1]?.slice(0, 1));
});

test('keeps the order of each partition and topic over many batches', async () => {
  await broker.admin.createTopics([{ name: 't', partitions: 2 }, { name: 'u' }]);
  const sink = await probe();
  for (let i = 0; i < 300; i++) sink.write([encoded(`${i}`, { partition: i % 2 }), encoded(`${i}`, { topic: 'u' })]);
  await sink.settled();
  const numbers = Array.from({ length: 300 }, (_, i) => `${i}`);
  expect(await broker.values('u')).toEqual(numbers);
  expect(await broker.values('t', 0)).toEqual(numbers.filter((n) => Number(n) % 2 === 0));
  expect(await broker.values('t', 1)).toEqual(numbers.filter((n) => Number(n) % 2 === 1));
});

test('a topic that was made anew with fewer partitions is written to, once the write is tried again', async () => {
  await broker.admin.createTopics([{ name: 't', partitions: 4 }]);
  const sink = await probe({}, broker.resources, { retry: (error) => (isRetriable(error) ? 1 : undefined) });
  const write = (values: readonly string[]) => {
    for (const value of values) sink.write([encoded(value)]);
    return sink.settled();
  };
  await write(['before']);
  await broker.admin.deleteTopics(['t']);
  await broker.admin.createTopics([{ name: 't', partitions: 1 }]);
  await write(['a', 'b', 'c', 'd']);
  expect(sink.failures).toEqual([]);
  expect(new Set([...sink.outcomes.values()].map(({ kind }) => kind))).toEqual(new Set(['delivered']));
  // One that happened to go to the partition that is left may have been written before, with the first attempt.
  expect((await broker.values('t')).slice(-4)).toEqual(['a', 'b', 'c', 'd']);
});

/** Resources of a sink whose producer has some parts replaced. */
const producing = (parts: (producer: Producer) => Partial<Producer>) => {
  const producer = async () => {
    const real = await broker.driver.producer();
    const own = { send: real.send.bind(real), partitions: real.partitions.bind(real), close: real.close.bind(real) };
    return { ...own, ...parts(real) };
  };
  return new Map([[kafkaDriver.id, { producer }]]);
};

test('sends the next write while answers of earlier ones are under way, up to five', async () => {
  const answers = Promise.withResolvers<void>();
  const sent: number[] = [];
  const resources = producing((real) => ({
    send: async (batches) => {
      sent.push(batches.length);
      await answers.promise;
      return real.send(batches);
    },
  }));
  const sink = await probe({}, resources);
  for (let i = 0; i < 8; i++) sink.write([encoded(`${i}`)]);
  await eventually('five writes are under way', () => sent.length === 5);
  answers.resolve();
  await sink.settled();
  expect(sent).toEqual([1, 1, 1, 1, 1, 1]);
  expect(await broker.values('t')).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
});

test('no record passes an earlier one whose write waits for another topic', async () => {
  const slow = Promise.withResolvers<void>();
  const resources = producing((real) => ({
    partitions: async (topic) => {
      if (topic === 'slow') await slow.promise;
      return real.partitions(topic);
    },
  }));
  const sink = await probe({}, resources);
  sink.write([encoded('first'), encoded('other', { topic: 'slow' })]);
  sink.write([encoded('second')]);
  setTimeout(slow.resolve, 20);
  await sink.settled();
  expect(await broker.values('t')).toEqual(['first', 'second']);
});

test('closed while writes are under way, it closes its producer without waiting for them: they are returned, and fail nothing', async () => {
  const closed = Promise.withResolvers<void>();
  const times: unknown[] = [];
  const resources = producing((real) => ({
    send: async (batches) => {
      await closed.promise;
      const error = new DriverError('fatal', 'The producer is closed.');
      return batches.map(({ topic, partition }) => ({ topic, partition, error }));
    },
    close: async (options) => {
      times.push(options?.timeoutMs);
      closed.resolve();
      await real.close();
    },
  }));
  const sink = await probe({}, resources);
  const records = [encoded('a'), encoded('b')];
  for (const record of records) sink.write([record]);
  await sink.close();
  expect(times).toEqual([0]);
  expect(outcomes(sink, records)).toEqual(['returned', 'returned']);
  expect(sink.failures).toEqual([]);
});

/** Resources whose producer is still being opened. */
function openingLate() {
  const opening = Promise.withResolvers<Producer>();
  return { ...opening, resources: new Map([[kafkaDriver.id, { producer: () => opening.promise }]]) };
}

test('is open while its producer is not yet, which brokers that are away delay; then all is written in order', async () => {
  const { resolve, resources } = openingLate();
  const sink = await probe({}, resources);
  const records = Array.from({ length: 8 }, (_, i) => encoded(`${i}`));
  for (const record of records) sink.write([record]);
  resolve(await broker.driver.producer());
  await sink.settled();
  expect(await broker.values('t')).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
});

test('closed before its producer is open, it returns what waits, fails nothing, and closes the producer when it comes', async () => {
  const { resolve, resources } = openingLate();
  const sink = await probe({}, resources);
  const record = encoded('a');
  sink.write([record]);
  await sink.close();
  expect(outcomes(sink, [record])).toEqual(['returned']);
  expect(sink.failures).toEqual([]);
  const producer = await broker.driver.producer();
  resolve(producer);
  await eventually('the producer is closed', () =>
    producer.partitions('t').then(
      () => false,
      () => true,
    ),
  );
});

test('is not opened when its producer cannot be', async () => {
  const { reject, resources } = openingLate();
  reject(new DriverError('auth', 'The login was refused.'));
  await expect(probe({}, resources)).rejects.toThrow('The login was refused.');
});

test('a producer that cannot be opened after all fails the task with the first record', async () => {
  const { reject, resources } = openingLate();
  const sink = await probe({}, resources);
  const refused = new DriverError('auth', 'The login was refused.');
  reject(refused);
  const record = encoded('a');
  sink.write([record]);
  await sink.settled();
  expect(outcomes(sink, [record])).toEqual(['returned']);
  expect(sink.failures).toEqual([refused]);
});

test('fails only the records that are too large, wherever they are', async () => {
  await broker.admin.createTopics([{ name: 't', configs: { 'max.message.bytes': '10000' } }]);
  const sink = await probe();
  const records = Array.from({ length: 50 }, (_, i) => encoded(i % 17 === 3 ? `${i} ${'x'.repeat(20_000)}` : `${i}`));
  sink.write(records);
  await sink.settled();
  expect(outcomes(sink, records)).toEqual(records.map((_, i) => (i % 17 === 3 ? 'failed' : 'delivered')));
  expect(await broker.values('t')).toEqual(records.flatMap(({ value }, i) => (i % 17 === 3 ? [] : [value])));
  const failure = sink.outcomes.get(records[3]);
  expect(failure).toMatchObject({ failure: { stage: 'KAFKA_PRODUCE', error: { kind: 'too-large' } } });
});

test('fails only the records for a partition that is not there', async () => {
  const sink = await probe();
  const records = [encoded('a'), encoded('b', { partition: 9 }), encoded('c', { partition: 0 })];
  sink.write(records);
  await sink.settled();
  expect(outcomes(sink, records)).toEqual(['delivered', 'failed', 'delivered']);
  expect(await broker.values('t')).toEqual(['a', 'c']);
});

test('fails only the records for a topic that cannot be made', async () => {
  const sink = await probe();
  const records = [encoded('a'), encoded('b', { topic: 'not a topic name!' }), encoded('c')];
  sink.write(records);
  await sink.settled();
  expect(outcomes(sink, records)).toEqual(['delivered', 'failed', 'delivered']);
  expect(await broker.values('t')).toEqual(['a', 'c']);
});

test('compresses as it is told', async () => {
  const sink = await probe({ 'compression.type': 'gzip' });
  sink.write([encoded('x'.repeat(100_000))]);
  await sink.settled();
  const consumer = await broker.driver.consumer({
    source: { mode: 'assign', partitions: [{ topic: 't', partition: 0 }] },
    reset: 'earliest',
  });
  const batch = await consumer.next();
  expect(batch.records[0]?.valueText()).toBe('x'.repeat(100_000));
});
