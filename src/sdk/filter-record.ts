import type { ConnectRecord } from '../record/record.ts';
import { type Body, lift } from './lift.ts';
import type { BatchOperator } from './operator.ts';
import { passOn } from './pass-on.ts';
import { type Stepped, withStep } from './stepped.ts';

/** Keeps the records for which `keep` is true; the others settle as filtered. A throw concerns its record. */
export const filterRecord = <A = ConnectRecord>(keep: (record: A) => boolean): BatchOperator<A> & Stepped<A, A> =>
  withStep(lift(filterBody(keep), passOn), { kind: 'filter', keep });

const filterBody =
  <A>(keep: (record: A) => boolean): Body<A, A> =>
  (records, progress) => {
    const size = records.length;
    let i = progress.index;
    try {
      if (progress.parents === undefined) {
        while (i < size && keep(records[i] as A)) i++;
        progress.count = i;
        if (i === size) return;
        progress.diverge();
        i++;
      }
      const { out, parents } = progress.diverge();
      for (; i < size; i++) {
        const record = records[i] as A;
        if (!keep(record)) continue;
        out.push(record);
        parents.push(i);
      }
    } finally {
      progress.index = i;
      progress.count = progress.out?.length ?? i;
    }
  };
