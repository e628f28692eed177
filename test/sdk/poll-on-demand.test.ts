import { concat, EMPTY, NEVER, of, throwError, timer } from 'rxjs';
import { map } from 'rxjs/operators';
import { expect, test } from 'vitest';
import type { Log } from '../../src/sdk/context.ts';
import { pollOnDemand } from '../../src/sdk/poll-on-demand.ts';
import { RetriableError } from '../../src/sdk/retriable-error.ts';
import type { Demand, SourceBatch } from '../../src/sdk/source.ts';
import { marbles } from '../../src/testing/marbles.ts';

const demandOf = (records: number): Demand => ({ records, room: () => records });
const levels = { 0: demandOf(0), 1: demandOf(1), 5: demandOf(5) };
const batch = (value: string): SourceBatch<string> => ({ records: [value] });
const a = batch('a');
const b = batch('b');

/** A log that keeps what it is warned of. */
const recordingLog = () => {
  const lines: string[] = [];
  const nothing = () => undefined;
  const warn: Log['warn'] = (message, facts) => void lines.push(`${message} ${facts?.reason}`);
  return { lines, debug: nothing, info: nothing, warn, error: nothing };
};

test(
  'waits for room before it polls again (I4)',
  marbles(({ hot, expectObservable, scheduler }) => {
    const demand = hot('  1-0---1-', levels);
    const expected = '    --a-----(b|)';
    const answers = [a, b];
    const poll = () => (answers.length > 0 ? timer(2, scheduler).pipe(map(() => answers.shift() ?? null)) : EMPTY);
    expectObservable(pollOnDemand(demand, poll, { scheduler })).toBe(expected, { a, b });
  }),
);

test('polls synchronously until demand, lowered from inside the emission, is gone', () => {
  const seen: string[] = [];
  const room: { records: number; room(): number } = { records: 3, room: () => room.records };
  let polls = 0;
  pollOnDemand(concat(of(room), NEVER), () => [batch(`r${polls++}`)]).subscribe(({ records }) => {
    room.records--;
    seen.push(...records);
  });
  expect(seen).toEqual(['r0', 'r1', 'r2']);
  expect(polls).toBe(3);
});

test(
  'never polls concurrently, however often demand is told',
  marbles(({ hot, expectObservable, scheduler }) => {
    let running = 0;
    const poll = () => {
      expect(++running).toBe(1);
      return timer(3, scheduler).pipe(
        map(() => {
          running--;
          return a;
        }),
      );
    };
    expectObservable(pollOnDemand(hot('5555550', levels), poll, { scheduler }), '^-----!').toBe('---a--', { a });
  }),
);

test(
  'polls an idle source again after a wait',
  marbles(({ hot, expectObservable, scheduler }) => {
    const answers = [null, null, a];
    const poll = () => (answers.length > 0 ? [answers.shift() ?? null] : []);
    expectObservable(pollOnDemand(hot('5', levels), poll, { scheduler, idleMs: 2 })).toBe('----(a|)', { a });
  }),
);

test(
  'takes a batch without records for idleness',
  marbles(({ hot, expectObservable, scheduler }) => {
    const answers: SourceBatch<string>[] = [{ records: [] }, a];
    const poll = () => of(answers.shift() ?? { records: [] });
    expectObservable(pollOnDemand(hot('5', levels), poll, { scheduler, idleMs: 2 }), '^---!').toBe('--a', { a });
  }),
);

test(
  'ends when an answer is empty',
  marbles(({ hot, expectObservable }) => {
    expectObservable(pollOnDemand(hot('--5', levels), () => EMPTY)).toBe('--|');
  }),
);

test(
  'does not poll before demand is known',
  marbles(({ expectObservable }) => {
    expectObservable(pollOnDemand(NEVER, () => [a])).toBe('-');
  }),
);

test(
  'errors with the error of an answer, and with what poll throws',
  marbles(({ hot, expectObservable }) => {
    expectObservable(pollOnDemand(hot('-5', levels), () => throwError(() => 'broken'))).toBe('-#', undefined, 'broken');
    const poll = (): never => {
      throw 'thrown';
    };
    expectObservable(pollOnDemand(hot('-5', levels), poll)).toBe('-#', undefined, 'thrown');
  }),
);

test(
  'polls again after an error that is retriable, thrown or answered, and tells it (as Connect does)',
  marbles(({ hot, expectObservable, scheduler, flush }) => {
    const answers = [() => throwError(() => new RetriableError('busy')), () => [a], () => [b]];
    let first = true;
    const poll = () => {
      if (first) {
        first = false;
        throw new RetriableError('not ready');
      }
      return answers.shift()?.() ?? EMPTY;
    };
    const log = recordingLog();
    expectObservable(pollOnDemand(hot('-5', levels), poll, { scheduler, idleMs: 2, log })).toBe('-----(ab|)', { a, b });
    flush();
    expect(log.lines).toEqual(['A poll failed; it is tried again. not ready', 'A poll failed; it is tried again. busy']);
  }),
);

test(
  'gives up a poll that is under way, and an idle wait, when it is unsubscribed',
  marbles(({ cold, hot, expectObservable, expectSubscriptions, scheduler }) => {
    const answer = cold('-----a|', { a });
    expectObservable(
      pollOnDemand(hot('5', levels), () => answer),
      '^--!',
    ).toBe('-');
    expectSubscriptions(answer.subscriptions).toBe('^--!');
    let polls = 0;
    const idle = () => {
      polls++;
      return [null];
    };
    expectObservable(pollOnDemand(hot('5', levels), idle, { scheduler, idleMs: 2 }), '^---!').toBe('-');
    scheduler.schedule(() => expect(polls).toBe(2), 20);
  }),
);

test('an answer that is none of the kinds it may be is an error of the source, not of whoever told it the demand', () => {
  const errors: unknown[] = [];
  const forgotten = (() => undefined) as unknown as () => [];
  pollOnDemand(concat(of(demandOf(1)), NEVER), forgotten).subscribe({ error: (error) => errors.push(error) });
  expect(errors).toEqual([
    expect.objectContaining({ message: expect.stringContaining("You provided 'undefined' where a stream was expected") }),
  ]);
});
