import { config, definePredicate } from 'sluice/sdk';

/** Holds for records without value. */
export const recordIsTombstone = definePredicate({
  name: 'record-is-tombstone',
  aliases: ['org.apache.kafka.connect.transforms.predicates.RecordIsTombstone'],
  summary: 'Holds for records without value.',
  config: config({}),
  create: () => (record) => record.value === null,
});
