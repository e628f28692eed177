import fc from 'fast-check';
import { expect, test } from 'vitest';
import { doubleText, floatText } from '../../src/java/number-text.ts';

test.each([
  [1, '1.0'],
  [-0, '-0.0'],
  [1e7, '1.0E7'],
  [1e21, '1.0E21'],
  [9_999_999, '9999999.0'],
  [0.001, '0.001'],
  [0.0001, '1.0E-4'],
  [1234567.125, '1234567.125'],
  [12345678.5, '1.23456785E7'],
  [5e-324, '4.9E-324'],
  [1e-323, '9.9E-324'],
  [2e-323, '2.0E-323'],
  [Number.MAX_VALUE, '1.7976931348623157E308'],
  [Number.NaN, 'NaN'],
  [-Infinity, '-Infinity'],
])('the double %d prints as %s', (value, text) => {
  expect(doubleText(value)).toBe(text);
});

test.each([
  [1.5, '1.5'],
  [Math.fround(0.1), '0.1'],
  [Math.fround(3.4028235e38), '3.4028235E38'],
  [Math.fround(1.4e-45), '1.4E-45'],
  [Math.fround(1e-5), '1.0E-5'],
  [Math.fround(792.9407), '792.9407'],
  [16777216, '1.6777216E7'],
  [2 ** 100, '1.2676506E30'],
  [2 ** -120, '7.523164E-37'],
])('the float %d prints as %s', (value, text) => {
  expect(floatText(value)).toBe(text);
});

test('what is printed reads back as the same number', () => {
  fc.assert(fc.property(fc.double(), (value) => Object.is(Number(doubleText(value)), value)));
  fc.assert(fc.property(fc.float(), (value) => Object.is(Math.fround(Number(floatText(value))), value)));
});
