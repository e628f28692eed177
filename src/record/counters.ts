/** Small non-negative counts, one per record. */
export type Counters = number[] | Uint32Array;

/** Zeros. A typed array costs more to make than to fill below some dozen elements. */
export const counters = (size: number): Counters => (size < 64 ? new Array<number>(size).fill(0) : new Uint32Array(size));
