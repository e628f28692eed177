import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, offsetJson, parseOffsetJson } from '../../src/sdk/offset-json.ts';

test('whole numbers beyond 2^53 keep their value, others stay numbers', () => {
  expect(parseOffsetJson('{"a":9007199254740993,"b":1,"c":1.5,"d":1e20}')).toEqual({ a: 9007199254740993n, b: 1, c: 1.5, d: 1e20 });
});

test('members are written in their order, and sorted where texts are compared', () => {
  expect(offsetJson({ b: 1, a: { d: [1n], c: null } })).toBe('{"b":1,"a":{"d":[1],"c":null}}');
  expect(canonicalJson({ b: 1, a: { d: [1n], c: null } })).toBe('{"a":{"c":null,"d":[1]},"b":1}');
});

test('is JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(offsetJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
