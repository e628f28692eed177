import type { BatchOperator } from './operator.ts';

/** The function on records that was lifted: lets `when` apply it to some records only and keep the order of all. */
export type Step<A, B> =
  | { readonly kind: 'map'; readonly map: (record: A) => B }
  | { readonly kind: 'filter'; readonly keep: (record: A) => boolean }
  | { readonly kind: 'flatMap'; readonly expand: (record: A) => Iterable<B> };

/** An operator that is only a lifted function. */
export interface Stepped<A, B> {
  readonly step: Step<A, B>;
}

export const withStep = <A, B>(operator: BatchOperator<A, B>, step: Step<A, B>): BatchOperator<A, B> & Stepped<A, B> =>
  Object.assign(operator, { step });

export const stepOf = <A, B>(operator: BatchOperator<A, B>): Step<A, B> | undefined => (operator as Partial<Stepped<A, B>>).step;
