import { of } from 'rxjs';
import { tap } from 'rxjs/operators';
import { expect, test } from 'vitest';
import type { Batch } from '../../src/record/batch.ts';
import { delivered } from '../../src/record/outcome.ts';
import { filterRecord } from '../../src/sdk/filter-record.ts';
import { marbles, recordsOf } from '../../src/testing/marbles.ts';

const deliver = tap<Batch<string>>(({ ack }) => ack.settle(delivered));
const noDigits = filterRecord((record: string) => {
  if (record === 'x') throw new Error('not x');
  return !/\d/.test(record);
});

test(
  'drops records as filtered, within a batch and whole batches',
  marbles(({ acks, batches, expectObservable, flush }) => {
    const run = acks();
    const source = batches(run, 'a-1-m-|', { m: ['2', 'b', '3', 'c'] });
    expectObservable(recordsOf(source.pipe(noDigits, deliver))).toBe('a---m-|', { a: 'a', m: ['b', 'c'] });
    flush();
    expect(run.log).toEqual(['0 a:delivered', '2 1:filtered', '4 2:filtered', '4 3:filtered', '4 b:delivered', '4 c:delivered']);
  }),
);

test(
  'passes the same batch on when it keeps everything',
  marbles(({ acks }) => {
    const batch = acks().batch(['a', 'b']);
    of(batch)
      .pipe(noDigits)
      .subscribe((out) => expect(out).toBe(batch));
    expect.assertions(1);
  }),
);

test(
  'a throw fails its record, wherever it stands among kept and dropped ones',
  marbles(({ acks, batches, expectObservable, flush }) => {
    const run = acks();
    const source = batches(run, 'mno|', { m: ['x', 'a', '1'], n: ['b', 'x', 'c'], o: ['2', 'x', 'd'] });
    expectObservable(recordsOf(source.pipe(noDigits, deliver))).toBe('mno|', { m: 'a', n: ['b', 'c'], o: 'd' });
    flush();
    expect(run.log.map((line) => line.slice(2))).toEqual(
      expect.arrayContaining(['a:delivered', '1:filtered', 'b:delivered', 'c:delivered', '2:filtered', 'd:delivered', 'x:failed']),
    );
    expect(run.log).toHaveLength(9);
    expect(run.failures).toEqual([]);
  }),
);

test(
  'a retry goes on where it was, after kept and after dropped records',
  marbles(({ acks, batches, expectObservable }) => {
    let fails = 0;
    const flaky = filterRecord((record: string) => {
      if (record === 'x' && fails++ % 2 === 0) throw new Error('busy');
      return record !== '1';
    });
    const source = batches(acks({ retry: () => 2 }), 'm----n----|', { m: ['a', 'x', 'b'], n: ['1', 'c', 'x', 'd'] });
    const expected = { m: ['a', 'x', 'b'], n: ['c', 'x', 'd'] };
    expectObservable(recordsOf(source.pipe(flaky))).toBe('--m----n--|', expected);
  }),
);

test(
  'completes, errors and is unsubscribed with its source',
  marbles(({ cold, expectObservable, expectSubscriptions }) => {
    expectObservable(cold<Batch<string>>('--|').pipe(noDigits)).toBe('--|');
    expectObservable(cold<Batch<string>>('--#').pipe(noDigits)).toBe('--#');
    const source = cold<Batch<string>>('-----');
    expectObservable(source.pipe(noDigits), '^--!').toBe('---');
    expectSubscriptions(source.subscriptions).toBe('^--!');
  }),
);
