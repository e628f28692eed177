import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { needsCare } from '../../src/converters/json/numbers.ts';
import { jsonConverter } from '../../src/converters/json.ts';
import {
  arraySchema,
  type Converter,
  createConverter,
  Decimal,
  dateSchema,
  decimalSchema,
  JavaNumber,
  mapSchema,
  type PrimitiveType,
  primitiveSchema,
  type RawConfig,
  type Schema,
  type SchemaAndValue,
  schemaEquals,
  structSchema,
  timeSchema,
  timestampSchema,
  type Value,
  valueEquals,
  withAttributes,
} from '../../src/sdk/index.ts';

const json = (settings: RawConfig = {}) => createConverter(jsonConverter, settings, 'value');
const plain = json({ 'schemas.enable': 'false' });
const envelopes = json();
const bytes = (text: string) => new TextEncoder().encode(text);
const read = (converter: Converter, text: string) => converter.toConnect('t', bytes(text)) as SchemaAndValue;
const written = (converter: Converter, value: Value, schema: Schema | null = null) => converter.fromConnect('t', schema, value);

describe('documents without schema', () => {
  test.each<[string, Value]>([
    ['1', 1],
    ['1.0', new JavaNumber('Double', 1)],
    ['-0.0', new JavaNumber('Double', 0)],
    ['-1e-400', new JavaNumber('Double', -0)],
    ['-0', 0],
    ['1e2', new JavaNumber('Double', 100)],
    ['1e300', 1e300],
    ['1E400', Infinity],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', 9007199254740993n],
    ['-9223372036854775808', -9223372036854775808n],
    ['9223372036854775808', -9223372036854775808n],
    ['1234567890.00000001', new JavaNumber('Double', 1234567890)],
    ['52.520006599999997', 52.520006599999995],
    ['[1,[2.5,{"a":null}]]', [1, [2.5, { a: null }]]],
    ['"\\u00e9\\n\\/"', 'é\n/'],
    ['', null],
    ['  ', null],
    ['1 2', 1],
    ['true,', true],
  ])('%s is read without loss', (text, value) => {
    expect(read(plain, text)).toEqual({ schema: null, value });
    expect(valueEquals(read(plain, text).value, value)).toBe(true);
  });

  test('__proto__ and constructor are members like any other, on the fast way and on the exact one', () => {
    for (const number of ['1', '1.0']) {
      const { value } = read(plain, `{"__proto__":{"a":1},"constructor":2,"n":${number}}`);
      expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor', 'n']);
      expect(written(plain, value)).toBe(`{"__proto__":{"a":1},"constructor":2,"n":${number}}`);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    }
  });

  test('text that is no JSON names its place in the cause', () => {
    expect(() => read(plain, '{"a": tru}')).toThrow('Converting byte[] to Kafka Connect data failed due to serialization error: ');
    try {
      read(plain, '{"a": tru}');
    } catch (error) {
      expect(String((error as Error).cause)).toBe('JsonSyntaxError: Expected a value at position 6');
    }
  });

  test('a document nested deeper than 1,000 levels is refused, not a crash', () => {
    const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    expect(written(plain, read(plain, deep(1000)).value)).toBe(deep(1000));
    for (const text of [deep(1001), `[1.0,${deep(1000)}]`, '[1.0,'.repeat(1001), '['.repeat(200_000), deep(100_000)]) {
      expect(() => read(plain, text)).toThrow('serialization error');
    }
    const nested = Array.from({ length: 100_000 }).reduce<Value>((inner) => [inner], []);
    expect(() => written(plain, nested)).toThrow('serialization error');
    expect(() => read(envelopes, '['.repeat(200_000))).toThrow('serialization error');
  });

  test('values are written as Jackson writes them', () => {
    expect(written(plain, [1e21, 1e7, 0.0001, new JavaNumber('Float', 1e10), Number.NaN, 2n ** 62n])).toBe(
      '[1.0E21,10000000,1.0E-4,1.0E10,"NaN",4611686018427387904]',
    );
    expect(written(plain, 'a"\\/\u0001\u001b\n\u2028é😀')).toBe('"a\\"\\\\/\\u0001\\u001B\\n\u2028é\\uD83D\\uDE00"');
    expect(written(plain, new Map<Value, Value>([[1, 'a']]))).toBe('[[1,"a"]]');
    expect(written(plain, '\ud800')).toBe('"\\uD800"');
    expect(written(plain, { a: '😀' })).toBe('{"a":"\\uD83D\\uDE00"}');
  });
});

test('what needs no care is left to JSON.parse, what does is not', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (document) => {
      const text = JSON.stringify(document);
      return needsCare(text) || valueEquals(read(plain, text).value, JSON.parse(text));
    }),
  );
  expect(['{"ip":"10.0.0.1","id":"3e4b-11-0a","n":12.5}', '[1,-2,0.5]', '"v1.0"'].map(needsCare)).toEqual([false, false, false]);
  expect(['[1.0]', '{"a":-0}', '[1e3]', '[2.5E-3 ]', '{"a":12345678901234567}', '1.0'].map(needsCare)).toEqual([
    true,
    true,
    true,
    true,
    true,
    true,
  ]);
});

describe('envelopes', () => {
  const schema = structSchema({
    id: primitiveSchema('int64'),
    at: timestampSchema({ optional: true }),
    price: decimalSchema(2, { optional: true }),
  });
  const text = written(envelopes, { id: 7, at: new Date(5), price: new Decimal(1230n, 2) }, schema) as string;

  test('the schema is recognised by its text: records share one schema object', () => {
    const first = read(envelopes, text);
    const second = read(envelopes, text.replace('"id":7', '"id":8'));
    expect(second.schema).toBe(first.schema);
    expect(second.value).toEqual({ id: 8, at: new Date(5), price: new Decimal(1230n, 2) });
  });

  test('numbers keep what their type shows, whether the schema is new or known', () => {
    const converter = json();
    const payloads: [string, Value][] = [
      ['{"id":9223372036854775807,"at":null,"price":12.30}', { id: 9223372036854775807n, at: null, price: new Decimal(1230n, 2) }],
      ['{"id":1.9,"at":0,"price":1e3}', { id: 1, at: new Date(0), price: new Decimal(1n, -3) }],
      ['{"price":12.30,"id":1e3,"at":-1}', { id: 1000, at: new Date(-1), price: new Decimal(1230n, 2) }],
    ];
    const head = text.slice(0, text.indexOf('"payload":') + '"payload":'.length);
    for (const [payload, value] of [...payloads, ...payloads]) expect(read(converter, `${head}${payload}}`).value).toEqual(value);
  });

  test('a known head does not hide what follows the payload', () => {
    expect(read(envelopes, text).value).toMatchObject({ id: 7 });
    expect(() => read(envelopes, `${text.slice(0, -1)},"more":1}`)).toThrow('may not contain additional fields');
    expect(read(envelopes, `${text} `).value).toMatchObject({ id: 7 });
  });

  test('more schemas than are kept at hand are still right', () => {
    const converter = json({ 'schemas.cache.size': '2' });
    const texts = Array.from(
      { length: 20 },
      (_, i) => written(converter, { [`f${i}`]: i }, structSchema({ [`f${i}`]: primitiveSchema('int32') })) as string,
    );
    for (let i = 0; i < 60; i++) expect(read(converter, texts[i % 20] ?? '').value).toEqual({ [`f${i % 20}`]: i % 20 });
  });
});

// Floats in JSON have no NaN, no infinities; -0.0 stays.
const numbers: Record<Exclude<PrimitiveType, 'boolean' | 'string' | 'bytes'>, fc.Arbitrary<Value>> = {
  int8: fc.integer({ min: -128, max: 127 }),
  int16: fc.integer({ min: -32768, max: 32767 }),
  int32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  int64: fc
    .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value)),
  // -0 is read as 0, in Java too.
  float32: fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  float64: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
};
const primitives: Record<PrimitiveType, fc.Arbitrary<Value>> = {
  ...numbers,
  boolean: fc.boolean(),
  string: fc.string({ unit: 'binary' }),
  bytes: fc.uint8Array(),
};
const leaves: fc.Arbitrary<SchemaAndValue> = fc.oneof(
  ...Object.entries(primitives).map(([type, values]) => values.map((value) => ({ schema: primitiveSchema(type as PrimitiveType), value }))),
  fc.integer({ min: -100_000, max: 100_000 }).map((days) => ({ schema: dateSchema(), value: new Date(days * 86_400_000) })),
  fc.integer({ min: 0, max: 86_400_000 }).map((ms) => ({ schema: timeSchema(), value: new Date(ms) })),
  fc.integer({ min: -1e13, max: 1e13 }).map((ms) => ({ schema: timestampSchema(), value: new Date(ms) })),
  fc
    .tuple(fc.bigInt(), fc.integer({ min: -5, max: 20 }))
    .map(([unscaled, scale]) => ({ schema: decimalSchema(scale), value: new Decimal(unscaled, scale) })),
);
const name = fc.oneof(fc.string({ unit: 'binary', maxLength: 5 }), fc.constantFrom('__proto__', 'constructor', 'a"b'));
const fieldName = name.filter((text) => text !== '');
const { tree } = fc.letrec<{ tree: SchemaAndValue }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaves,
    tie('tree').map(({ schema, value }) => ({ schema: arraySchema(schema), value: [value, value] })),
    fc
      .tuple(name, tie('tree'))
      .map(([key, { schema, value }]) => ({ schema: mapSchema(primitiveSchema('string'), schema), value: new Map([[key, value]]) })),
    fc
      .tuple(fc.integer(), tie('tree'))
      .map(([key, { schema, value }]) => ({ schema: mapSchema(primitiveSchema('int64'), schema), value: new Map([[key, value]]) })),
    fc.uniqueArray(fc.tuple(fieldName, tie('tree')), { maxLength: 4, selector: ([field]) => field }).map((fields) => ({
      schema: structSchema(fields.map(([field, { schema }]) => [field, schema as Schema] as const)),
      value: fields.reduce<{ [name: string]: Value }>((struct, [field, { value }]) => {
        return Object.defineProperty(struct, field, { value, writable: true, enumerable: true, configurable: true });
      }, {}),
    })),
    fc.tuple(tie('tree'), fc.boolean()).map(([{ schema, value }, empty]) => ({
      schema: withAttributes(schema as Schema, {
        optional: true,
        doc: 'x',
        parameters: { ...Object.fromEntries(schema?.parameters ?? []), p: '1' },
      }),
      value: empty ? null : value,
    })),
  ),
}));

test.each(['BASE64', 'NUMERIC'])('every value of every schema survives its envelope (decimal.format %s)', (format) => {
  const converter = json({ 'decimal.format': format });
  fc.assert(
    fc.property(tree, ({ schema, value }) => {
      const text = converter.fromConnect('t', schema, value) as string;
      for (let known = 0; known < 2; known++) {
        const back = converter.toConnect('t', bytes(text)) as SchemaAndValue;
        expect(schemaEquals(back.schema, schema)).toBe(true);
        if (!valueEquals(back.value, value)) expect(back.value).toEqual(value);
      }
    }),
    { numRuns: 300 },
  );
});

test('every document without schema survives', () => {
  fc.assert(
    fc.property(fc.jsonValue({ depthSize: 'medium', stringUnit: 'binary' }), (document) => {
      const value = JSON.parse(JSON.stringify(document).replaceAll('-0', '0')) as Value;
      const back = read(plain, written(plain, value) as string).value;
      return valueEquals(back, value);
    }),
    { numRuns: 300 },
  );
});
