const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** An exact decimal: `unscaled` × 10^-`scale`, as Java's BigDecimal: `12.30` and `12.3` differ by their scale. */
export class Decimal {
  readonly unscaled: bigint;
  readonly scale: number;

  constructor(unscaled: bigint, scale: number) {
    this.unscaled = unscaled;
    this.scale = scale;
  }

  /** Reads `-12.30`, `.5`, `1E+3`; `undefined` when the text is no decimal or its scale is beyond 32 bits. */
  static parse(text: string): Decimal | undefined {
    const match = pattern.exec(text);
    if (match === null) return undefined;
    const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
    if (whole.length + fraction.length === 0) return undefined;
    const scale = fraction.length - Number(exponent);
    if (scale !== (scale | 0)) return undefined;
    const digits = BigInt(whole + fraction);
    return new Decimal(sign === '-' ? -digits : digits, scale);
  }

  /** BigDecimal's text: plain unless the exponent is positive or the number is very small. */
  toString(): string {
    const digits = (this.unscaled < 0n ? -this.unscaled : this.unscaled).toString();
    const sign = this.unscaled < 0n ? '-' : '';
    const exponent = digits.length - 1 - this.scale;
    if (this.scale === 0) return sign + digits;
    if (this.scale > 0 && exponent >= -6) return sign + withPoint(digits, this.scale);
    const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`;
    return `${sign}${mantissa}${exponent === 0 ? '' : `E${exponent > 0 ? '+' : ''}${exponent}`}`;
  }
}

const withPoint = (digits: string, scale: number): string => {
  const padded = digits.padStart(scale + 1, '0');
  return `${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
};
