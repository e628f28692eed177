import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bytesToDecimal,
  Decimal,
  dateToDays,
  daysToDate,
  decimalSchema,
  decimalToBytes,
  millisToTime,
  timeToMillis,
} from '../../src/sdk/index.ts';

test.each([
  [1230n, [0x04, 0xce]],
  [0n, [0]],
  [-1n, [0xff]],
  [127n, [0x7f]],
  [128n, [0, 0x80]],
  [-128n, [0x80]],
  [-129n, [0xff, 0x7f]],
])('the unscaled value %s takes the fewest bytes', (unscaled, bytes) => {
  expect([...decimalToBytes(decimalSchema(2), new Decimal(unscaled, 2))]).toEqual(bytes);
});

test('decimals survive their bytes', () => {
  fc.assert(
    fc.property(
      fc.bigInt(),
      (unscaled) => bytesToDecimal(decimalSchema(3), decimalToBytes(decimalSchema(3), new Decimal(unscaled, 3))).unscaled === unscaled,
    ),
  );
});

test('a decimal of another scale is refused', () => {
  expect(() => decimalToBytes(decimalSchema(2), new Decimal(1n, 1))).toThrow('Schema has scale 2, value has scale 1.');
});

test.each([
  ['12.30', 1230n, 2, '12.30'],
  ['-0.5', -5n, 1, '-0.5'],
  ['1E+3', 1n, -3, '1E+3'],
  ['.5', 5n, 1, '0.5'],
  ['0.0000001', 1n, 7, '1E-7'],
  ['0.000001', 1n, 6, '0.000001'],
  ['1.5e-10', 15n, 11, '1.5E-10'],
  ['123e-2', 123n, 2, '1.23'],
  ['0E+2', 0n, -2, '0E+2'],
  ['0E2', 0n, -2, '0E+2'],
] as const)('the decimal %s keeps its digits', (text, unscaled, scale, printed) => {
  const decimal = Decimal.parse(text);
  expect([decimal?.unscaled, decimal?.scale, String(decimal)]).toEqual([unscaled, scale, printed]);
});

test.each(['', '.', 'e5', '1.2.3', '0x1', '1e99999999999'])('%j is no decimal', (text) => {
  expect(Decimal.parse(text)).toBeUndefined();
});

test('dates are days, times are milliseconds of a day', () => {
  expect(dateToDays(new Date('1969-12-31T00:00:00Z'))).toBe(-1);
  expect(daysToDate(19_000).toISOString()).toBe('2022-01-08T00:00:00.000Z');
  expect(() => dateToDays(new Date(1))).toThrow('should not have any time fields set to non-zero values');
  expect(timeToMillis(millisToTime(86_399_999))).toBe(86_399_999);
  expect(() => millisToTime(-1)).toThrow('Time values must use number of milliseconds greater than 0 and less than 86400000');
});
