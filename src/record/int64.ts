/** A whole number as a value of type int64: a `number` while it is safe. */
export const int64 = (value: bigint): number | bigint =>
  value >= -9_007_199_254_740_991n && value <= 9_007_199_254_740_991n ? Number(value) : value;
