import { EMPTY, of, Subject, throwError, timer } from 'rxjs';
import { map, tap } from 'rxjs/operators';
import { expect, test } from 'vitest';
import type { EndReason } from '../../src/record/ack.ts';
import type { Batch } from '../../src/record/batch.ts';
import { delivered } from '../../src/record/outcome.ts';
import { mapBatch } from '../../src/sdk/map-batch.ts';
import { marbles, recordsOf } from '../../src/testing/marbles.ts';

const deliver = tap<Batch<string>>(({ ack }) => ack.settle(delivered));
const join = (records: readonly string[]) => ({ records: [records.join('')] });
const pairs = mapBatch(join, { records: 2 });

test(
  'groups records whatever their batches, across and inside of them (I12)',
  marbles(({ acks, batches, expectObservable, flush }) => {
    const run = acks();
    const source = batches(run, 'a-m------|', { m: ['b', 'c', 'd', 'e', 'f', 'g'] });
    expectObservable(recordsOf(source.pipe(pairs, deliver))).toBe('--(xyz)--(g|)', { x: 'ab', y: 'cd', z: 'ef', g: 'g' });
    flush();
    const delivers = (frame: number, letters: string) => [...letters].map((letter) => `${frame} ${letter}:delivered`);
    expect(run.log).toEqual(['0 release a', ...delivers(2, 'abcdef'), '2 release b,c,d,e,f,g', ...delivers(9, 'g')]);
    expect(run.failures).toEqual([]);
  }),
);

test(
  'a group that is not full is mapped after its linger',
  marbles(({ acks, batches, expectObservable, scheduler }) => {
    const source = batches(acks(), 'a-b---c---|');
    const lingering = mapBatch(join, { records: 3, lingerMs: 5 });
    expectObservable(recordsOf(source.pipe(lingering))).toBe('-----x----(c|)', { x: 'ab', c: 'c' });
    expect(scheduler.now()).toBe(0);
  }),
);

test(
  'maps one group at a time when the answer comes later, and keeps order (I5)',
  marbles(({ acks, batches, expectObservable, scheduler }) => {
    const later = mapBatch((records: readonly string[]) => timer(3, scheduler).pipe(map(() => join(records))), { records: 2 });
    expectObservable(recordsOf(batches(acks(), '(abcd)|').pipe(later))).toBe('---x--(y|)', { x: 'ab', y: 'cd' });
  }),
);

test(
  'an answer without records filters the group',
  marbles(({ acks, batches, expectObservable, flush }) => {
    const run = acks();
    const none = mapBatch((records: readonly string[]) => (records[0] === 'a' ? EMPTY : { records: [] }), { records: 2 });
    expectObservable(batches(run, '(abcd)|').pipe(none)).toBe('------|');
    flush();
    expect(run.log.filter((line) => line.endsWith('filtered'))).toHaveLength(4);
  }),
);

test(
  'what it throws, and an error of its answer, is retried and then fails every record of the group',
  marbles(({ acks, batches, expectObservable, flush }) => {
    const run = acks({ retry: (_error, attempt) => (attempt < 3 ? 2 : undefined) });
    let tries = 0;
    const flaky = mapBatch(
      (records: readonly string[]) => {
        if (records[0] === 'c' && tries++ < 2) throw new Error('busy');
        return records[0] === 'a' ? throwError(() => new Error('never')) : of(join(records));
      },
      { records: 2 },
    );
    expectObservable(recordsOf(batches(run, '(abcd)|').pipe(flaky, deliver))).toBe('--------(y|)', { y: 'cd' });
    flush();
    expect(run.log.slice(2)).toEqual(['4 a:failed', '4 b:failed', '8 c:delivered', '8 d:delivered']);
  }),
);

test(
  'a stop returns the open group, one that waits for a retry, and what comes after; full groups go on',
  marbles(({ acks, batches, expectObservable, flush, scheduler }) => {
    const ending = new Subject<EndReason>();
    const run = acks({ ending, retry: () => 100 });
    const source = batches(run, '(abc)----d|');
    expectObservable(recordsOf(source.pipe(pairs, deliver))).toBe('x---------|', { x: 'ab' });
    const waiting = acks({ ending, retry: () => 100 });
    const broken = mapBatch<string, string>(
      (): never => {
        throw new Error('busy');
      },
      { records: 2 },
    );
    expectObservable(recordsOf(batches(waiting, '(abc)|').pipe(broken))).toBe('-------|');
    scheduler.schedule(() => ending.next('stop'), 7);
    flush();
    expect(run.log.slice(-2)).toEqual(['7 c:returned', '9 d:returned']);
    expect(waiting.log.slice(-3)).toEqual(['7 a:returned', '7 b:returned', '7 c:returned']);
  }),
);

test(
  'errors with its source, and gives up an answer under way when it is unsubscribed',
  marbles(({ acks, batches, cold, expectObservable, expectSubscriptions }) => {
    expectObservable(cold<Batch<string>>('--#').pipe(pairs)).toBe('--#');
    const answer = cold('-----a|', { a: { records: ['late'] } });
    expectObservable(batches(acks(), '(ab)').pipe(mapBatch(() => answer, { records: 2 })), '^---!').toBe('-----');
    expectSubscriptions(answer.subscriptions).toBe('^---!');
  }),
);

test(
  'an answer that is none of the kinds it may be fails its group, whether it comes first or after a retry',
  marbles(({ acks, batches, expectObservable, flush }) => {
    const run = acks({ retry: (_error, attempt) => (attempt === 1 ? 2 : undefined) });
    const forgotten = mapBatch<string, string>((() => 7) as unknown as () => { records: string[] }, { records: 1 });
    expectObservable(batches(run, 'a---b---|').pipe(forgotten)).toBe('--------|');
    flush();
    expect(run.log).toEqual(['2 a:failed', '6 b:failed']);
  }),
);
