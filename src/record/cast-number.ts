import { floatOf, parseFloat32 } from '../java/float.ts';
import { Decimal } from './decimal.ts';
import { int64 } from './int64.ts';
import { JavaNumber, type NumberKind } from './java-number.ts';

/** A number and its Java class; `BigDecimal` is a `Decimal`. */
export type CastNumber = { readonly value: number | bigint; readonly kind: NumberKind } | { readonly value: Decimal };

const bitsOf = { Byte: 8, Short: 16, Integer: 32, Long: 64 } as const;

/** The number as another class, as Java's `Number.intValue` and its siblings: truncated towards zero, then cut to its low bits. */
export function castNumber(number: CastNumber, kind: NumberKind): number | bigint {
  if (kind === 'Double') return number.value instanceof Decimal ? Number(number.value.toString()) : Number(number.value);
  if (kind === 'Float') return toFloat(number.value);
  return toInteger(number, bitsOf[kind]);
}

/** A number of a class in a place without schema: boxed only where the value alone does not tell the class. */
export function schemalessNumber(value: number | bigint, kind: NumberKind): number | bigint | JavaNumber {
  if (typeof value === 'bigint' || kind === (Number.isSafeInteger(value) ? 'Long' : 'Double')) return value;
  return new JavaNumber(kind, value);
}

function toFloat(value: number | bigint | Decimal): number {
  if (typeof value === 'number') return Math.fround(value);
  return value instanceof Decimal ? parseFloat32(value.toString())! : floatOf(value);
}

function toInteger(number: CastNumber, bits: 8 | 16 | 32 | 64): number | bigint {
  const { value } = number;
  if (value instanceof Decimal) return cut(lowBitsOf(value), bits);
  if (typeof value === 'bigint') return cut(value, bits);
  const floating = 'kind' in number && (number.kind === 'Float' || number.kind === 'Double');
  if (bits === 64) return floating ? saturatedLong(value) : value;
  // Floating-point numbers become a 32-bit integer first, the nearest one there is.
  const int = floating ? Math.min(Math.max(Math.trunc(value), -2_147_483_648), 2_147_483_647) | 0 : value | 0;
  return bits === 32 ? int : (int << (32 - bits)) >> (32 - bits);
}

const cut = (value: bigint, bits: 8 | 16 | 32 | 64): number | bigint => int64(BigInt.asIntN(bits, value));

function saturatedLong(value: number): number | bigint {
  if (Number.isNaN(value)) return 0;
  const whole = Math.trunc(value);
  if (Number.isSafeInteger(whole)) return whole + 0;
  if (whole >= 2 ** 63) return 2n ** 63n - 1n;
  return whole <= -(2 ** 63) ? -(2n ** 63n) : BigInt(whole);
}

/** The low 64 bits of the whole part: 10^64 is a multiple of 2^64. */
function lowBitsOf({ unscaled, scale }: Decimal): bigint {
  if (scale <= 0) return scale <= -64 ? 0n : BigInt.asIntN(64, unscaled * 10n ** BigInt(-scale));
  return scale > unscaled.toString().length ? 0n : BigInt.asIntN(64, unscaled / 10n ** BigInt(scale));
}
