import { expect, test } from 'vitest';
import { canonicalKey } from '../../src/schedule/canonical-key.ts';

test('members are in the order of their names, at every depth', () => {
  expect(canonicalKey({ b: 1, a: { d: [2, { f: null, e: 'x' }], c: true } })).toBe('{"a":{"c":true,"d":[2,{"e":"x","f":null}]},"b":1}');
});

test('values that differ have different keys', () => {
  expect(canonicalKey({ a: 1 })).not.toBe(canonicalKey({ a: '1' }));
  expect(canonicalKey({})).not.toBe(canonicalKey({ a: null }));
});
