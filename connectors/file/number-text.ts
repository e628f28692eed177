import type { Decimal } from 'sluice/sdk';

/** As Java's `Double.toString`: at least one digit behind the point, an exponent below 10^-3 and from 10^7. */
export const doubleText = (value: number): string => floating(value, value.toExponential());

/** As Java's `Float.toString`: the fewest digits that tell the value from other 32-bit floats. */
export function floatText(value: number): string {
  let digits = 0;
  while (digits < 8 && Math.fround(Number(value.toExponential(digits))) !== Math.fround(value)) digits++;
  return floating(value, Number.isFinite(value) ? value.toExponential(digits) : '');
}

function floating(value: number, exponential: string): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa = '', exponent = ''] = exponential.split('e');
  const power = Number(exponent);
  const plain = power >= -3 && power < 7;
  const text = plain ? Number(exponential).toString() : mantissa;
  return `${text}${text.includes('.') ? '' : '.0'}${plain ? '' : `E${power}`}`;
}

/** As Java's `BigDecimal.toString`: an exponent where the scale is negative or the number is below 10^-6. */
export function decimalText({ unscaled, scale }: Decimal): string {
  const sign = unscaled < 0n ? '-' : '';
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString();
  const power = digits.length - 1 - scale;
  if (scale === 0) return sign + digits;
  if (scale > 0 && power >= -6) {
    const padded = digits.padStart(scale + 1, '0');
    return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
  }
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  return `${sign}${digits[0]}${fraction}${power === 0 ? '' : `E${power > 0 ? '+' : ''}${power}`}`;
}
