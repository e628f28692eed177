import { JavaPattern } from '../java/regex/java-pattern.ts';
import type { ConfigProblem } from '../sdk/config.ts';
import { atLeast, distinctValues, regularExpression, withoutControlCharacters } from '../sdk/config-checks.ts';
import { config } from '../sdk/config-definition.ts';
import { boolean, int, list, long, short, string } from '../sdk/config-kinds.ts';
import { at, groups } from './key-place.ts';

const { common, errors } = groups;

/** Which connector, and into how many tasks it may be divided. */
export const mainKeys = {
  name: string({
    ...at(common, 1, 'medium', 'Connector name'),
    importance: 'high',
    doc: 'Name of the connector, unique in its cluster.',
    checks: [withoutControlCharacters],
  }),
  'connector.class': string({
    ...at(common, 2, 'long', 'Connector class'),
    importance: 'high',
    doc: 'The connector: its own name, Java class name or alias.',
  }),
  'tasks.max': int({
    ...at(common, 4, 'short', 'Tasks max'),
    default: 1,
    importance: 'high',
    doc: 'Most tasks that the work is divided among.',
    checks: [atLeast(1)],
  }),
  'tasks.max.enforce': boolean({
    ...at(common, 5, 'short', 'Enforce tasks max'),
    default: true,
    importance: 'low',
    doc: 'Whether a connector that makes more tasks than tasks.max fails.',
  }),
};

/** What becomes of records that fail. */
export const errorKeys = {
  'errors.retry.timeout': long({
    ...at(errors, 1, 'medium', 'Retry Timeout for Errors'),
    default: 0,
    doc: 'Milliseconds for which a failed step is tried again; 0: not at all, -1: for ever.',
  }),
  'errors.retry.delay.max.ms': long({
    ...at(errors, 2, 'medium', 'Maximum Delay Between Retries for Errors'),
    default: 60_000,
    doc: 'Longest wait between two tries, in milliseconds.',
  }),
  'errors.tolerance': string({
    ...at(errors, 3, 'short', 'Error Tolerance'),
    default: 'none',
    oneOf: ['none', 'all'],
    doc: 'Whether a record that fails ends the task or is skipped.',
  }),
  'errors.log.enable': boolean({
    ...at(errors, 4, 'short', 'Log Errors'),
    default: false,
    doc: 'Whether each record that fails is logged.',
  }),
  'errors.log.include.messages': boolean({
    ...at(errors, 5, 'short', 'Log Error Details'),
    default: false,
    doc: 'Whether the log tells topic, partition and offset of the record.',
  }),
};

/** Keys of sink connectors beside those of the topic source and of the sink itself. */
export const sinkKeys = {
  topics: list({
    ...at(common, 4, 'long', 'Topics'),
    default: [],
    importance: 'high',
    doc: 'Topics to read.',
    checks: [distinctValues({ allowNull: false })],
  }),
  'topics.regex': string({
    ...at(common, 4, 'long', 'Topics regex'),
    default: '',
    importance: 'high',
    doc: 'Reads every topic whose whole name matches; internal topics never do.',
    checks: [regularExpression],
  }),
  'errors.deadletterqueue.topic.name': string({
    ...at(errors, 6, 'medium', 'Dead Letter Queue Topic Name'),
    default: '',
    doc: 'Topic that takes the consumed records that failed, as they were. Empty: none.',
  }),
  'errors.deadletterqueue.topic.replication.factor': short({
    ...at(errors, 7, 'medium', 'Dead Letter Queue Topic Replication Factor'),
    default: 3,
    doc: 'Replication factor of that topic, where it has to be made.',
  }),
  'errors.deadletterqueue.context.headers.enable': boolean({
    ...at(errors, 8, 'medium', 'Enable Error Context Headers'),
    default: false,
    doc: 'Whether dead letters get headers that say where they came from and what went wrong: `__connect.errors.…`.',
  }),
};

/** The keys that make a pipeline of any connector. Those of its transforms are read by `chainConfig`. */
export const connectorConfig = config({ ...mainKeys, ...errorKeys });

/** Those of a sink besides. */
export const sinkConnectorConfig = config(sinkKeys, {
  check: (value) => deadLetterProblems(value['errors.deadletterqueue.topic.name'], value.topics, value['topics.regex']),
});

/** A connector that read its own dead letters would never come to an end. */
export function deadLetterProblems(deadLetters: string, topics: readonly string[], regex: string): readonly ConfigProblem[] {
  if (deadLetters === '') return [];
  const refused = (key: string, why: string) => ({
    key,
    message: `The DLQ topic '${deadLetters}' may not be ${why} consumed by the connector`,
  });
  const listed = topics.includes(deadLetters);
  const matched = regex !== '' && new JavaPattern(regex).matches(deadLetters);
  return [
    ...(listed ? [refused('topics', `included in the list of topics ('topics=[${topics.join(', ')}]')`)] : []),
    ...(matched ? [refused('topics.regex', `matched by the regex for the topics ('topics.regex=${regex}')`)] : []),
  ];
}
