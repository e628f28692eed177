import { concat, NEVER, of, timer } from 'rxjs';
import { map, tap } from 'rxjs/operators';
import { expect, test } from 'vitest';
import type { Batch } from '../../src/record/batch.ts';
import { delivered, filtered } from '../../src/record/outcome.ts';
import { mapRecord } from '../../src/sdk/map-record.ts';
import { marbles, recordsOf } from '../../src/testing/marbles.ts';

const deliver = tap<Batch<string>>(({ ack }) => ack.settle(delivered));
const upper = mapRecord((record: string) => {
  if (record === 'x') throw new Error('not x');
  return record.toUpperCase();
});

test(
  'maps each record and keeps the cut of batches',
  marbles(({ acks, batches, expectObservable }) => {
    const source = batches(acks(), 'a-b-|', { b: ['b', 'c'] });
    expectObservable(recordsOf(source.pipe(upper))).toBe('A-b-|', { A: 'A', b: ['B', 'C'] });
  }),
);

test(
  'passes the same ack on when nothing fails',
  marbles(({ acks }) => {
    const batch = acks().batch(['a', 'b']);
    of(batch)
      .pipe(upper)
      .subscribe(({ ack }) => expect(ack).toBe(batch.ack));
    expect.assertions(1);
  }),
);

test(
  'completes and errors with its source',
  marbles(({ cold, expectObservable }) => {
    expectObservable(cold<Batch<string>>('--|').pipe(upper)).toBe('--|');
    expectObservable(cold<Batch<string>>('--#').pipe(upper)).toBe('--#');
  }),
);

test(
  'a throw concerns its record only: the others go on',
  marbles(({ acks, batches, expectObservable, flush }) => {
    const run = acks();
    const source = batches(run, '--b-c|', { b: ['a', 'x', 'b'] });
    expectObservable(recordsOf(source.pipe(upper, deliver))).toBe('--b-C|', { b: ['A', 'B'], C: 'C' });
    flush();
    expect(run.log).toEqual(['2 x:failed', '2 a:delivered', '2 b:delivered', '4 c:delivered']);
    expect(run.outcomes.get('x')).toEqual({
      kind: 'failed',
      failure: { stage: 'TRANSFORMATION', node: 'test', error: new Error('not x') },
    });
  }),
);

test(
  'a batch whose every record fails emits nothing',
  marbles(({ acks, batches, expectObservable, flush }) => {
    const run = acks();
    expectObservable(batches(run, 'b|', { b: ['x', 'x'] }).pipe(upper)).toBe('-|');
    flush();
    expect(run.unsettled.size).toBe(0);
  }),
);

test(
  'the policy says what becomes of a failed record, now or later',
  marbles(({ acks, batches, expectObservable, flush, scheduler }) => {
    const skip = acks({ policy: (_record, failure) => ({ kind: 'filtered', failure }) });
    const later = acks({ policy: () => timer(3, scheduler).pipe(map(() => delivered)) });
    expectObservable(batches(skip, 'x').pipe(upper)).toBe('-');
    expectObservable(batches(later, 'x').pipe(upper)).toBe('-');
    flush();
    expect(skip.log).toEqual(['0 x:filtered']);
    expect(later.log).toEqual(['3 x:delivered']);
  }),
);

test(
  'a policy that breaks, or ends without an answer, leaves the record failed',
  marbles(({ acks, batches, cold, expectObservable, flush }) => {
    const throwing = acks({
      policy: () => {
        throw new Error('no dead letter topic');
      },
    });
    const erring = acks({ policy: () => cold('-#') });
    const empty = acks({ policy: () => cold('--|') });
    const twice = acks({ policy: () => concat(of(filtered, delivered), NEVER) });
    for (const run of [throwing, erring, empty, twice]) expectObservable(batches(run, 'x').pipe(upper)).toBe('-');
    flush();
    expect(throwing.log).toEqual(['0 x:failed']);
    expect(throwing.outcomes.get('x')).toMatchObject({ failure: { error: { message: /no dead letter topic/ } } });
    expect(erring.log).toEqual(['1 x:failed']);
    expect(empty.log).toEqual(['2 x:failed']);
    expect(twice.log).toEqual(['0 x:filtered']);
  }),
);

test(
  'early unsubscription reaches the source',
  marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source = cold<Batch<string>>('------');
    expectObservable(source.pipe(upper), '^--!').toBe('----');
    expectSubscriptions(source.subscriptions).toBe('^--!');
  }),
);
