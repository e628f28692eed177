import { of } from 'rxjs';
import { delay, tap } from 'rxjs/operators';
import { expect, test } from 'vitest';
import type { Batch } from '../../src/record/batch.ts';
import { delivered } from '../../src/record/outcome.ts';
import { mapRecord } from '../../src/sdk/map-record.ts';
import type { BatchOperator } from '../../src/sdk/operator.ts';
import { route } from '../../src/sdk/route.ts';
import { marbles, recordsOf } from '../../src/testing/marbles.ts';

const deliver = tap<Batch<string>>(({ ack }) => ack.settle(delivered));
const same: BatchOperator<string> = (batches) => batches;
const tagged = (tag: string) => mapRecord((record: string) => record + tag);
const kindOf = (record: string) => {
  if (record === 'x') throw new Error('not x');
  if (record === '-') return null;
  return /\d/.test(record) ? 'digits' : 'letters';
};

test(
  'sends each record through the branch it selects, and keeps order along it (I5)',
  marbles(({ acks, batches, expectObservable, flush }) => {
    const run = acks();
    const routed = route(kindOf, { digits: tagged('!'), letters: tagged('?') });
    const source = batches(run, 'm-----|', { m: ['a', '1', 'b', '2'] });
    expectObservable(recordsOf(source.pipe(routed, deliver))).toBe('(dl)--|', { d: ['1!', '2!'], l: ['a?', 'b?'] });
    flush();
    expect(run.unsettled.size).toBe(0);
    expect(run.failures).toEqual([]);
  }),
);

test(
  'a batch of one branch passes whole, with its ack',
  marbles(({ acks }) => {
    const batch = acks().batch(['a', 'b']);
    of(batch)
      .pipe(route(kindOf, { digits: same, letters: same }))
      .subscribe((out) => expect(out).toBe(batch));
    expect.assertions(1);
  }),
);

test(
  'null drops a record; a throw and an unknown name concern their record',
  marbles(({ acks, batches, expectObservable, flush }) => {
    const run = acks();
    const routed = route((record: string) => (record === '?' ? ('other' as 'letters') : kindOf(record)), { digits: same, letters: same });
    const source = batches(run, 'mn----|', { m: ['-', 'a', 'x'], n: ['?', '-'] });
    expectObservable(recordsOf(source.pipe(routed, deliver))).toBe('a-----|');
    flush();
    expect([...run.outcomes].map(([record, { kind }]) => `${record} ${kind}`).sort()).toEqual([
      '- filtered',
      '? failed',
      'a delivered',
      'x failed',
    ]);
    expect(run.outcomes.get('?')).toMatchObject({ failure: { error: { message: expect.stringMatching(/"other".*digits, letters/) } } });
  }),
);

test(
  'completes when every branch has, and errors with any',
  marbles(({ acks, batches, cold, expectObservable, scheduler }) => {
    const slow: BatchOperator<string> = (source) => source.pipe(delay(3, scheduler));
    const routed = route(kindOf, { digits: slow, letters: same });
    expectObservable(recordsOf(batches(acks(), '1a|').pipe(routed))).toBe('-a-(1|)');
    const broken = route(kindOf, { digits: () => cold<Batch<string>>('--#'), letters: same });
    expectObservable(recordsOf(batches(acks(), '-----').pipe(broken))).toBe('--#');
    expectObservable(cold<Batch<string>>('-#').pipe(routed)).toBe('-#');
  }),
);

test(
  'unsubscription reaches the source and the branches',
  marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold<Batch<string>>('----');
    const inner = cold<Batch<string>>('----');
    expectObservable(source.pipe(route(kindOf, { digits: () => inner, letters: same })), '^-!').toBe('--');
    expectSubscriptions(source.subscriptions).toBe('^-!');
    expectSubscriptions(inner.subscriptions).toBe('^-!');
  }),
);
