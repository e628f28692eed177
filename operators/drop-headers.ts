import { config, defineOperator, distinctValues, list, mapRecord } from 'sluice/sdk';

/** Removes the headers of some names. Case counts. */
export const dropHeaders = defineOperator({
  name: 'drop-headers',
  aliases: ['org.apache.kafka.connect.transforms.DropHeaders'],
  summary: 'Removes the headers of some names.',
  config: config({
    headers: list({
      importance: 'high',
      doc: 'Names of the headers to remove.',
      checks: [distinctValues({ allowEmpty: false, allowNull: false })],
    }),
  }),
  touches: ['headers'],
  create: ({ headers: names }) => {
    const dropped = new Set(names);
    return mapRecord((record) => {
      if (!record.headers.some(({ key }) => dropped.has(key))) return record;
      return { ...record, headers: record.headers.filter(({ key }) => !dropped.has(key)) };
    });
  },
});
