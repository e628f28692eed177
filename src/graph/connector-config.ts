import { JavaPattern } from '../java/regex/java-pattern.ts';
import type { ConfigProblem } from '../sdk/config.ts';
import { atLeast, distinctValues, notEmpty, regularExpression } from '../sdk/config-checks.ts';
import { config } from '../sdk/config-definition.ts';
import { boolean, className, int, list, long, short, string } from '../sdk/config-kinds.ts';

/** The keys that every connector has, in Connect's order. */
export const connectorConfig = config({
  name: string({ importance: 'high', doc: 'Name of the connector, unique in its cluster.', checks: [notEmpty] }),
  'connector.class': className({ importance: 'high', doc: 'The connector: its own name, Java class name or alias.' }),
  'tasks.max': int({ default: 1, importance: 'high', doc: 'Most tasks that the work is divided among.', checks: [atLeast(1)] }),
  transforms: list({ default: [], importance: 'low', doc: 'Names of the transforms, in their order.', checks: [distinctValues()] }),
  predicates: list({
    default: [],
    importance: 'low',
    doc: 'Names of the predicates that transforms refer to.',
    checks: [distinctValues()],
  }),
  'errors.retry.timeout': long({ default: 0, doc: 'Milliseconds for which a failed step is tried again; 0: not at all, -1: for ever.' }),
  'errors.retry.delay.max.ms': long({ default: 60_000, doc: 'Longest wait between two tries, in milliseconds.' }),
  'errors.tolerance': string({ default: 'none', oneOf: ['none', 'all'], doc: 'Whether a record that fails ends the task or is skipped.' }),
  'errors.log.enable': boolean({ default: false, doc: 'Whether skipped records are logged.' }),
  'errors.log.include.messages': boolean({ default: false, doc: 'Whether the log tells topic, partition and offset of the record.' }),
});

/** Keys of sink connectors beside those of the topic source and of the sink itself. */
export const sinkConnectorConfig = config(
  {
    topics: list({ default: [], importance: 'high', doc: 'Topics to read.' }),
    'topics.regex': string({
      default: '',
      importance: 'high',
      doc: 'Reads every topic whose whole name matches.',
      checks: [regularExpression],
    }),
    'errors.deadletterqueue.topic.name': string({
      default: '',
      doc: 'Topic that takes the consumed records that failed, as they were. Empty: none.',
      group: 'Error Handling',
      order: 6,
      width: 'medium',
      displayName: 'Dead Letter Queue Topic Name',
    }),
    'errors.deadletterqueue.topic.replication.factor': short({
      default: 3,
      doc: 'Replication factor of that topic, where it has to be made.',
      group: 'Error Handling',
      order: 7,
      width: 'medium',
      displayName: 'Dead Letter Queue Topic Replication Factor',
    }),
    'errors.deadletterqueue.context.headers.enable': boolean({
      default: false,
      doc: 'Whether dead letters get headers that say where they came from and what went wrong: `__connect.errors.…`.',
      group: 'Error Handling',
      order: 8,
      width: 'medium',
      displayName: 'Enable Error Context Headers',
    }),
  },
  { check: (value) => deadLetterProblems(value['errors.deadletterqueue.topic.name'], value.topics, value['topics.regex']) },
);

/** A connector that read its own dead letters would never come to an end. */
function deadLetterProblems(deadLetters: string, topics: readonly string[], regex: string): readonly ConfigProblem[] {
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
