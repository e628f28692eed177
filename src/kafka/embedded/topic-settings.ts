import { refuse } from './store-errors.ts';

/** What the settings of a topic mean to the embedded broker. `-1` limits are `Infinity`. */
export interface TopicSettings {
  readonly compact: boolean;
  readonly remove: boolean;
  readonly retentionMs: number;
  readonly retentionBytes: number;
  readonly deleteRetentionMs: number;
  readonly minCompactionLagMs: number;
  readonly minDirtyRatio: number;
  readonly maxMessageBytes: number;
}

export type TopicConfigs = Readonly<Record<string, string>>;

/** Kafka's defaults of the settings that have an effect here. */
const DEFAULTS = {
  'cleanup.policy': 'delete',
  'retention.ms': '604800000',
  'retention.bytes': '-1',
  'delete.retention.ms': '86400000',
  'min.compaction.lag.ms': '0',
  'min.cleanable.dirty.ratio': '0.5',
  'max.message.bytes': '1048588',
} as const satisfies TopicConfigs;

/** Kafka has them; on one node with one file they are kept and change nothing. */
const WITHOUT_EFFECT = new Set([
  'compression.type',
  'file.delete.delay.ms',
  'flush.messages',
  'flush.ms',
  'follower.replication.throttled.replicas',
  'index.interval.bytes',
  'leader.replication.throttled.replicas',
  'local.retention.bytes',
  'local.retention.ms',
  'max.compaction.lag.ms',
  'message.downconversion.enable',
  'message.timestamp.difference.max.ms',
  'min.insync.replicas',
  'preallocate',
  'segment.bytes',
  'segment.index.bytes',
  'segment.jitter.ms',
  'segment.ms',
  'unclean.leader.election.enable',
]);

const POLICIES = new Set(['compact', 'delete']);

/** The settings in force: those of the topic over the defaults. */
export const withDefaults = (configs: TopicConfigs): TopicConfigs => ({ ...DEFAULTS, ...configs });

/** Reads settings; refuses unknown names and values out of their range, naming topic and setting. */
export function topicSettings(topic: string, configs: TopicConfigs): TopicSettings {
  for (const name of Object.keys(configs)) {
    if (!(name in DEFAULTS) && !WITHOUT_EFFECT.has(name)) throw unknown(topic, name);
  }
  const all = withDefaults(configs);
  const policies = (all['cleanup.policy'] ?? '').split(',').map((policy) => policy.trim());
  if (!policies.every((policy) => POLICIES.has(policy))) throw invalid(topic, 'cleanup.policy', all, 'delete, compact or compact,delete');
  return {
    compact: policies.includes('compact'),
    remove: policies.includes('delete'),
    retentionMs: limit(topic, 'retention.ms', all),
    retentionBytes: limit(topic, 'retention.bytes', all),
    deleteRetentionMs: integer(topic, 'delete.retention.ms', all, 0),
    minCompactionLagMs: integer(topic, 'min.compaction.lag.ms', all, 0),
    minDirtyRatio: ratio(topic, 'min.cleanable.dirty.ratio', all),
    maxMessageBytes: integer(topic, 'max.message.bytes', all, 0),
  };
}

function limit(topic: string, name: string, configs: TopicConfigs): number {
  const value = integer(topic, name, configs, -1);
  return value === -1 ? Number.POSITIVE_INFINITY : value;
}

function integer(topic: string, name: string, configs: TopicConfigs, least: number): number {
  const text = configs[name] ?? '';
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || value < least) throw invalid(topic, name, configs, `a whole number of at least ${least}`);
  return value;
}

function ratio(topic: string, name: string, configs: TopicConfigs): number {
  const value = Number(configs[name] || Number.NaN);
  if (!(value >= 0 && value <= 1)) throw invalid(topic, name, configs, 'a number from 0 to 1');
  return value;
}

const invalid = (topic: string, name: string, configs: TopicConfigs, expected: string) =>
  refuse.invalidConfig(`Setting ${name} of topic ${topic} is '${configs[name]}', but must be ${expected}.`);

const unknown = (topic: string, name: string) =>
  refuse.invalidConfig(`Topic ${topic} has no setting ${name}. Known: ${[...Object.keys(DEFAULTS), ...WITHOUT_EFFECT].sort().join(', ')}.`);
