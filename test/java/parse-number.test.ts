import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDouble, parseInteger } from '../../src/java/parse-number.ts';

test.each([
  ['5', 8, 5n],
  ['+5', 32, 5n],
  ['-128', 8, -128n],
  ['128', 8, undefined],
  ['9223372036854775807', 64, 9223372036854775807n],
  ['9223372036854775808', 64, undefined],
  ['٤٢', 32, 42n],
  ['𝟜𝟚', 32, 42n],
  [' 7', 32, undefined],
  ['1.0', 32, undefined],
  ['', 32, undefined],
  ['+', 32, undefined],
] as const)('the text %j as an integer of %d bits is %s', (text, bits, value) => {
  expect(parseInteger(text, bits)).toBe(value);
});

test.each([
  [' 1.5f ', 1.5],
  ['1d', 1],
  ['.5', 0.5],
  ['5.', 5],
  ['1e400', Infinity],
  ['NaN', Number.NaN],
  ['+Infinity', Infinity],
  ['0x1p3', 8],
  ['-0x1.8p1', -3],
  ['0x.1p0', 0.0625],
  ['0x1.00000000000008p0', 1],
  ['0x1.000000000000081p0', 1.0000000000000002],
  ['0x1p-1074', 5e-324],
  ['0x1p-1075', 0],
  ['0x1p-2000000000', 0],
  ['0x1p', undefined],
  ['0xp1', undefined],
  ['nan', undefined],
  ['1_000', undefined],
  ['', undefined],
] as const)('the text %j as a double is %d', (text, value) => {
  expect(parseDouble(text)).toBe(value);
});

test('what JavaScript prints of a number is read as that number', () => {
  fc.assert(fc.property(fc.double(), (value) => Object.is(parseDouble(String(value)), Object.is(value, -0) ? 0 : value)));
});
