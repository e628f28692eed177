import { describe, expect, test } from 'vitest';
import {
  addHeader,
  arraySchema,
  checkField,
  checkValue,
  connectRecord,
  Decimal,
  dataException,
  dateSchema,
  decimalSchema,
  fieldNamed,
  headersNamed,
  int8Schema,
  int32Schema,
  int64Schema,
  JavaNumber,
  lastHeader,
  mapSchema,
  noHeaders,
  optionalInt32Schema,
  primitiveSchema,
  removeHeaders,
  schemaEquals,
  stringSchema,
  structSchema,
  type Value,
  valueEquals,
  withAttributes,
} from '../../src/sdk/index.ts';

const order = structSchema(
  { id: int64Schema, count: withAttributes(int32Schema, { default: 1 }), tags: arraySchema(stringSchema) },
  { name: 'Order', version: 2 },
);

describe('schemas', () => {
  test('a struct has its fields in order and by name', () => {
    expect(order.fields?.map(({ name, index }) => [name, index])).toEqual([
      ['id', 0],
      ['count', 1],
      ['tags', 2],
    ]);
    expect(fieldNamed(order, 'tags')?.schema.valueSchema).toBe(stringSchema);
    expect(fieldNamed(order, '__proto__')).toBeUndefined();
  });

  test('a field name may occur once', () => {
    expect(() =>
      structSchema([
        ['a', int8Schema],
        ['a', int8Schema],
      ]),
    ).toThrow('Cannot create field because of field name duplication a');
  });

  test('a default must fit', () => {
    expect(() => primitiveSchema('int8', { default: 300 })).toThrow('Invalid default value');
    expect(primitiveSchema('int8', { default: -128 }).default).toBe(-128);
  });

  test('schemas are equal when all they say is', () => {
    const twin = structSchema(
      { id: int64Schema, count: withAttributes(int32Schema, { default: 1 }), tags: arraySchema(stringSchema) },
      { name: 'Order', version: 2 },
    );
    expect(schemaEquals(order, twin)).toBe(true);
    for (const other of [{ version: 3 }, { name: null }, { optional: true }, { doc: 'x' }, { parameters: { a: 'b' } }]) {
      expect(schemaEquals(order, withAttributes(twin, other))).toBe(false);
    }
    expect(schemaEquals(primitiveSchema('int32', { default: 1 }), primitiveSchema('int32', { default: 2 }))).toBe(false);
    expect(schemaEquals(mapSchema(stringSchema, int8Schema), mapSchema(stringSchema, null))).toBe(false);
  });
});

describe('a value that does not fit its schema', () => {
  test.each<[string, Parameters<typeof checkValue>[0], Value, string]>([
    ['null', stringSchema, null, 'Invalid value: null used for required value, schema type: STRING'],
    ['another class', stringSchema, 5, 'Invalid Java object for schema with type STRING: class java.lang.Long for value'],
    ['a number beyond its type', int8Schema, 128, 'Invalid Java object for schema with type INT8: class java.lang.Long for value'],
    [
      'a number in place of a date',
      dateSchema(),
      5,
      'Invalid Java object for schema "org.apache.kafka.connect.data.Date" with type INT32: class java.lang.Integer for value',
    ],
    [
      'an element',
      arraySchema(stringSchema),
      ['a', null],
      'Invalid value: null used for required element of array value, schema type: STRING',
    ],
    [
      'a field',
      order,
      { id: 1, tags: [true] },
      'Invalid Java object for schema with type STRING: class java.lang.Boolean for element of array field: "tags"',
    ],
    ['a missing field', order, { tags: [] }, 'Invalid value: null used for required field: "id", schema type: INT64'],
    [
      'a map value',
      mapSchema(stringSchema, int8Schema),
      new Map([['a', 'b']]),
      'Invalid Java object for schema with type INT8: class java.lang.String for value of map value',
    ],
  ])('is refused with the message of Connect: %s', (_what, schema, value, message) => {
    expect(() => checkValue(schema, value)).toThrow(dataException(message));
  });

  test('is named by its field', () => {
    expect(() => checkField('b', stringSchema, new JavaNumber('Integer', 1))).toThrow(
      'Invalid Java object for schema with type STRING: class java.lang.Integer for field: "b"',
    );
  });
});

test('values that fit are taken: unset fields with a default, maps of any kind, logical classes', () => {
  checkValue(order, { id: 2n ** 62n, tags: [] });
  checkValue(optionalInt32Schema, null);
  checkValue(mapSchema(stringSchema, int8Schema), { a: 1 });
  checkValue(mapSchema(int8Schema, int8Schema), new Map([[1, 2]]));
  checkValue(decimalSchema(2), new Decimal(1230n, 2));
  checkValue(dateSchema(), new Date(0));
});

test('values are equal by kind and content', () => {
  const same: [Value, Value][] = [
    [Uint8Array.of(1), Buffer.from([1])],
    [new Date(5), new Date(5)],
    [new Map<Value, Value>([[[1], 'a']]), new Map<Value, Value>([[[1], 'a']])],
    [{ a: [1, { b: null }] }, { a: [1, { b: null }] }],
    [Number.NaN, Number.NaN],
  ];
  for (const [a, b] of same) expect(valueEquals(a, b)).toBe(true);
  const different: [Value, Value][] = [
    [new Decimal(1n, 0), new Decimal(10n, 1)],
    [new JavaNumber('Byte', 1), new JavaNumber('Short', 1)],
    [{ a: null }, {}],
    [{}, []],
    [{}, new Map()],
    [0, -0],
  ];
  for (const [a, b] of different) expect(valueEquals(a, b)).toBe(false);
});

test('headers keep order and duplicates', () => {
  const headers = addHeader(addHeader(addHeader(noHeaders, 'a', null, 1), 'b', null, 2), 'a', int8Schema, 3);
  expect(headers.map(({ key, value }) => [key, value])).toEqual([
    ['a', 1],
    ['b', 2],
    ['a', 3],
  ]);
  expect(lastHeader(headers, 'a')?.value).toBe(3);
  expect(headersNamed(headers, 'a').length).toBe(2);
  expect(removeHeaders(headers, 'a').map(({ key }) => key)).toEqual(['b']);
  expect(() => addHeader(headers, 'c', int8Schema, null)).toThrow('A null value requires an optional schema but was Schema{INT8}');
});

test('a record has all its members, in one order', () => {
  expect(Object.keys(connectRecord({ value: 1, topic: 't', offset: 5 }))).toEqual([
    'topic',
    'partition',
    'keySchema',
    'key',
    'valueSchema',
    'value',
    'timestamp',
    'headers',
    'offset',
    'origin',
  ]);
});
