import { afterEach, beforeEach, expect, test } from 'vitest';
import { kafkaTopicSink } from '../../../connectors/kafka/index.ts';
import { topicMaker, topicRules } from '../../../connectors/kafka/topic-creation.ts';
import { DriverError, kafkaDriver } from '../../../src/kafka/index.ts';
import { probeSink } from '../../../src/testing/probe-sink.ts';
import { type TestBroker, testBroker } from './broker.ts';

const base = { 'default.partitions': '3', 'default.replication.factor': '-1' };
let broker: TestBroker;
beforeEach(async () => {
  broker = await testBroker();
});
afterEach(() => broker.close());

test('the first group that includes a topic and does not exclude it makes it; the default group makes all others', () => {
  const rule = topicRules({
    ...base,
    groups: 'compacted, logs',
    'compacted.include': 'state-.*, snapshot',
    'compacted.exclude': 'state-raw',
    'compacted.cleanup.policy': 'compact',
    'logs.include': '.*-raw',
    'logs.partitions': '12',
    'logs.replication.factor': '2',
  });
  expect(rule('state-a')).toEqual({ name: 'state-a', partitions: 3, configs: { 'cleanup.policy': 'compact' } });
  expect(rule('snapshot')).toEqual({ name: 'snapshot', partitions: 3, configs: { 'cleanup.policy': 'compact' } });
  expect(rule('state-raw')).toEqual({ name: 'state-raw', partitions: 12, replicationFactor: 2, configs: {} });
  expect(rule('snapshots')).toEqual({ name: 'snapshots', partitions: 3, configs: {} });
});

test('the patterns of a group are in the syntax of Java', () => {
  const rule = topicRules({
    ...base,
    groups: 'g',
    'g.include': '(?i)Orders.*+, \\Qa+b\\E',
    'g.exclude': '\\p{Upper}*',
    'g.partitions': '5',
  });
  expect(['orders-1', 'ORDERS', 'a+b', 'aab'].map((topic) => rule(topic).partitions)).toEqual([5, 3, 5, 3]);
});

test('the default group must say how many partitions and replicas; what cannot be read names its key', () => {
  expect(() => topicRules({ 'default.partitions': '1' })).toThrow(
    'Missing required configuration "topic.creation.default.replication.factor" which has no default value.',
  );
  expect(() => topicRules({ ...base, 'default.partitions': '0' })).toThrow(
    'topic.creation.default.partitions is "0", and must be 1 or more, or -1.',
  );
  expect(() => topicRules({ ...base, groups: 'g', 'g.include': '(' })).toThrow('topic.creation.g.include holds no regular expression: ');
});

test('a topic that is there stays as it is', async () => {
  await broker.admin.createTopics([{ name: 'old', partitions: 2 }]);
  const make = topicMaker(topicRules(base), async () => broker.admin);
  await make('old');
  await make('new');
  const found = await broker.admin.describeTopics(['old', 'new']);
  expect(found.map(({ name, partitions }) => [name, partitions.length])).toEqual([
    ['old', 2],
    ['new', 3],
  ]);
});

test('the sink reads the rules of its connector', () => {
  const { value } = kafkaTopicSink.config.parse({ acks: '1', 'topic.creation.default.partitions': '3', topic: 't' });
  expect(value?.creation).toEqual({ 'default.partitions': '3' });
});

test('a broker that was away when a topic was to be made is asked again, until the topic is there', async () => {
  let away = 2;
  const driver = {
    ...broker.driver,
    producer: () => broker.driver.producer(),
    admin: async () => {
      if (away-- > 0) throw new DriverError('retriable', 'The broker is away.');
      return broker.admin;
    },
  };
  const config = { 'topic.creation.default.partitions': '3', 'topic.creation.default.replication.factor': '-1' };
  const sink = await probeSink(kafkaTopicSink, { config, resources: new Map([[kafkaDriver.id, driver]]) });
  sink.write([{ topic: 'late', partition: 0, key: null, value: 'v', headers: undefined, timestamp: undefined }]);
  await sink.settled();
  expect((await broker.admin.describeTopics(['late']))[0]?.partitions).toHaveLength(3);
  expect(await broker.values('late')).toEqual(['v']);
  await sink.close();
});
