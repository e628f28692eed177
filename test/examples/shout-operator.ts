import { config, defineOperator, mapRecord, string } from 'sluice/sdk';

export const shout = defineOperator({
  name: 'shout',
  summary: 'Turns values to upper case.',
  config: config({ locale: string({ default: 'en', doc: 'Language whose rules count.' }) }),
  create: ({ locale }) => mapRecord((record) => ({ ...record, value: String(record.value).toLocaleUpperCase(locale) })),
});
