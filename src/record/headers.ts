import type { Schema } from './schema.ts';
import type { Value } from './value.ts';

/** One header: keys may repeat, order counts. */
export interface Header {
  readonly key: string;
  readonly schema: Schema | null;
  readonly value: Value;
}

/** Headers of a record in their order. May be backed by undecoded bytes: read it, do not mutate it. */
export type Headers = readonly Header[];

/** The headers of a record that has none: shared, so that records without headers cost nothing. */
export const noHeaders: Headers = Object.freeze([]);
