import { EMPTY, type Observable, throwError, timer } from 'rxjs';
import { ignoreElements } from 'rxjs/operators';
import { expect, test } from 'vitest';
import { Commits } from '../../src/schedule/commit.ts';
import type { Committable } from '../../src/schedule/partition.ts';
import { type MarbleHelpers, marbles } from '../../src/testing/marbles.ts';
import { MemoryStore } from './running.ts';

const progress = (name: string, position: number, epoch = 1): Committable => ({
  partition: { name },
  offset: { position },
  key: name,
  epoch,
  records: 1,
});

/** Commits of what `ready` holds at the time. */
const setUp = ({ scheduler }: Pick<MarbleHelpers, 'scheduler'>, save: () => Observable<void> = () => EMPTY) => {
  const ready: Committable[] = [];
  const log: string[] = [];
  const ended = new Set<number>();
  const store = new MemoryStore(save);
  const commits = new Commits({
    store,
    time: scheduler,
    intervalMs: 10,
    timeoutMs: 50,
    take: () => ({ offsets: ready.splice(0), state: undefined }),
    isCurrent: ({ epoch }) => !ended.has(epoch),
    committed: (offsets, records) => log.push(`${scheduler.now()} ${offsets.map(({ offset }) => offset.position).join()} of ${records}`),
    failed: (error) => log.push(`${scheduler.now()} ${(error as Error).message}`),
  });
  return { commits, ready, log, ended, store };
};

test(
  'saves on the interval, and nothing when nothing moved',
  marbles(({ scheduler, flush }) => {
    const { commits, ready, log, store } = setUp({ scheduler });
    commits.start();
    scheduler.schedule(() => ready.push(progress('x', 1), progress('y', 5)), 12);
    scheduler.schedule(() => commits.close(), 55);
    flush();
    expect(log).toEqual(['20 1,5 of 2']);
    expect(store.saves).toBe(1);
  }),
);

test(
  'keeps what a failed save took, and merges newer progress into it',
  marbles(({ scheduler, flush }) => {
    let fails = 1;
    const { commits, ready, log } = setUp({ scheduler }, () => (fails-- > 0 ? throwError(() => new Error('down')) : EMPTY));
    ready.push(progress('x', 1), progress('y', 7));
    commits.start();
    scheduler.schedule(() => ready.push(progress('x', 2)), 12);
    scheduler.schedule(() => commits.close(), 35);
    flush();
    expect(log).toEqual(['10 down', '20 2,7 of 3']);
  }),
);

test(
  'does not store progress of an epoch that has ended meanwhile (I11)',
  marbles(({ scheduler, flush }) => {
    let fails = 1;
    const { commits, ready, log, ended } = setUp({ scheduler }, () => (fails-- > 0 ? throwError(() => new Error('down')) : EMPTY));
    ready.push(progress('x', 1, 1), progress('y', 7, 2));
    commits.start();
    scheduler.schedule(() => ended.add(1), 12);
    scheduler.schedule(() => commits.close(), 25);
    flush();
    expect(log).toEqual(['10 down', '20 7 of 1']);
  }),
);

test(
  'an interval that finds a save under way waits for the next; a commit on demand follows it',
  marbles(({ scheduler, flush }) => {
    const { commits, ready, log } = setUp({ scheduler }, () => timer(15, scheduler).pipe(ignoreElements()));
    const done: number[] = [];
    ready.push(progress('x', 1));
    commits.start();
    scheduler.schedule(() => {
      ready.push(progress('x', 2));
      commits.now().subscribe({ complete: () => done.push(scheduler.now()) });
    }, 12);
    scheduler.schedule(() => commits.close(), 45);
    flush();
    expect(log).toEqual(['25 1 of 1', '40 2 of 1']);
    expect(done).toEqual([40]);
  }),
);

test(
  'a commit on demand completes at once when there is nothing, and errors when the store does',
  marbles(({ scheduler, expectObservable }) => {
    const idle = setUp({ scheduler });
    expectObservable(idle.commits.now()).toBe('|');
    const down = setUp({ scheduler }, () => throwError(() => 'down'));
    down.ready.push(progress('x', 1));
    expectObservable(down.commits.now()).toBe('#', undefined, 'down');
  }),
);

test(
  'a closed committer abandons the save under way (I2: nobody is told)',
  marbles(({ scheduler, flush }) => {
    const { commits, ready, log } = setUp({ scheduler }, () => timer(15, scheduler).pipe(ignoreElements()));
    ready.push(progress('x', 1));
    commits.start();
    scheduler.schedule(() => commits.close(), 12);
    flush();
    expect(log).toEqual([]);
  }),
);

test(
  'a closed committer stores nothing more, not for those either who waited for a save',
  marbles(({ scheduler, flush }) => {
    const { commits, ready, store } = setUp({ scheduler }, () => timer(15, scheduler).pipe(ignoreElements()));
    const done: number[] = [];
    ready.push(progress('x', 1));
    commits.start();
    scheduler.schedule(() => {
      ready.push(progress('x', 2));
      commits.now().subscribe({ complete: () => done.push(scheduler.now()) });
    }, 12);
    scheduler.schedule(() => commits.close(), 14);
    flush();
    expect([store.saves, done]).toEqual([1, [14]]);
  }),
);
