import { config, definePredicate, notEmpty, string } from 'sluice/sdk';

/** Holds for records that have a header of this name. Case counts. */
export const hasHeaderKey = definePredicate({
  name: 'has-header-key',
  aliases: ['org.apache.kafka.connect.transforms.predicates.HasHeaderKey'],
  summary: 'Holds for records that have a header of this name.',
  config: config({ name: string({ doc: 'Name of the header.', checks: [notEmpty] }) }),
  create:
    ({ name }) =>
    ({ headers }) => {
      for (let i = 0; i < headers.length; i++) if (headers[i]?.key === name) return true;
      return false;
    },
});
