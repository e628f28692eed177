import { tap } from 'rxjs/operators';
import { expect, test } from 'vitest';
import type { Batch } from '../../src/record/batch.ts';
import { delivered } from '../../src/record/outcome.ts';
import { filterRecord } from '../../src/sdk/filter-record.ts';
import { flatMapRecord } from '../../src/sdk/flat-map-record.ts';
import { mapRecord } from '../../src/sdk/map-record.ts';
import type { BatchOperator } from '../../src/sdk/operator.ts';
import { when } from '../../src/sdk/when.ts';
import { marbles, recordsOf } from '../../src/testing/marbles.ts';

const isVowel = (record: string) => 'aeiou'.includes(record);
const upper = mapRecord((record: string) => record.toUpperCase());
const batch = { m: ['a', 'b', 'e', 'c'] };

test.each<{ title: string; operator: BatchOperator<string>; expected: readonly string[] }>([
  { title: 'a map', operator: when(isVowel, upper), expected: ['A', 'b', 'E', 'c'] },
  { title: 'a map, negated', operator: when(isVowel, upper, { negate: true }), expected: ['a', 'B', 'e', 'C'] },
  {
    title: 'a filter',
    operator: when(
      isVowel,
      filterRecord((record: string) => record !== 'a'),
    ),
    expected: ['b', 'e', 'c'],
  },
  {
    title: 'a flatMap',
    operator: when(
      isVowel,
      flatMapRecord((record: string) => [record, record]),
    ),
    expected: ['a', 'a', 'b', 'e', 'e', 'c'],
  },
  {
    title: 'another when',
    operator: when(
      isVowel,
      when((record: string) => record === 'e', upper),
    ),
    expected: ['a', 'b', 'E', 'c'],
  },
])('applies $title to some records and keeps the order of all (I5)', ({ operator, expected }) =>
  marbles(({ acks, batches, expectObservable }) => {
    expectObservable(recordsOf(batches(acks(), 'm|', batch).pipe(operator))).toBe('m|', { m: expected });
  })(),
);

test(
  'any other operator is a branch: the records that pass it by are not held up',
  marbles(({ acks, batches, expectObservable, flush }) => {
    const run = acks();
    const deliver = tap<Batch<string>>(({ ack }) => ack.settle(delivered));
    const branch: BatchOperator<string> = (source) => source.pipe(tap(({ ack }) => ack.release()));
    const source = batches(run, 'm---|', batch);
    expectObservable(recordsOf(source.pipe(when(isVowel, branch), deliver))).toBe('(tp)|', {
      t: ['a', 'e'],
      p: ['b', 'c'],
    });
    flush();
    expect(run.unsettled.size).toBe(0);
  }),
);

test(
  'a throw of the predicate concerns its record',
  marbles(({ acks, batches, expectObservable, flush }) => {
    const run = acks();
    const picky = when((record: string) => {
      if (record === 'b') throw new Error('cannot tell');
      return true;
    }, upper);
    expectObservable(recordsOf(batches(run, 'm|', batch).pipe(picky))).toBe('m|', { m: ['A', 'E', 'C'] });
    flush();
    expect(run.log).toEqual(['0 b:failed']);
  }),
);
