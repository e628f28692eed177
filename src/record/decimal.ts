/** An exact decimal: `unscaled` × 10^-`scale`, as Java's BigDecimal. */
export class Decimal {
  readonly unscaled: bigint;
  readonly scale: number;

  constructor(unscaled: bigint, scale: number) {
    this.unscaled = unscaled;
    this.scale = scale;
  }
}
