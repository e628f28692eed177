import { firstValueFrom, lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { kafkaTopicSource } from '../../../connectors/kafka/index.ts';
import { type ConsumerOptions, kafkaDriver } from '../../../src/kafka/index.ts';
import { type ConsumedRecord, parseConfig, type SourceOffset, type SourcePartition } from '../../../src/sdk/index.ts';
import { eventually } from '../../../src/testing/contract.ts';
import { type ProbeOptions, probeSource, type SourceProbe } from '../../../src/testing/probe-source.ts';
import { type TestBroker, testBroker } from './broker.ts';

let broker: TestBroker;
const open: { close(): void }[] = [];

beforeEach(async () => {
  broker = await testBroker();
});
afterEach(async () => {
  for (const probe of open.splice(0)) probe.close();
  await broker.close();
});

function probe(config: Record<string, unknown> = {}, options: Partial<ProbeOptions> = {}): SourceProbe<ConsumedRecord> {
  const opened = probeSource(kafkaTopicSource, {
    config: { 'group.id': 'g', ...('topics.regex' in config ? {} : { topics: 't' }), ...config },
    resources: broker.resources,
    ...options,
  });
  open.push(opened);
  return opened;
}
const at = (topic: string, partition: number): SourcePartition => ({ kafka_topic: topic, kafka_partition: partition });
const stored = (offset: number) => ({ offsetOf: () => ({ kafka_offset: offset }) });
const values = async (source: SourceProbe<ConsumedRecord>, count: number) =>
  (await source.until(count)).map(({ record }) => record.valueText()?.trim());
const errorOf = (source: SourceProbe<ConsumedRecord>) =>
  eventually('the source failed', () => typeof source.ended === 'object' && String(source.ended.error));

test('emits records with where they came from, and the offset behind each as Connect shows it', async () => {
  await broker.append('t', 0, ['a', 'b']);
  const source = probe();
  const [first, second] = await source.until(2);
  expect(first?.record.origin).toMatchObject({ topic: 't', partition: 0, timestampType: 'CreateTime' });
  expect(first?.record.offset).toBe(0);
  expect(first).toMatchObject({ partition: { kafka_topic: 't', kafka_partition: 0 }, offset: { kafka_offset: 1 } });
  expect(second).toMatchObject({ record: { offset: 1 }, offset: { kafka_offset: 2 } });
});

test('gives key, value, headers and time of a record, and again as they were consumed', async () => {
  const headers = [
    ['h', Buffer.from([1, 2])],
    ['none', null],
  ] as const;
  await broker.append('t', 0, [
    { key: 'k', value: 'v', headers, timestamp: 1234 },
    { key: null, value: null, timestamp: 5 },
  ]);
  const source = probe();
  const [first, second] = await source.until(2);
  expect(first?.record.keyText()).toBe('k');
  expect(first?.record.timestamp).toBe(1234);
  expect(first?.record.headers).toEqual([
    ['h', Uint8Array.of(1, 2)],
    ['none', null],
  ]);
  expect([second?.record.key, second?.record.value]).toEqual([null, null]);
  const raw = (offset: number) => {
    const found = first?.record.origin.raw?.(offset);
    return found && [found.key, found.value, found.headers, found.timestamp];
  };
  const consumed = [
    ['h', Uint8Array.of(1, 2)],
    ['none', null],
  ];
  expect(raw(0)).toEqual([new Uint8Array(Buffer.from('k')), new Uint8Array(Buffer.from('v')), consumed, 1234]);
  expect(raw(1)).toEqual([null, null, [], 5]);
  expect(raw(2)).toBeUndefined();
});

test('does not let a partition without room hold up the others (I4)', async () => {
  await broker.admin.createTopics([{ name: 't', partitions: 2 }]);
  // Too large to be fetched together: each is a batch of its own.
  const large = ' '.repeat(200_000);
  for (let i = 0; i < 5; i++) await broker.append('t', 0, [`a${i}${large}`]);
  for (let i = 0; i < 5; i++) await broker.append('t', 1, [`b${i}${large}`]);
  let full = true;
  const source = probe({}, { roomOf: ({ kafka_partition }) => (full && kafka_partition === 0 ? 0 : 10) });
  expect(await values(source, 5)).toEqual(['b0', 'b1', 'b2', 'b3', 'b4']);
  await broker.append('t', 1, ['b5']);
  await source.until(6);
  full = false;
  source.allow(0);
  expect((await values(source, 11)).slice(6)).toEqual(['a0', 'a1', 'a2', 'a3', 'a4']);
});

test('fetches no more than fetch.max.bytes until what was emitted is released', async () => {
  for (let i = 0; i < 10; i++) await broker.append('t', 0, [`${i}`.repeat(100_000)]);
  const source = probe({ 'fetch.max.bytes': '250000', 'max.partition.fetch.bytes': '100000' });
  await source.until(2);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const before = source.emitted.length;
  expect(before).toBeLessThan(5);
  for (let released = 0; source.emitted.length < 10; ) {
    for (; released < source.batches.length; released++) source.batches[released]?.released?.();
    await source.until(Math.min(10, source.emitted.length + 1));
  }
  expect(source.emitted.map(({ record }) => record.offset)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('waits for a topic that does not exist yet, and says so once', async () => {
  const source = probe();
  await eventually('it waits', () => source.log.length > 0);
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(source.log).toEqual([{ level: 'warn', message: 'Waiting for topics that do not exist yet.' }]);
  await broker.append('t', 0, ['a']);
  expect(await values(source, 1)).toEqual(['a']);
});

test('notices new partitions, and reads them from their beginning whatever the policy', async () => {
  await broker.append('t', 0, ['old']);
  const source = probe({ 'metadata.max.age.ms': '300', 'auto.offset.reset': 'latest' });
  await new Promise((resolve) => setTimeout(resolve, 50));
  await broker.admin.createPartitions({ t: 2 });
  await broker.append('t', 1, ['new']);
  expect(await values(source, 1)).toEqual(['new']);
});

test('reads topics whose whole name matches, those that come later included', async () => {
  await broker.append('in-1', 0, ['a']);
  await broker.append('main-1', 0, ['no']);
  await broker.append('in-1x', 0, ['no']);
  const source = probe({ 'topics.regex': 'in-\\d', 'metadata.max.age.ms': '20' });
  await source.until(1);
  await broker.append('in-2', 0, ['b']);
  expect(await values(source, 2)).toEqual(['a', 'b']);
});

test('goes on with the other topics when one is deleted', async () => {
  await broker.append('t', 0, ['a']);
  await broker.append('u', 0, ['b']);
  const source = probe({ topics: 't,u', 'metadata.max.age.ms': '20' });
  await source.until(2);
  await broker.admin.deleteTopics(['t']);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await broker.append('u', 0, ['c']);
  expect((await values(source, 3))[2]).toBe('c');
});

test('begins at the earliest record when the stored offset is not in the log, or fails when told so', async () => {
  await broker.append('t', 0, ['a', 'b']);
  expect(await values(probe({}, stored(1000)), 2)).toEqual(['a', 'b']);
  expect(await errorOf(probe({ 'auto.offset.reset': 'none' }, stored(1000)))).toContain('1000');
});

test('begins at the stored offset with its leader epoch, so that the consumer can tell what was lost since (KIP-320)', async () => {
  await broker.append('t', 0, ['a', 'b']);
  const sought: unknown[] = [];
  const driver = {
    ...broker.driver,
    admin: () => broker.driver.admin(),
    consumer: async (options: ConsumerOptions) => {
      const consumer = await broker.driver.consumer(options);
      const seek = consumer.seek.bind(consumer);
      consumer.seek = (...given) => {
        sought.push(given);
        seek(...given);
      };
      return consumer;
    },
  };
  const offsetOf = () => ({ kafka_offset: 1, kafka_leader_epoch: 3 });
  const source = probe({}, { offsetOf, resources: new Map([[kafkaDriver.id, driver]]) });
  expect(await values(source, 1)).toEqual(['b']);
  expect(sought).toEqual([
    [
      { topic: 't', partition: 0 },
      { offset: 1, leaderEpoch: 3 },
    ],
  ]);
});

test('refuses a config without topics, and one with both ways to name them', () => {
  const problems = (config: Record<string, unknown>) => kafkaTopicSource.config.parse({ 'group.id': 'g', ...config }).problems;
  expect(problems({})).toEqual([
    { key: 'topics', message: 'Must configure one of topics or topics.regex' },
    { key: 'topics.regex', message: 'Must configure one of topics or topics.regex' },
  ]);
  expect(problems({ topics: 'a', 'topics.regex': 'b' })[0]?.message).toBe(
    'topics and topics.regex are mutually exclusive options, but both are set.',
  );
});

test('reads a pattern as Java does', async () => {
  for (const topic of ['Orders.1', 'ordersx1', 'other']) await broker.append(topic, 0, [topic]);
  expect(await values(probe({ 'topics.regex': '(?i)\\Qorders.\\E\\p{Digit}++' }), 1)).toEqual(['Orders.1']);
});

test('names a regular expression that is none', () => {
  const [problem] = kafkaTopicSource.config.parse({ 'group.id': 'g', 'topics.regex': 'a(' }).problems;
  expect(problem?.key).toBe('topics.regex');
  expect(problem?.message).toContain('Invalid value a( for configuration topics.regex: Invalid regex: Unclosed group');
});

test('keeps offsets in the consumer group: of each partition the next to read', async () => {
  const store = offsetStore();
  await broker.append('t', 0, ['a']);
  expect(await firstValueFrom(store.load([at('t', 0), at('t', 1)]))).toEqual([null, null]);
  await lastValueFrom(store.save([{ partition: at('t', 0), offset: { kafka_offset: 7 } }]), { defaultValue: undefined });
  expect(await firstValueFrom(store.load([at('t', 1), at('t', 0)]))).toEqual([null, { kafka_offset: 7 }]);
  expect(await broker.admin.groupOffsets('g')).toEqual(new Map([['t-0', 7]]));
  const again = offsetStore();
  expect(await firstValueFrom(again.load([at('t', 0)]))).toEqual<(SourceOffset | null)[]>([{ kafka_offset: 7 }]);
});

test('refuses to lose the state of nodes, which a consumer group cannot keep', async () => {
  const saved = lastValueFrom(offsetStore().save([], { window: { open: 1 } }), { defaultValue: undefined });
  await expect(saved).rejects.toThrow('Consumer group g keeps offsets, and cannot keep the state of window with them.');
});

function offsetStore() {
  const store = kafkaTopicSource.offsetStore?.(parseConfig(kafkaTopicSource, { topics: 't', 'group.id': 'g' }), {
    connector: 'c',
    task: 0,
    resource: () => broker.driver as never,
    log: undefined as never,
    scheduler: undefined as never,
  });
  if (store === undefined) throw new Error('The source has no offset store');
  return store;
}
