import { delay, tap } from 'rxjs/operators';
import { expect, test } from 'vitest';
import type { Batch } from '../../src/record/batch.ts';
import { delivered } from '../../src/record/outcome.ts';
import { broadcast } from '../../src/sdk/broadcast.ts';
import { filterRecord } from '../../src/sdk/filter-record.ts';
import { mapRecord } from '../../src/sdk/map-record.ts';
import type { BatchOperator } from '../../src/sdk/operator.ts';
import { marbles, recordsOf } from '../../src/testing/marbles.ts';

const deliver = tap<Batch<string>>(({ ack }) => ack.settle(delivered));
const upper = mapRecord((record: string) => record.toUpperCase());

test(
  'a record settles when it has in every branch (I3)',
  marbles(({ acks, batches, expectObservable, flush, scheduler }) => {
    const run = acks();
    const slow: BatchOperator<string> = (source) => source.pipe(delay(3, scheduler));
    const source = batches(run, 'm----|', { m: ['a', 'b'] });
    expectObservable(recordsOf(source.pipe(broadcast(upper, slow), deliver))).toBe('u--m-|', { u: ['A', 'B'], m: ['a', 'b'] });
    flush();
    expect(run.log).toEqual(['3 a:delivered', '3 b:delivered']);
  }),
);

test(
  'a record dropped by one branch settles as the other says; dropped by all it is filtered',
  marbles(({ acks, batches, expectObservable, flush }) => {
    const run = acks();
    const no = (bad: string) => filterRecord((record: string) => !bad.includes(record));
    expectObservable(recordsOf(batches(run, 'm|', { m: ['a', 'b'] }).pipe(broadcast(no('ab'), no('b')), deliver))).toBe('a|');
    flush();
    expect(run.log).toEqual(['0 b:filtered', '0 a:delivered']);
  }),
);

test(
  'completes and errors with its source',
  marbles(({ cold, expectObservable }) => {
    expectObservable(cold<Batch<string>>('--|').pipe(broadcast(upper, upper))).toBe('--|');
    expectObservable(cold<Batch<string>>('--#').pipe(broadcast(upper, upper))).toBe('--#');
  }),
);
