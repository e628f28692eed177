import { expect, test } from 'vitest';
import { int32Schema, type Schema, structSchema, type Value } from '../../src/sdk/index.ts';
import { record, recordTransformer, transformRecord } from '../../src/testing/index.ts';

const prefix = 'org.apache.kafka.connect.transforms.';
const through = async (type: string, settings: Readonly<Record<string, string>>, value: Value, valueSchema: Schema | null = null) => {
  const own = Object.fromEntries(Object.entries(settings).map(([key, setting]) => [`transforms.t.${key}`, setting]));
  const [out] = await transformRecord({ transforms: 't', 'transforms.t.type': prefix + type, ...own }, record(value, { valueSchema }));
  return out;
};

/** Members whose names every object inherits, too. */
const members = JSON.parse('{"__proto__":1,"constructor":2,"toString":3}') as Value;
const hostile = structSchema([
  ['__proto__', int32Schema],
  ['constructor', int32Schema],
  ['toString', int32Schema],
]);
const names = '__proto__,constructor,toString';
const entries = (value: Value | undefined) => Object.entries((value ?? {}) as object);

test.each([
  ['without schema', null],
  ['of a struct', hostile],
])('names that objects inherit are names like any other: %s', async (_title, schema) => {
  const masked = await through('MaskField$Value', { fields: names }, members, schema);
  expect(entries(masked?.value)).toEqual([
    ['__proto__', 0],
    ['constructor', 0],
    ['toString', 0],
  ]);
  const renamed = await through('ReplaceField$Value', { renames: 'toString:__proto__', exclude: '__proto__' }, members, schema);
  expect(entries(renamed?.value)).toEqual([
    ['constructor', 2],
    ['__proto__', 3],
  ]);
  const extracted = await through('ExtractField$Value', { field: 'constructor' }, members, schema);
  expect(extracted?.value).toBe(2);
  const keyed = await through('ValueToKey', { fields: '__proto__,toString' }, members, schema);
  expect(entries(keyed?.key)).toEqual([
    ['__proto__', 1],
    ['toString', 3],
  ]);
  const flat = await through('Flatten$Value', {}, members, schema);
  expect(entries(flat?.value)).toEqual(entries(members));
  const inserted = await through('InsertField$Value', { 'static.field': 'valueOf', 'static.value': 'x' }, members, schema);
  expect(entries(inserted?.value).at(-1)).toEqual(['valueOf', 'x']);
  expect(Object.getPrototypeOf(inserted?.value)).toBe(Object.prototype);
});

test('what objects inherit is no member of a map', async () => {
  expect((await through('ExtractField$Value', { field: 'toString' }, { a: 1 }))?.value).toBeNull();
  expect((await through('ExtractField$Value', { field: '__proto__' }, { a: 1 }))?.value).toBeNull();
  const keyed = await through('ValueToKey', { fields: 'constructor' }, { a: 1 });
  expect(entries(keyed?.key)).toEqual([['constructor', null]]);
});

test('a record does not change what is made of the next one, whatever its names', async () => {
  const values = [{ a: 1, b: 2 }, { a: 1, b: 2 }, { b: 2, a: 1 }, { a: 1 }, { a: 1, b: 2, c: 3 }, {}];
  const { transform } = await recordTransformer({
    transforms: 't',
    'transforms.t.type': `${prefix}ReplaceField$Value`,
    'transforms.t.exclude': 'b',
    'transforms.t.renames': 'a:x',
  });
  const outs = values.map((value) => transform(record(value))[0]);
  expect(outs.map((out) => out?.value)).toEqual([{ x: 1 }, { x: 1 }, { x: 1 }, { x: 1 }, { x: 1, c: 3 }, {}]);
});

test('the record that came in stays as it was', async () => {
  const value = { a: 1, b: 'x' };
  for (const [type, settings] of [
    ['MaskField$Value', { fields: 'a' }],
    ['Cast$Value', { spec: 'a:string' }],
    ['InsertField$Value', { 'topic.field': 't' }],
    ['HeaderFrom$Value', { fields: 'a', headers: 'h', operation: 'move' }],
  ] as const) {
    await through(type, settings, value);
    expect(value).toEqual({ a: 1, b: 'x' });
  }
});
