import type { Check, ConfigDefinition, RawConfig } from '../sdk/config.ts';
import { atLeast, between, invalidValue, oneOf } from '../sdk/config-checks.ts';
import { config } from '../sdk/config-definition.ts';
import { int, list, long, short, string } from '../sdk/config-kinds.ts';
import { parseConfig } from '../sdk/define.ts';

const low = 'low';
const high = 'high';
const maxInt = 2 ** 31 - 1;

const positiveOrDefault =
  (why: string): Check<number> =>
  (value, name) =>
    value !== null && (value === 0 || value < -1) ? invalidValue(value, name, why) : undefined;
const replication = positiveOrDefault(
  "Replication factor must be positive and not larger than the number of brokers in the Kafka cluster, or -1 to use the broker's default",
);
const partitions = positiveOrDefault("Number of partitions must be positive, or -1 to use the broker's default");

/** Better no start than records that repeat for somebody who counts on it that they do not. */
const notEnabled: Check<string> = (value, name) =>
  value?.toLowerCase() === 'enabled'
    ? invalidValue(value, name, 'sources write at least once here; set disabled or preparing, and expect repeated records after a failure')
    : undefined;

/** Keys of Connect's distributed workers, beside those of both modes. */
export const distributedConfig = config({
  'group.id': string({
    importance: high,
    doc: 'Name of the cluster of workers that this one belongs to: of one, so far. A worker does not start where another one has it.',
  }),
  'config.storage.topic': string({ importance: high, doc: 'Topic that keeps the configs of connectors and tasks.' }),
  'config.storage.replication.factor': short({ default: 3, importance: low, checks: [replication], doc: 'Used when it has to be made.' }),
  'offset.storage.topic': string({ importance: high, doc: 'Topic that keeps the offsets of source connectors.' }),
  'offset.storage.partitions': int({ default: 25, importance: low, checks: [partitions], doc: 'Used when it has to be made.' }),
  'offset.storage.replication.factor': short({ default: 3, importance: low, checks: [replication], doc: 'Used when it has to be made.' }),
  'status.storage.topic': string({ importance: high, doc: 'Topic that keeps the statuses of connectors and tasks.' }),
  'status.storage.partitions': int({ default: 5, importance: low, checks: [partitions], doc: 'Used when it has to be made.' }),
  'status.storage.replication.factor': short({ default: 3, importance: low, checks: [replication], doc: 'Used when it has to be made.' }),
  'session.timeout.ms': int({
    default: 10_000,
    importance: high,
    doc: 'After how long without a heartbeat a worker counts as gone, so that another one may start.',
  }),
  'heartbeat.interval.ms': int({ default: 3_000, importance: high, doc: 'Time between heartbeats.' }),
  'rebalance.timeout.ms': int({
    default: 60_000,
    importance: high,
    doc: 'How long workers that start at once may take to agree which one goes on.',
  }),
  'exactly.once.source.support': string({
    default: 'disabled',
    oneOf: ['disabled', 'preparing', 'enabled'],
    ignoreCase: true,
    importance: high,
    checks: [notEnabled],
    doc: 'Whether sources write exactly once. Not available.',
  }),
  'worker.sync.timeout.ms': int({
    default: 3_000,
    doc: 'How long a worker that is behind may take to catch up. No effect in a cluster of one.',
  }),
  'worker.unsync.backoff.ms': int({
    default: 300_000,
    doc: 'How long a worker that could not catch up stays away. No effect in a cluster of one.',
  }),
  'connect.protocol': string({
    default: 'sessioned',
    importance: low,
    checks: [oneOf(['eager', 'compatible', 'sessioned'])],
    doc: 'How work is divided among workers. No effect in a cluster of one.',
  }),
  'scheduled.rebalance.max.delay.ms': int({
    default: 300_000,
    importance: low,
    checks: [between(0, maxInt)],
    doc: 'How long the work of a worker that is gone waits for its return. No effect in a cluster of one.',
  }),
  'inter.worker.key.generation.algorithm': string({
    default: 'HmacSHA256',
    importance: low,
    doc: 'How keys between workers are made. No effect in a cluster of one.',
  }),
  'inter.worker.key.size': int({ default: null, importance: low, doc: 'Size of keys between workers. No effect in a cluster of one.' }),
  'inter.worker.key.ttl.ms': int({
    default: 3_600_000,
    importance: low,
    checks: [between(0, maxInt)],
    doc: 'Age at which they are replaced. No effect in a cluster of one.',
  }),
  'inter.worker.signature.algorithm': string({
    default: 'HmacSHA256',
    importance: low,
    doc: 'How requests between workers are signed. No effect in a cluster of one.',
  }),
  'inter.worker.verification.algorithms': list({
    default: ['HmacSHA256'],
    importance: low,
    doc: 'Which signatures are accepted. No effect in a cluster of one.',
  }),
  'client.id': string({ default: '', importance: low, doc: 'Name of this worker for the brokers.' }),
  'metadata.max.age.ms': long({
    default: 300_000,
    importance: low,
    checks: [atLeast(0)],
    doc: 'Age at which metadata is asked for again.',
  }),
});

type ConfigFrom<D> = D extends ConfigDefinition<infer C, infer _> ? C : never;
export type DistributedSettings = ConfigFrom<typeof distributedConfig>;

/** Fails with every key that is wrong. */
export const distributedSettings = (worker: RawConfig): DistributedSettings =>
  parseConfig({ name: 'worker', config: distributedConfig }, worker);

/** A topic that keeps state, as the worker's settings want it. */
export interface StorageTopic {
  readonly topic: string;
  /** -1: the broker's default. */
  readonly partitions: number;
  /** Absent: the broker's default. */
  readonly replicationFactor?: number;
  readonly configs: Readonly<Record<string, string>>;
}

const ownSuffixes = ['topic', 'partitions', 'replication.factor', 'cleanup.policy', 'file.filename'];

/** The topic of `config.storage.`, `offset.storage.` or `status.storage.`: whatever else has the prefix is a setting of the topic. */
export function storageTopic(worker: RawConfig, kind: 'config' | 'offset' | 'status'): StorageTopic {
  const prefix = `${kind}.storage.`;
  const settings = distributedSettings(worker);
  const partitions = kind === 'config' ? 1 : settings[`${kind}.storage.partitions`];
  const replicationFactor = settings[`${kind}.storage.replication.factor`];
  const others = Object.entries(worker).flatMap(([key, value]) => {
    const suffix = key.startsWith(prefix) ? key.slice(prefix.length) : '';
    return suffix === '' || ownSuffixes.includes(suffix) ? [] : [[suffix, String(value)] as const];
  });
  return {
    topic: settings[`${kind}.storage.topic`],
    partitions,
    ...(replicationFactor > 0 ? { replicationFactor } : {}),
    configs: Object.fromEntries(others),
  };
}
