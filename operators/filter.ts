import { config, defineOperator, filterRecord } from 'sluice/sdk';

/** Drops every record: under a predicate, those it holds for. */
export const filter = defineOperator({
  name: 'filter',
  aliases: ['org.apache.kafka.connect.transforms.Filter'],
  summary: 'Drops every record; give it a predicate to choose which.',
  config: config({}),
  touches: [],
  create: () => filterRecord(() => false),
});
