import type { ConnectRecord } from '../record/record.ts';
import { type Body, lift } from './lift.ts';
import type { BatchOperator } from './operator.ts';
import { passOn } from './pass-on.ts';
import { type Stepped, withStep } from './stepped.ts';

/** Replaces each record by what `map` makes of it. A throw concerns its record: retry, then the run's failure policy. */
export const mapRecord = <A = ConnectRecord, B = A>(map: (record: A) => B): BatchOperator<A, B> & Stepped<A, B> =>
  withStep(lift(mapBody(map), passOn), { kind: 'map', map });

export const mapBody =
  <A, B>(map: (record: A) => B): Body<A, B> =>
  (records, progress) => {
    const { parents } = progress;
    const size = records.length;
    let i = progress.index;
    let count = progress.count;
    if (i === 0) progress.out = new Array<B>(size);
    const out = progress.out as B[];
    try {
      if (parents === undefined) {
        for (; i < size; i++) out[i] = map(records[i] as A);
        return;
      }
      for (; i < size; i++) {
        out[count] = map(records[i] as A);
        parents[count++] = i;
      }
    } finally {
      progress.index = i;
      progress.count = parents === undefined ? i : count;
    }
  };
