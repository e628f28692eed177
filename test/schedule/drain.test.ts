import { EMPTY, NEVER, type Observable, Subject, throwError } from 'rxjs';
import { expect, test } from 'vitest';
import { type DrainOptions, drained } from '../../src/schedule/drain.ts';
import { type MarbleHelpers, marbles } from '../../src/testing/marbles.ts';

const setUp = ({ scheduler }: Pick<MarbleHelpers, 'scheduler'>, flush: () => Observable<unknown>, unsettled = 1) => {
  const sink = { given: 0, arrivals: new Subject<void>(), flushes: [] as number[] };
  const arrive = () => {
    sink.given++;
    sink.arrivals.next();
  };
  const options: DrainOptions = {
    time: scheduler,
    flush: () => {
      sink.flushes.push(scheduler.now());
      return flush();
    },
    given: () => sink.given,
    arrivals: sink.arrivals,
    unsettled: () => unsettled,
    idle: NEVER,
    expired: NEVER,
  };
  return { options, arrive, flushes: sink.flushes };
};

test(
  'is done at once when nothing is unsettled',
  marbles(({ scheduler, expectObservable, flush }) => {
    const { options, flushes } = setUp({ scheduler }, () => EMPTY, 0);
    expectObservable(drained(options)).toBe('|');
    flush();
    expect(flushes).toEqual([]);
  }),
);

test(
  'asks for a flush, and waits until nothing is unsettled or the deadline has passed',
  marbles(({ scheduler, hot, expectObservable, flush }) => {
    const { options, flushes } = setUp({ scheduler }, () => EMPTY);
    expectObservable(drained({ ...options, idle: hot('----i') })).toBe('----|');
    expectObservable(drained({ ...options, expired: hot('--e') })).toBe('--|');
    flush();
    expect(flushes).toEqual([0, 0]);
  }),
);

test(
  'asks again for what reached the sink during and after a flush, once for all that came together',
  marbles(({ scheduler, cold, expectObservable, flush }) => {
    const { options, arrive, flushes } = setUp({ scheduler }, () => cold('---|'));
    for (const frame of [1, 2, 10, 10]) scheduler.schedule(arrive, frame);
    expectObservable(drained(options), '^--------------------!').toBe('---------------------');
    flush();
    expect(flushes).toEqual([0, 3, 10]);
  }),
);

test(
  'errors with a flush',
  marbles(({ scheduler, expectObservable }) => {
    expectObservable(drained(setUp({ scheduler }, () => throwError(() => 'disk full')).options)).toBe('#', undefined, 'disk full');
  }),
);
