import type { ConnectRecord } from '../record/record.ts';
import { type Body, lift } from './lift.ts';
import type { BatchOperator } from './operator.ts';
import { passOn } from './pass-on.ts';
import { type Stepped, withStep } from './stepped.ts';

/**
 * Replaces each record by the records that `expand` makes of it, in order; none drops it. It settles when all its children have.
 *
 * A throw concerns its record, and discards the children it had made so far.
 */
export const flatMapRecord = <A = ConnectRecord, B = A>(expand: (record: A) => Iterable<B>): BatchOperator<A, B> & Stepped<A, B> =>
  withStep(lift(flatMapBody(expand), passOn), { kind: 'flatMap', expand });

const flatMapBody =
  <A, B>(expand: (record: A) => Iterable<B>): Body<A, B> =>
  (records, progress) => {
    if (progress.index === 0) {
      progress.out = [];
      progress.parents = [];
    }
    const { out, parents } = progress.diverge();
    for (let i = progress.index; i < records.length; i++) {
      progress.index = i;
      for (const child of expand(records[i] as A)) {
        out.push(child);
        parents.push(i);
      }
      progress.count = out.length;
    }
    progress.index = records.length;
  };
