import { Subject } from 'rxjs';
import { delay, tap } from 'rxjs/operators';
import { expect, test } from 'vitest';
import type { EndReason, RetrySchedule } from '../../src/record/ack.ts';
import type { Batch } from '../../src/record/batch.ts';
import { delivered } from '../../src/record/outcome.ts';
import { flatMapRecord } from '../../src/sdk/flat-map-record.ts';
import { mapRecord } from '../../src/sdk/map-record.ts';
import { marbles, recordsOf } from '../../src/testing/marbles.ts';

const deliver = tap<Batch<string>>(({ ack }) => ack.settle(delivered));

/** Throws the first `times` times for the record x. */
const failing = (times: number) => {
  let left = times;
  return mapRecord((record: string) => {
    if (record === 'x' && left-- > 0) throw new Error('busy');
    return record;
  });
};
const every =
  (waitMs: number, most = Number.POSITIVE_INFINITY): RetrySchedule =>
  (_error, attempt) =>
    attempt <= most ? waitMs : undefined;

test(
  'a retry suspends its batch and what is behind it, and keeps order (I5)',
  marbles(({ acks, batches, expectObservable }) => {
    const run = acks({ retry: every(3) });
    const source = batches(run, 'axb-c----|');
    const expected = '           a---(xbc)|';
    expectObservable(recordsOf(source.pipe(failing(1)))).toBe(expected);
  }),
);

test(
  'a retry goes on at the failed record: those before it in the batch are not mapped again',
  marbles(({ acks, batches, expectObservable, flush }) => {
    const calls: string[] = [];
    let fails = 2;
    const counted = mapRecord((record: string) => {
      calls.push(record);
      if (record === 'x' && fails-- > 0) throw new Error('busy');
      return record;
    });
    const run = acks({ retry: every(2) });
    expectObservable(recordsOf(batches(run, 'b|', { b: ['a', 'x', 'c'] }).pipe(counted))).toBe('----(b|)', { b: ['a', 'x', 'c'] });
    flush();
    expect(calls).toEqual(['a', 'x', 'x', 'x', 'c']);
  }),
);

test(
  'attempts and elapsed time are counted for each record',
  marbles(({ acks, batches, expectObservable, flush }) => {
    const asked: unknown[] = [];
    const run = acks({
      retry: (_error, attempt, elapsedMs) => {
        asked.push([attempt, elapsedMs]);
        return attempt < 3 ? 5 : undefined;
      },
    });
    const never = mapRecord((record: string) => {
      if (record !== 'a') throw new Error('never');
      return record;
    });
    expectObservable(recordsOf(batches(run, 'b|', { b: ['x', 'a', 'y'] }).pipe(never, deliver))).toBe('20ms (a|)');
    flush();
    expect(asked).toEqual([
      [1, 0],
      [2, 5],
      [3, 10],
      [1, 0],
      [2, 5],
      [3, 10],
    ]);
    expect(run.log).toEqual(['20 x:failed', '20 y:failed', '20 a:delivered']);
  }),
);

test(
  'a stop returns the batch that waits for its retry and what is behind it',
  marbles(({ acks, batches, expectObservable, flush, scheduler }) => {
    const ending = new Subject<EndReason>();
    const run = acks({ retry: every(100), ending });
    expectObservable(recordsOf(batches(run, 'axb|').pipe(failing(1), deliver))).toBe('a----|');
    scheduler.schedule(() => ending.next('stop'), 5);
    flush();
    expect(run.log).toEqual(['0 a:delivered', '5 x:returned', '5 b:returned']);
  }),
);

test(
  'the end of a bounded source waits for a retry',
  marbles(({ acks, batches, expectObservable, scheduler }) => {
    const ending = new Subject<EndReason>();
    const run = acks({ retry: every(10), ending });
    expectObservable(recordsOf(batches(run, 'x|').pipe(failing(1), deliver))).toBe('10ms (x|)');
    scheduler.schedule(() => ending.next('complete'), 5);
  }),
);

test(
  'after a stop, a record that would be retried is returned at once',
  marbles(({ acks, batches, expectObservable, flush, scheduler }) => {
    const ending = new Subject<EndReason>();
    const run = acks({ retry: every(100), ending });
    expectObservable(recordsOf(batches(run, 'x-----xa|').pipe(failing(9), deliver))).toBe('-------a|');
    scheduler.schedule(() => ending.next('stop'), 3);
    flush();
    expect(run.log).toEqual(['3 x:returned', '6 x:returned', '7 a:delivered']);
  }),
);

test(
  'a retry that is given up fails its record only, and what waited goes on in order',
  marbles(({ acks, batches, expectObservable, flush }) => {
    const run = acks({ retry: every(2, 1) });
    expectObservable(recordsOf(batches(run, 'b-c---|', { b: ['a', 'x', 'b'] }).pipe(failing(9), deliver))).toBe('--(bc)|', {
      b: ['a', 'b'],
      c: 'c',
    });
    flush();
    expect(run.log).toEqual(['2 x:failed', '2 a:delivered', '2 b:delivered', '2 c:delivered']);
  }),
);

test(
  'unsubscription cancels a retry',
  marbles(({ acks, batches, expectObservable, flush }) => {
    let calls = 0;
    const counted = mapRecord((record: string): string => {
      calls++;
      throw new Error(record);
    });
    expectObservable(batches(acks({ retry: every(2) }), 'x').pipe(counted), '^---!').toBe('-');
    flush();
    expect(calls).toBe(2);
  }),
);

test(
  'a batch that arrives while another is emitted waits its turn (I5)',
  marbles(({ acks }) => {
    const run = acks();
    const input = new Subject<Batch<string>>();
    const seen: string[] = [];
    input.pipe(flatMapRecord((record) => [record, record])).subscribe(({ records }) => {
      if (records[0] === 'a') input.next(run.batch(['b']));
      seen.push(...records);
    });
    input.next(run.batch(['a']));
    expect(seen).toEqual(['a', 'a', 'b', 'b']);
  }),
);

test(
  'plain operators that keep one batch for one, such as delay, compose with lifts',
  marbles(({ acks, batches, expectObservable, scheduler }) => {
    const source = batches(acks(), 'a-b|');
    expectObservable(recordsOf(source.pipe(delay(2, scheduler), failing(0)))).toBe('--a-(b|)');
  }),
);
