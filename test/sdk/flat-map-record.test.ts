import { of } from 'rxjs';
import { expect, test } from 'vitest';
import type { Batch } from '../../src/record/batch.ts';
import { delivered } from '../../src/record/outcome.ts';
import { flatMapRecord } from '../../src/sdk/flat-map-record.ts';
import { marbles, recordsOf } from '../../src/testing/marbles.ts';

const letters = flatMapRecord(function* (record: string) {
  for (const letter of record) {
    if (letter === 'x') throw new Error('not x');
    yield letter;
  }
});

test(
  'replaces each record by its children, in order; none drops it',
  marbles(({ acks, batches, expectObservable, flush }) => {
    const run = acks();
    const source = batches(run, 'm-e-|', { m: ['ab', '', 'c'], e: [''] });
    expectObservable(recordsOf(source.pipe(letters))).toBe('m---|', { m: ['a', 'b', 'c'] });
    flush();
    expect(run.log).toEqual(['0 :filtered', '2 :filtered']);
  }),
);

test(
  'a record settles when all its children have, the worst outcome wins (I3)',
  marbles(({ acks }) => {
    const run = acks();
    let out: Batch<string> | undefined;
    of(run.batch(['ab', 'c']))
      .pipe(letters)
      .subscribe((batch) => {
        out = batch;
      });
    out?.ack.settleAt(0, { kind: 'returned' });
    expect(run.log).toEqual([]);
    out?.ack.settle(delivered);
    expect(run.log).toEqual(['0 ab:returned', '0 c:delivered']);
  }),
);

test(
  'a throw discards the children that the record had made so far',
  marbles(({ acks, batches, expectObservable, flush }) => {
    const run = acks();
    expectObservable(recordsOf(batches(run, 'm|', { m: ['ab', 'cdx', 'e'] }).pipe(letters))).toBe('m|', { m: ['a', 'b', 'e'] });
    flush();
    expect(run.log).toEqual(['0 cdx:failed']);
  }),
);

test(
  'a retry makes its children anew',
  marbles(({ acks, batches, expectObservable }) => {
    let fails = 1;
    const flaky = flatMapRecord(function* (record: string) {
      yield `${record}1`;
      if (record === 'b' && fails-- > 0) throw new Error('busy');
      yield `${record}2`;
    });
    const source = batches(acks({ retry: () => 3 }), 'm|', { m: ['a', 'b'] });
    expectObservable(recordsOf(source.pipe(flaky))).toBe('---(m|)', { m: ['a1', 'a2', 'b1', 'b2'] });
  }),
);
