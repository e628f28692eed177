import { Decimal, int64, JavaNumber } from 'sluice/sdk';
import { JsonReal } from './node.ts';
import type { NumberReading } from './parse.ts';

/**
 * Whether `JSON.parse` could lose something of a text: digits beyond 2^53, `1.0` against `1`, `-0`, an exponent.
 *
 * Errs to the safe side: it also looks into the strings of a document, and sends every bare number the exact way.
 */
export function needsCare(text: string): boolean {
  const first = text.charCodeAt(0);
  // A string has no numbers.
  if (first === 0x22) return false;
  const isContainer = first === 0x7b || first === 0x5b;
  return !isContainer || careful.test(text);
}

const careful = /\d[\d.]{15}|\d[eE][+-]?\d+[,}\]\s]|\d\.0+[,}\]\s]|-0[,}\]\s]/;

/** Integers exactly, reals as they were written. */
export const exactly: NumberReading<number | bigint | JsonReal> = {
  integer: (text) => (text.length < 16 ? Number(text) + 0 : int64(BigInt(text))),
  real: (text) => new JsonReal(text),
};

/** Numbers of documents without schema: int64 (what is beyond wraps) and float64. */
export const schemaless: NumberReading<number | bigint | JavaNumber> = {
  integer: (text) => (text.length < 16 ? Number(text) + 0 : int64(BigInt.asIntN(64, BigInt(text)))),
  real: (text) => {
    const value = doubleOfText(text);
    return Number.isSafeInteger(value) ? new JavaNumber('Double', value) : value;
  },
};

/** The low 64 bits of the whole part of a number, as Java's `longValue`. */
export function longOf(node: number | bigint | JsonReal): bigint {
  if (typeof node === 'bigint') return BigInt.asIntN(64, node);
  if (typeof node === 'number') return BigInt(Math.trunc(node));
  const decimal = Decimal.parse(node.text);
  if (decimal === undefined) return 0n;
  const { unscaled, scale } = decimal;
  // 10^64 is a multiple of 2^64; and a whole part has at most as many digits as the number.
  if (scale <= -64 || scale > node.text.length) return 0n;
  return BigInt.asIntN(64, scale <= 0 ? unscaled * 10n ** BigInt(-scale) : unscaled / 10n ** BigInt(scale));
}

/** The low 32 bits of the whole part, as Java's `intValue`. */
export const intOf = (node: number | bigint | JsonReal): number =>
  typeof node === 'number' ? Math.trunc(node) | 0 : Number(BigInt.asIntN(32, longOf(node)));

export const doubleOf = (node: number | bigint | JsonReal): number => (node instanceof JsonReal ? doubleOfText(node.text) : Number(node));

/** Java reads it as a decimal first, which knows no -0; a number too small for a double keeps its sign. */
const doubleOfText = (text: string): number => {
  const value = Number(text);
  return value === 0 && !/[1-9]/.test(text.replace(/[eE].*/, '')) ? 0 : value;
};
