import { config, defineOperator, type Header, mapRecord, notNull, parseValue, string } from 'sluice/sdk';

/** Adds a header to every record, after those it has. */
export const insertHeader = defineOperator({
  name: 'insert-header',
  aliases: ['org.apache.kafka.connect.transforms.InsertHeader'],
  summary: 'Adds a header to every record.',
  config: config({
    header: string({ importance: 'high', doc: 'Name of the header.', checks: [notNull] }),
    'value.literal': string({
      importance: 'high',
      doc: 'Its value: a number, date, list, map, true, false or null by its form, else a text.',
      checks: [notNull],
    }),
  }),
  touches: ['headers'],
  create: ({ header: key, 'value.literal': literal }) => {
    const parsed = parseValue(literal);
    const header: Header = { key, schema: parsed?.schema ?? null, value: parsed?.value ?? null };
    const alone = [header];
    return mapRecord((record) => ({ ...record, headers: record.headers.length === 0 ? alone : [...record.headers, header] }));
  },
});
