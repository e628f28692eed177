import { expect, test } from 'vitest';
import { distributedConfig, distributedSettings, storageTopic } from '../../src/config/distributed-config.ts';

const complete = {
  'group.id': 'g',
  'config.storage.topic': 'g-configs',
  'offset.storage.topic': 'g-offsets',
  'status.storage.topic': 'g-status',
};

test('has the defaults of Connect', () => {
  expect(distributedSettings(complete)).toMatchObject({
    'config.storage.replication.factor': 3,
    'offset.storage.partitions': 25,
    'offset.storage.replication.factor': 3,
    'status.storage.partitions': 5,
    'status.storage.replication.factor': 3,
    'session.timeout.ms': 10_000,
    'connect.protocol': 'sessioned',
    'exactly.once.source.support': 'disabled',
  });
});

test.each(['group.id', 'config.storage.topic', 'offset.storage.topic', 'status.storage.topic'] as const)('needs %s', (key) => {
  const { [key]: _left, ...rest } = complete;
  expect(distributedConfig.parse(rest).problems).toEqual([
    { key, message: `Missing required configuration "${key}" which has no default value.` },
  ]);
});

test.each([
  [
    'config.storage.replication.factor',
    '0',
    "Invalid value 0 for configuration config.storage.replication.factor: Replication factor must be positive and not larger than the number of brokers in the Kafka cluster, or -1 to use the broker's default",
  ],
  [
    'status.storage.partitions',
    '-2',
    "Invalid value -2 for configuration status.storage.partitions: Number of partitions must be positive, or -1 to use the broker's default",
  ],
  [
    'connect.protocol',
    'lazy',
    'Invalid value lazy for configuration connect.protocol: String must be one of: eager, compatible, sessioned',
  ],
  [
    'exactly.once.source.support',
    'ENABLED',
    'Invalid value ENABLED for configuration exactly.once.source.support: sources write at least once here; set disabled or preparing, and expect repeated records after a failure',
  ],
])('refuses %s=%s', (key, value, message) => {
  expect(distributedConfig.parse({ ...complete, [key]: value }).problems).toEqual([{ key, message }]);
});

test('other keys under the prefix of a topic are settings of it, but not those that Connect decides', () => {
  const worker = {
    ...complete,
    'offset.storage.partitions': '7',
    'offset.storage.replication.factor': '-1',
    'offset.storage.segment.bytes': '1000',
    'offset.storage.cleanup.policy': 'delete',
    'config.storage.partitions': '3',
  };
  expect(storageTopic(worker, 'offset')).toEqual({ topic: 'g-offsets', partitions: 7, configs: { 'segment.bytes': '1000' } });
  expect(storageTopic(worker, 'config')).toEqual({ topic: 'g-configs', partitions: 1, replicationFactor: 3, configs: {} });
});
