import { atLeast, distinctValues, invalidValue, notEmpty } from '../sdk/config-checks.ts';
import { config } from '../sdk/config-definition.ts';
import { boolean, className, int, list, long, string } from '../sdk/config-kinds.ts';

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
export const sinkConnectorConfig = config({
  'errors.deadletterqueue.topic.name': string({
    default: '',
    doc: 'Topic for failed records. Not available: must be empty.',
    checks: [
      (topic, name) =>
        topic
          ? invalidValue(
              topic,
              name,
              'failed records cannot go to a topic; with errors.tolerance=all they are skipped, with errors.log.enable logged',
            )
          : undefined,
    ],
  }),
});
