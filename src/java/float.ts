import { parseDouble } from './parse-number.ts';

const halfway = 1n << 28n;
const lowMask = (1n << 29n) - 1n;
const bits = new DataView(new ArrayBuffer(8));

/** The 32-bit float that `Float.parseFloat` reads: rounded once from the text, not by way of a double. */
export function parseFloat32(text: string): number | undefined {
  const double = parseDouble(text);
  if (double === undefined) return undefined;
  const float = Math.fround(double);
  if (float === double || !isTie(double)) return float;
  const exact = compareText(text, double);
  return exact === 0 ? float : nextTowards(double, exact);
}

/** `(float) long`, rounded once. */
export function floatOf(value: bigint): number {
  const double = Number(value);
  if (!isTie(double)) return Math.fround(double);
  const rest = value - BigInt(double);
  return rest === 0n ? Math.fround(double) : nextTowards(double, rest > 0n ? 1 : -1);
}

/** Whether a double lies in the middle between two floats: then what was lost before decides. */
function isTie(double: number): boolean {
  bits.setFloat64(0, double);
  return (bits.getBigUint64(0) & lowMask) === halfway;
}

/** The float next to a tie, above or below. */
function nextTowards(double: number, direction: number): number {
  bits.setFloat64(0, double);
  const away = direction > 0 === double > 0;
  bits.setBigUint64(0, bits.getBigUint64(0) + (away ? 1n : -1n));
  return Math.fround(bits.getFloat64(0));
}

/** Sign of (number in the text − double): of plain decimals, by their digits. */
function compareText(text: string, double: number): number {
  const match = /([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?/.exec(text.trim());
  if (match === null) return 0;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
  const scale = fraction.length - Number(exponent);
  const [numerator, denominator] = ratioOf(double);
  const left = scale > 0 ? digits : digits * 10n ** BigInt(-scale);
  const right = scale > 0 ? 10n ** BigInt(scale) : 1n;
  const difference = left * denominator - numerator * right;
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}

/** A double as a fraction of integers. */
function ratioOf(double: number): readonly [bigint, bigint] {
  let value = double;
  let denominator = 1n;
  while (!Number.isInteger(value)) {
    value *= 2;
    denominator *= 2n;
  }
  return [BigInt(value), denominator];
}
