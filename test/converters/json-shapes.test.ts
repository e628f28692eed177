import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { schemaless } from '../../src/converters/json/numbers.ts';
import { shapeOf } from '../../src/converters/json/shape.ts';
import { jsonConverter } from '../../src/converters/json.ts';
import { createConverter, JavaNumber } from '../../src/sdk/index.ts';

const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 22 });
const number = fc
  .tuple(fc.constantFrom('', '-'), digits, fc.option(digits), fc.constantFrom('', '', '', 'e1', 'E-2', 'e+308', 'e999'))
  .map(([sign, before, after, exponent]) => `${sign}${before.replace(/^0+(?=\d)/, '')}${after === null ? '' : `.${after}`}${exponent}`);
const tokens = {
  string: fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
  number: fc.oneof(number, fc.constantFrom('1.0', '-0', '-0.0', '1e2', '9007199254740993', '0.99999999999999999999')),
  word: fc.constantFrom('true', 'false', 'null'),
} as const;
const member = fc.record({
  name: fc.oneof(fc.string(), fc.constantFrom('toString', 'constructor', '__proto__', '1', '$.*', 'é')),
  kind: fc.constantFrom(...(Object.keys(tokens) as (keyof typeof tokens)[])),
  type: fc.constantFrom('int8', 'int32', 'int64', 'float', 'double', 'boolean', 'string', 'timestamp'),
});

/** Documents with the same members, at the root and in an object of its own; any may be null in some. With the text of their schema. */
const family = fc.uniqueArray(member, { selector: ({ name }) => name, minLength: 1, maxLength: 8 }).chain((members) => {
  const values = fc.tuple(...members.map(({ kind }) => fc.oneof({ weight: 6, arbitrary: tokens[kind] }, fc.constant('null'))));
  const document = fc.tuple(values, fc.constantFrom('', ' ')).map(([texts, blank]) => {
    const inside = members.map(({ name }, i) => `${JSON.stringify(name)}:${blank}${texts[i]}`).join(`,${blank}`);
    return `{${inside},${blank}"inner object":${blank}{${inside}}}`;
  });
  const fields = members.map(({ name, type }) =>
    type === 'timestamp'
      ? { field: name, type: 'int64', name: 'org.apache.kafka.connect.data.Timestamp', version: 1, optional: true }
      : { field: name, type, optional: true },
  );
  const inner = { field: 'inner object', type: 'struct', optional: true, fields };
  return fc.record({
    texts: fc.array(document, { minLength: 2, maxLength: 6 }),
    schema: fc.constant(JSON.stringify({ type: 'struct', optional: false, fields: [...fields, inner] })),
  });
});

const made = (schemas: boolean) => createConverter(jsonConverter, { 'schemas.enable': schemas }, 'value');

function answers(texts: readonly string[], converterFor: (text: string) => ReturnType<typeof made>) {
  return texts.map((text) => {
    try {
      const read = converterFor(text).toConnect('t', Buffer.from(text));
      return 'value' in read ? read.value : read;
    } catch (error) {
      return String(error);
    }
  });
}

test.each([
  ['without schema', false],
  ['with schema', true],
])('documents of one shape are read as each alone, %s', (_name, schemas) => {
  fc.assert(
    fc.property(family, ({ texts, schema }) => {
      const whole = texts.map((text) => (schemas ? `{"schema":${schema},"payload":${text}}` : text));
      const one = made(schemas);
      // Not the test runner's equality: it takes members named constructor for classes.
      assert.deepStrictEqual(
        answers(whole, () => one),
        answers(whole, () => made(schemas)),
      );
    }),
    { numRuns: 1_000 },
  );
});

test('a shape reads what its document has, to the digit', () => {
  const shape = shapeOf({ id: 1, at: { x: 1.5, ok: true } }, '{"id":1,"at":{"x":1.5,"ok":true}}', schemaless);
  expect(shape?.read('{"id": 9007199254740993, "at": {"x": 1.0, "ok": null}}')).toEqual({
    id: 9007199254740993n,
    at: { x: new JavaNumber('Double', 1), ok: null },
  });
  expect(shape?.read('{"id":1,"at":{"x":"1","ok":true}}')).toBeUndefined();
});

test.each([
  ['lists', '{"a":[1]}'],
  ['names that repeat', '{"a":1,"a":2}'],
  ['names with escapes', '{"\\u0061":1}'],
  ['names that JavaScript sorts', '{"b":1,"1":2}'],
  ['nothing', '{}'],
  ['no object', '1'],
])('%s have no shape', (_what, text) => {
  expect(shapeOf(JSON.parse(text), text, schemaless)).toBeUndefined();
});

test('a stream of documents that have little in common is read, too', () => {
  const plain = made(false);
  for (let i = 0; i < 20_000; i++) {
    const text = `{"a${i % 1_000}":${i},"b":"\\n"}`;
    expect(plain.toConnect('t', Buffer.from(text))).toEqual({ schema: null, value: { [`a${i % 1_000}`]: i, b: '\n' } });
  }
});
