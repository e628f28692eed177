import { describe, expect, test } from 'vitest';
import {
  arraySchema,
  float64Schema,
  int8Schema,
  int32Schema,
  int64Schema,
  mapSchema,
  optionalInt32Schema,
  optionalStringSchema,
  primitiveSchema,
  projectValue,
  stringSchema,
  structSchema,
  timestampSchema,
} from '../../src/sdk/index.ts';

describe('a value of one version of a schema as one of another', () => {
  test('numbers become wider, in containers too', () => {
    expect(projectValue(int8Schema, -5, float64Schema)).toBe(-5);
    expect(projectValue(int64Schema, 9_007_199_254_740_993n, float64Schema)).toBe(9_007_199_254_740_992);
    expect(projectValue(arraySchema(int8Schema), [1, 2], arraySchema(int64Schema))).toEqual([1, 2]);
    const map = projectValue(mapSchema(stringSchema, int8Schema), new Map([['a', 1]]), mapSchema(stringSchema, int32Schema));
    expect(map).toEqual(new Map([['a', 1]]));
  });

  test('fields are left out, filled by defaults, or null where they are optional', () => {
    const before = structSchema({ id: int32Schema, old: stringSchema });
    const after = structSchema({ id: int64Schema, added: primitiveSchema('int32', { default: 7 }), note: optionalStringSchema });
    expect(projectValue(before, { id: 1, old: 'x' }, after)).toEqual({ id: 1, added: 7, note: null });
  });

  test('null takes the default of a target that is required', () => {
    expect(projectValue(optionalInt32Schema, null, primitiveSchema('int32', { default: 3 }))).toBe(3);
    expect(projectValue(optionalInt32Schema, 5, primitiveSchema('int32', { default: 3 }))).toBe(5);
    expect(projectValue(int32Schema, 5, optionalInt32Schema)).toBe(5);
  });

  test('names that objects inherit are fields like any other', () => {
    const schema = structSchema([
      ['__proto__', int8Schema],
      ['constructor', int8Schema],
    ]);
    const projected = projectValue(schema, JSON.parse('{"__proto__":1,"constructor":2}'), schema);
    expect(Object.entries(projected ?? {})).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ]);
  });
});

const structOf = (field: typeof int8Schema, name: string | null = null) => structSchema({ a: field }, { name });

test.each([
  ['a narrower number', () => projectValue(int32Schema, 1, int8Schema), 'Schema type mismatch. source type: INT32 and target type: INT8'],
  ['another type', () => projectValue(stringSchema, 'x', int8Schema), 'Schema type mismatch. source type: STRING and target type: INT8'],
  [
    'another name',
    () => projectValue(int64Schema, 1, timestampSchema()),
    'Schema name mismatch. source name: null and target name: org.apache.kafka.connect.data.Timestamp',
  ],
  [
    'other parameters',
    () => projectValue(primitiveSchema('int8', { parameters: { a: '1' } }), 1, int8Schema),
    'Schema parameters not equal. source parameters: {a=1} and target parameters: null',
  ],
  [
    'a required target without default',
    () => projectValue(optionalInt32Schema, 1, int32Schema),
    'Writer schema is optional, however, target schema does not provide a default value.',
  ],
  [
    'a required field that is missing',
    () => projectValue(structSchema({}, { name: 'S' }), {}, structOf(int8Schema, 'S')),
    'Required field `a` is missing from source schema: Schema{S:STRUCT}',
  ],
  ['a field that does not fit', () => projectValue(structOf(int32Schema), { a: 1 }, structOf(int8Schema)), 'Error projecting a'],
])('%s is refused in the words of Connect', (_what, project, message) => {
  expect(project).toThrow(expect.objectContaining({ name: 'SchemaProjectorException', message }));
});
