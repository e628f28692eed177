import { BehaviorSubject, concat, EMPTY, NEVER, type Observable, of, throwError, timer } from 'rxjs';
import { ignoreElements, tap } from 'rxjs/operators';
import { expect, test } from 'vitest';
import { delivered } from '../../src/record/outcome.ts';
import { assignments } from '../../src/schedule/assignments.ts';
import { Commits } from '../../src/schedule/commit.ts';
import { Outlet } from '../../src/schedule/outlet.ts';
import type { Sink } from '../../src/sdk/sink.ts';
import { type MarbleHelpers, marbles } from '../../src/testing/marbles.ts';
import { MemoryStore } from './running.ts';
import { tracking, whole } from './tracking.ts';

/** Assignments over real parts; the log tells in which order they are asked. */
const setUp = ({ scheduler }: Pick<MarbleHelpers, 'scheduler'>, sink: Partial<Sink>, save: () => Observable<void> = () => EMPTY) => {
  const { tracker, flow } = tracking();
  const settled = new BehaviorSubject(undefined);
  const log: string[] = [];
  const at = (what: string) => log.push(`${scheduler.now()} ${what}`);
  const store = new MemoryStore(save);
  const commits = new Commits({
    store,
    time: scheduler,
    intervalMs: 1_000,
    timeoutMs: 50,
    take: () => ({ offsets: tracker.takeCommittable(), state: undefined }),
    isCurrent: (committable) => tracker.isCurrent(committable),
    committed: (offsets) => at(`committed ${offsets.map(({ offset }) => offset.at).join()}`),
    failed: () => at('not committed'),
  });
  const outlet = new Outlet('sink', { next: () => {}, ...sink } as Sink<unknown>, flow);
  return { parts: assignments({ tracker, outlet, commits, time: scheduler, settled }), tracker, settled, log, at };
};

const p = { p: 'a' };

test(
  'an assignment starts an epoch, and answers where the sink wants to start',
  marbles(({ scheduler, expectObservable }) => {
    const start = [{ partition: p, offset: { at: 7 } }];
    const { parts, tracker } = setUp({ scheduler }, { assigned: () => [start] });
    const old = tracker.track(whole('a', 1), 0).ack;
    expectObservable(parts.assign([p])).toBe('(s|)', { s: start });
    scheduler.schedule(() => expect(old.stale).toBe(true), 1);
  }),
);

test(
  'nothing happens before the answer is subscribed',
  marbles(({ scheduler }) => {
    const { parts, tracker } = setUp({ scheduler }, {});
    const { ack } = tracker.track(whole('a', 1), 0);
    parts.assign([p]);
    parts.revoke([p], 'rebalance', 10);
    expect(ack.stale).toBe(false);
  }),
);

test(
  'a revocation flushes, lets go, commits what that settled, and only then ends the epoch (I11)',
  marbles(({ scheduler, flush }) => {
    const { parts, tracker, log, at } = setUp(
      { scheduler },
      {
        flush: (reason) => {
          at(`flush ${reason}`);
          return timer(2, scheduler).pipe(
            tap(() => ack.settle(delivered)),
            ignoreElements(),
          );
        },
        revoked: (_partitions, why, deadlineMs) => {
          at(`revoked ${why} ${deadlineMs}`);
        },
      },
    );
    const { ack } = tracker.track(whole('a', 3), 0);
    const late = tracker.track(whole('a', 4), 0).ack;
    parts.revoke([p], 'rebalance', 10).subscribe({ complete: () => at(`done, stale: ${late.stale}`) });
    flush();
    expect(log).toEqual(['0 flush commit', '2 revoked rebalance 10', '2 committed 3', '2 done, stale: true']);
  }),
);

test(
  'a revocation ends when its partitions have settled, whatever the sink does with others',
  marbles(({ scheduler, flush }) => {
    const { parts, tracker, settled, log, at } = setUp({ scheduler }, { flush: () => NEVER });
    const { ack } = tracker.track(whole('a', 3), 0);
    const kept = tracker.track(whole('b', 4), 0).ack;
    parts.revoke([p], 'rebalance', 10).subscribe({ complete: () => at(`done, stale: ${kept.stale}`) });
    scheduler.schedule(() => settled.next(undefined), 3);
    scheduler.schedule(() => {
      ack.settle(delivered);
      settled.next(undefined);
    }, 6);
    flush();
    expect(log).toEqual(['6 committed 3', '6 done, stale: false']);
  }),
);

test(
  'lost partitions end at once, and nothing of them is committed (I11)',
  marbles(({ scheduler, flush }) => {
    const { parts, tracker, log, at } = setUp({ scheduler }, { flush: () => void at('flush'), revoked: () => void at('revoked') });
    const { ack } = tracker.track(whole('a', 3), 0);
    ack.settle(delivered);
    parts.revoke([p], 'lost', 10).subscribe({ complete: () => at('done') });
    flush();
    expect(log).toEqual(['0 revoked', '0 done']);
    expect(tracker.takeCommittable()).toEqual([]);
  }),
);

test(
  'a sink that does not let go holds a revocation up to its deadline',
  marbles(({ scheduler, flush }) => {
    const { parts, tracker, log, at } = setUp({ scheduler }, { revoked: () => timer(99, scheduler).pipe(ignoreElements()) });
    tracker.track(whole('a', 3), 0).ack.settle(delivered);
    parts.revoke([p], 'rebalance', 10).subscribe({ complete: () => at('done') });
    flush();
    expect(log).toEqual(['10 committed 3', '10 done']);
  }),
);

test(
  'a commit that fails does not keep a partition',
  marbles(({ scheduler, flush }) => {
    const { parts, tracker, log, at } = setUp({ scheduler }, {}, () => throwError(() => new Error('down')));
    const { ack } = tracker.track(whole('a', 3), 0);
    ack.settle(delivered);
    parts.revoke([p], 'rebalance', 10).subscribe({ complete: () => at('done') });
    flush();
    expect(log).toEqual(['0 not committed', '0 done']);
    expect(ack.stale).toBe(true);
  }),
);

test(
  'an error of the sink is one of the answer',
  marbles(({ scheduler, expectObservable }) => {
    const { parts } = setUp(
      { scheduler },
      {
        revoked: () => throwError(() => 'stuck'),
        assigned: () =>
          concat(
            of([]),
            throwError(() => 'full'),
          ),
      },
    );
    expectObservable(parts.revoke([p], 'rebalance', 10)).toBe('#', undefined, 'stuck');
    expectObservable(parts.assign([p])).toBe('(s#)', { s: [] }, 'full');
  }),
);
