import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import {
  booleanSchema,
  float64Schema,
  int64Schema,
  type Schema,
  schemaEquals,
  stringSchema,
  structSchema,
  type Value,
  valueEquals,
} from '../../src/sdk/index.ts';
import { type RecordTransformer, record, recordTransformer } from '../../src/testing/index.ts';

const prefix = 'org.apache.kafka.connect.transforms.';
const only = (type: string, settings: Readonly<Record<string, string>>): Promise<RecordTransformer> => {
  const own = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`transforms.t.${key}`, value]));
  return recordTransformer({ transforms: 't', 'transforms.t.type': prefix + type, ...own });
};
const outcomeOf = (transformer: RecordTransformer, value: Value, valueSchema: Schema | null = null): Value =>
  transformer.transform(record(value, { valueSchema }))[0]?.value ?? null;

const casts: Record<string, RecordTransformer> = {};
beforeAll(async () => {
  for (const type of ['int8', 'int16', 'int32', 'int64', 'float32', 'float64', 'boolean', 'string'])
    casts[type] = await only('Cast$Value', { spec: type });
});
const cast = (type: string, value: Value): Value => outcomeOf(casts[type] as RecordTransformer, value);

const long = fc
  .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));
const bits = { int8: 8, int16: 16, int32: 32, int64: 64 } as const;

test('a whole number cast to fewer bits keeps its low bits, however many casts lead there', () => {
  fc.assert(
    fc.property(long, fc.constantFrom('int8', 'int16', 'int32', 'int64'), (value, type) => {
      expect(BigInt(Number(cast(type, value)))).toBe(BigInt(Number(BigInt.asIntN(bits[type], BigInt(value)))));
      expect(valueEquals(cast('int8', cast('int32', value)), cast('int8', value))).toBe(true);
    }),
  );
});

test('a number cast to text and back is the same number', () => {
  fc.assert(fc.property(long, (value) => void expect(cast('int64', cast('string', value))).toBe(value)));
  const fraction = fc.double().filter((value) => !Number.isSafeInteger(value));
  fc.assert(fc.property(fraction, (value) => void expect(cast('float64', cast('string', value))).toBe(value)));
});

test('casting twice to one type is casting once', () => {
  const value = fc.oneof(long, fc.double(), fc.boolean());
  fc.assert(
    fc.property(value, fc.constantFrom('int8', 'int16', 'int32', 'int64', 'float32', 'float64', 'boolean', 'string'), (given, type) => {
      const once = cast(type, given);
      expect(valueEquals(cast(type, once), once)).toBe(true);
    }),
  );
});

test('fractions are cut off, and what is beyond the range becomes its end', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (value) => {
      const whole = Math.min(Math.max(Math.trunc(value), -2_147_483_648), 2_147_483_647) + 0;
      expect(Number(cast('int32', value))).toBe(Number.isSafeInteger(value) ? Number(BigInt.asIntN(32, BigInt(value))) : whole);
    }),
  );
});

/** Names without the delimiter, so that a path says where a leaf was. */
const name = fc.oneof(fc.stringMatching(/^[a-z_]{1,6}$/), fc.constantFrom('__proto__', 'constructor', 'toString'));
const leaf = fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.string(), fc.array(fc.integer()));

function rebuild(flat: Value): Value {
  const root: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(flat as object)) {
    const steps = path.split('.');
    const last = steps.pop() ?? '';
    let holder = root;
    for (const step of steps) {
      if (!Object.hasOwn(holder, step)) define(holder, step, {});
      holder = holder[step] as Record<string, unknown>;
    }
    define(holder, last, value);
  }
  return root as Value;
}
const define = (holder: object, key: string, value: unknown) =>
  Object.defineProperty(holder, key, { value, enumerable: true, writable: true, configurable: true });

/** Objects made by definition, so that `__proto__` is a member. Never empty: an empty map leaves nothing behind. */
const tree: fc.Memo<Value> = fc.memo((depth) => {
  const member = depth > 1 ? fc.oneof(leaf, tree(depth - 1)) : leaf;
  return fc.uniqueArray(fc.tuple(name, member), { minLength: 1, maxLength: 5, selector: ([key]) => key }).map((members) => {
    const made = {};
    for (const [key, value] of members) define(made, key, value);
    return made as Value;
  });
});

test('a map that was flattened can be rebuilt from its paths', async () => {
  const flatten = await only('Flatten$Value', {});
  fc.assert(
    fc.property(tree(4), (value) => {
      const flat = outcomeOf(flatten, value);
      expect(Object.keys(rebuild(flat) as object)).toEqual(Object.keys(value as object));
      expect(valueEquals(rebuild(flat), value)).toBe(true);
    }),
  );
});

const typed: fc.Memo<{ schema: Schema; value: Value }> = fc.memo((depth) => {
  const primitive = fc.oneof(
    fc.record({ schema: fc.constant(int64Schema), value: fc.integer() as fc.Arbitrary<Value> }),
    fc.record({ schema: fc.constant(stringSchema), value: fc.string() as fc.Arbitrary<Value> }),
    fc.record({ schema: fc.constant(booleanSchema), value: fc.boolean() as fc.Arbitrary<Value> }),
    fc.record({ schema: fc.constant(float64Schema), value: fc.double() as fc.Arbitrary<Value> }),
  );
  const member = depth > 1 ? fc.oneof(primitive, typed(depth - 1)) : primitive;
  return fc.uniqueArray(fc.tuple(name, member), { minLength: 1, maxLength: 4, selector: ([key]) => key }).map((members) => {
    const value = {};
    for (const [key, part] of members) define(value, key, part.value);
    return { schema: structSchema(members.map(([key, part]): readonly [string, Schema] => [key, part.schema])), value: value as Value };
  });
});

test('a struct that was flattened can be rebuilt, and flattening twice is flattening once', async () => {
  const flatten = await only('Flatten$Value', {});
  fc.assert(
    fc.property(typed(3), ({ schema, value }) => {
      const [once] = flatten.transform(record(value, { valueSchema: schema }));
      if (once === undefined) throw new Error('nothing came out');
      expect(valueEquals(rebuild(once.value), value)).toBe(true);
      const [twice] = flatten.transform(once);
      expect(schemaEquals(twice?.valueSchema ?? null, once.valueSchema)).toBe(true);
      expect(valueEquals(twice?.value ?? null, once.value)).toBe(true);
    }),
  );
});

test('hoisting a value into a field and extracting the field gives it back, schema and all', async () => {
  const both = await recordTransformer({
    transforms: 'h,e',
    'transforms.h.type': `${prefix}HoistField$Value`,
    'transforms.h.field': 'w',
    'transforms.e.type': `${prefix}ExtractField$Value`,
    'transforms.e.field': 'w',
  });
  fc.assert(
    fc.property(typed(3), ({ schema, value }) => {
      const [out] = both.transform(record(value, { valueSchema: schema }));
      expect(out?.valueSchema).toBe(schema);
      expect(out?.value).toBe(value);
    }),
  );
});
