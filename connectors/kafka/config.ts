import { connectorDefaults } from 'sluice/kafka';
import {
  atLeast,
  type ConfigDefinition,
  type ConfigProblem,
  config,
  int,
  list,
  notEmpty,
  type RawConfig,
  regularExpression,
  string,
} from 'sluice/sdk';
import type { CreationKeys } from './topic-creation.ts';

const topicsProblems = (topics: readonly string[], regex: string): readonly ConfigProblem[] => {
  const both = topics.length > 0 && regex !== '';
  if (both) return problem('topics and topics.regex are mutually exclusive options, but both are set.');
  return topics.length === 0 && regex === '' ? problem('Must configure one of topics or topics.regex') : [];
};
const problem = (message: string): readonly ConfigProblem[] => [
  { key: 'topics', message },
  { key: 'topics.regex', message },
];

/** Keys are those of Kafka's consumer, so that a connector's `consumer.override.` settings mean the same here. */
export const topicSourceConfig = config(
  {
    topics: list({ default: [], importance: 'high', doc: 'Topics to read.' }),
    'topics.regex': string({
      default: '',
      importance: 'high',
      doc: 'Reads every topic whose whole name matches, in the syntax of Java; internal topics never do.',
      checks: [regularExpression],
    }),
    'group.id': string({ importance: 'high', doc: 'Consumer group that keeps the offsets.', checks: [notEmpty] }),
    'auto.offset.reset': string({
      default: connectorDefaults['auto.offset.reset'],
      oneOf: ['earliest', 'latest', 'none'],
      importance: 'medium',
      doc: 'Where to begin when the group has no offset or the log no longer has it; none: fail.',
    }),
    'isolation.level': string({
      default: connectorDefaults['isolation.level'],
      oneOf: ['read_committed', 'read_uncommitted'],
      importance: 'medium',
      doc: 'Whether records of transactions that are open or aborted are left out.',
    }),
    'max.partition.fetch.bytes': int({
      default: connectorDefaults['max.partition.fetch.bytes'],
      importance: 'low',
      doc: 'Most bytes of one partition that are fetched at once.',
      checks: [atLeast(0)],
    }),
    'fetch.max.bytes': int({
      default: connectorDefaults['fetch.max.bytes'],
      importance: 'low',
      doc: 'Fetched bytes that may wait for the sink.',
      checks: [atLeast(0)],
    }),
    'fetch.max.wait.ms': int({
      default: connectorDefaults['fetch.max.wait.ms'],
      importance: 'low',
      doc: 'How long the broker may hold back an empty answer.',
      checks: [atLeast(0)],
    }),
    'metadata.max.age.ms': int({
      default: connectorDefaults['metadata.max.age.ms'],
      importance: 'low',
      doc: 'After how long new topics and partitions are looked for.',
      checks: [atLeast(0)],
    }),
  },
  { check: (value) => topicsProblems(value.topics, value['topics.regex']) },
);

/** Keys are those of Kafka's producer, so that a connector's `producer.override.` settings mean the same here. */
const sinkKeys = config({
  acks: string({
    default: connectorDefaults.acks,
    oneOf: ['all', '-1', '0', '1'],
    importance: 'low',
    doc: 'Replicas that must have a record before it counts as delivered.',
  }),
  'compression.type': string({
    default: connectorDefaults['compression.type'],
    oneOf: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
    importance: 'high',
    doc: 'Compression of record batches.',
  }),
  'batch.size': int({
    default: connectorDefaults['batch.size'],
    importance: 'medium',
    doc: 'Largest record batch, in bytes before compression.',
    checks: [atLeast(0)],
  }),
  'linger.ms': int({
    default: connectorDefaults['linger.ms'],
    importance: 'medium',
    doc: 'How long a record batch that is not full waits for more records. Records that wait for the write before travel together without it.',
    checks: [atLeast(0)],
  }),
  'metadata.max.age.ms': int({
    default: connectorDefaults['metadata.max.age.ms'],
    importance: 'low',
    doc: 'After how long the number of partitions of a topic is asked for again.',
    checks: [atLeast(0)],
  }),
});

/** With the connector's `topic.creation.` keys, whose names depend on its groups: they are read when the sink is opened, as Connect does. */
export const topicSinkConfig: ConfigDefinition<ConfigFrom<typeof sinkKeys> & { readonly creation: CreationKeys }> = {
  ...sinkKeys,
  parse: (raw, prefix) => {
    const parsed = sinkKeys.parse(raw, prefix);
    return parsed.value === undefined ? parsed : { value: { ...parsed.value, creation: creationKeys(raw) }, problems: [] };
  },
};

const creationPrefix = 'topic.creation.';
const creationKeys = (raw: RawConfig): CreationKeys =>
  Object.fromEntries(
    Object.entries(raw).flatMap(([key, value]) =>
      key.startsWith(creationPrefix) && typeof value === 'string' ? [[key.slice(creationPrefix.length), value]] : [],
    ),
  );

type ConfigFrom<D> = D extends ConfigDefinition<infer C, infer _> ? C : never;
export type TopicSourceConfig = ConfigFrom<typeof topicSourceConfig>;
export type TopicSinkConfig = ConfigFrom<typeof topicSinkConfig>;
