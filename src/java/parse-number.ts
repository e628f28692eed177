import { trim } from './trim.ts';

const integer = /^[+-]?\p{Nd}+$/u;
const decimalDigit = /\p{Nd}/gu;
const decimal = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[dDfF]?$/;
const named = /^([+-]?)(NaN|Infinity)$/;
const hexadecimal = /^([+-]?)0[xX]([\da-fA-F]*)\.?([\da-fA-F]*)[pP]([+-]?\d+)[dDfF]?$/;

/** The integer that `Long.parseLong` and its siblings read: sign and decimal digits of any script, no blanks; `undefined` when malformed or outside `bits`. */
export function parseInteger(text: string, bits: 8 | 16 | 32 | 64): bigint | undefined {
  if (!integer.test(text)) return undefined;
  const value = BigInt(asciiDigits(text).replace(/^\+/, ''));
  return BigInt.asIntN(bits, value) === value ? value : undefined;
}

/** The number that `Double.parseDouble` reads: blanks around it, `NaN`, `Infinity`, hexadecimal with exponent and a type suffix are legal. */
export function parseDouble(text: string): number | undefined {
  const trimmed = trim(text);
  const plain = decimal.exec(trimmed);
  if (plain !== null) return Number(plain[1]);
  const name = named.exec(trimmed);
  if (name !== null) return name[2] === 'NaN' ? Number.NaN : name[1] === '-' ? -Infinity : Infinity;
  return parseHexadecimal(trimmed);
}

function parseHexadecimal(text: string): number | undefined {
  const match = hexadecimal.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (whole.length + fraction.length === 0) return undefined;
  const size = roundToDouble(BigInt(`0x${whole}${fraction}`), Number(exponent) - 4 * fraction.length);
  return sign === '-' ? -size : size;
}

/** `digits` × 2^`exponent`, rounded once, half to even. */
function roundToDouble(digits: bigint, exponent: number): number {
  if (digits === 0n) return 0;
  const length = digits.toString(2).length;
  const lowest = Math.max(length + exponent - 53, -1074);
  const drop = lowest - exponent;
  if (drop <= 0) return Number(digits) * 2 ** exponent;
  if (drop > length + 1) return 0;
  const kept = digits >> BigInt(drop);
  const rest = digits - (kept << BigInt(drop));
  const half = 1n << BigInt(drop - 1);
  const rounded = rest > half || (rest === half && (kept & 1n) === 1n) ? kept + 1n : kept;
  return Number(rounded) * 2 ** lowest;
}

const zeros = new Map<number, number>();

function asciiDigits(text: string): string {
  return text.replace(decimalDigit, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    return code < 0x80 ? digit : String(code - zeroOf(code));
  });
}

/** The code point of the zero of a digit's script: decimal digits stand in runs of ten. */
function zeroOf(code: number): number {
  const known = zeros.get(code);
  if (known !== undefined) return known;
  let start = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(start - 1))) start--;
  const zero = start + 10 * Math.floor((code - start) / 10);
  zeros.set(code, zero);
  return zero;
}
