import { config, connectRecord, defineConverter, defineOperator, definePredicate, mapRecord, string } from 'sluice/sdk';
import { convertFrom, convertTo, recordTransformer, transformRecord } from 'sluice/testing';
import { expect, test } from 'vitest';

const exclaim = defineOperator({
  name: 'exclaim',
  aliases: ['com.acme.Exclaim'],
  summary: 'Makes values loud.',
  config: config({ mark: string({ default: '!', doc: 'What to add.' }) }),
  create: ({ mark }) => mapRecord((record) => ({ ...record, value: `${record.value}${mark}` })),
});
const isCalm = definePredicate({
  name: 'is-calm',
  summary: 'Matches values without a mark.',
  config: config({}),
  create: () => (record) => !String(record.value).includes('!'),
});
const backwards = defineConverter({
  name: 'backwards',
  summary: 'Texts from their end.',
  config: config({}),
  create: () => ({
    fromConnect: (_topic, _schema, value) => reversed(String(value)),
    toConnect: (_topic, bytes) => ({ schema: null, value: reversed(new TextDecoder().decode(bytes ?? new Uint8Array())) }),
  }),
});
const reversed = (text: string): string => [...text].reverse().join('');

const plugins = [exclaim, isCalm, backwards];
const chain = {
  transforms: 'loud,again',
  'transforms.loud.type': 'com.acme.Exclaim',
  'transforms.again.type': 'exclaim',
  'transforms.again.mark': '?',
  'transforms.again.predicate': 'calm',
  predicates: 'calm',
  'predicates.calm.type': 'is-calm',
};
const record = connectRecord({ topic: 't', value: 'hey' });

test('transforms and predicates of your own are tried in a connector config, beside those of the package', async () => {
  expect(await transformRecord(chain, record, { plugins })).toMatchObject([{ value: 'hey!' }]);
  const route = { 'transforms.again.type': 'org.apache.kafka.connect.transforms.RegexRouter', 'transforms.again.negate': 'true' };
  const { 'transforms.again.mark': _, ...rest } = chain;
  const config = { ...rest, ...route, 'transforms.again.regex': 't', 'transforms.again.replacement': 'u' };
  const transformer = await recordTransformer(config, { plugins });
  expect(transformer.transform(record)).toMatchObject([{ topic: 'u', value: 'hey!' }]);
});

test('converters of your own write and read', async () => {
  const converters = { 'key.converter': 'backwards', 'value.converter': 'backwards' };
  const bytes = await convertFrom(converters, { topic: 't', role: 'value', schema: null, value: 'abc' }, { plugins });
  expect(new TextDecoder().decode(bytes ?? undefined)).toBe('cba');
  expect(await convertTo(converters, { topic: 't', role: 'value', bytes }, { plugins })).toEqual({ schema: null, value: 'abc' });
});

test('without them they are not found', async () => {
  await expect(transformRecord(chain, record)).rejects.toThrow('Class com.acme.Exclaim could not be found.');
});
