import { concat, NEVER, of, throwError, timer } from 'rxjs';
import { filter, ignoreElements, map, mergeMap, tap } from 'rxjs/operators';
import { expect, test } from 'vitest';
import type { Batch } from '../../src/record/batch.ts';
import { delivered } from '../../src/record/outcome.ts';
import type { RunEvent, SourcePort } from '../../src/schedule/run-options.ts';
import { filterRecord } from '../../src/sdk/filter-record.ts';
import { mapBatch } from '../../src/sdk/map-batch.ts';
import { mapRecord } from '../../src/sdk/map-record.ts';
import type { Sink } from '../../src/sdk/sink.ts';
import type { SourceBatch } from '../../src/sdk/source.ts';
import { writeInOrder } from '../../src/sdk/write-in-order.ts';
import { marbles } from '../../src/testing/marbles.ts';
import { sourceBatch } from '../../src/testing/records.ts';
import { CollectingSink, ignoreErrors, letters, listSource, MemoryStore, runOf } from './running.ts';

const kinds = map(({ kind }: RunEvent) => letters[kind]);
const ones = (count: number) => Array.from({ length: count }, (_, i) => sourceBatch([i], i));
const failOn = (bad: number) =>
  mapRecord((n: number) => {
    if (n === bad) throw new Error(`no ${n}`);
    return n;
  });

test(
  'a last commit that fails fails the run',
  marbles(({ scheduler, expectObservable }) => {
    const down = new Error('store is down');
    const store = new MemoryStore(() => throwError(() => down));
    const events = runOf({ scheduler, store, sink: new CollectingSink(), source: listSource(ones(1)) });
    expectObservable(events.pipe(kinds)).toBe('(rdxx#)', undefined, down);
  }),
);

test(
  'it runs while it waits for the state of its nodes, and opens its source behind it; a stop does not wait for it',
  marbles(({ scheduler, expectObservable }) => {
    const slowly = (ms: number) => {
      const store = new MemoryStore();
      store.loadState = () => timer(ms, scheduler).pipe(map(() => ({})));
      return store;
    };
    const stop = timer(3, scheduler).pipe(map(() => ({ deadlineMs: 50 })));
    const common = { scheduler, sink: new CollectingSink(), source: listSource(ones(1)) };
    expectObservable(runOf({ ...common, store: slowly(4) }).pipe(kinds)).toBe('r---(dc|)');
    expectObservable(runOf({ ...common, store: slowly(4), stop }).pipe(kinds)).toBe('r--(d|)');
  }),
);

test(
  'a last commit follows the one in flight',
  marbles(({ scheduler, expectObservable, flush }) => {
    const store = new MemoryStore(() => timer(4, scheduler).pipe(ignoreElements()));
    const emissions = timer(0, 3, scheduler).pipe(map((i) => sourceBatch([i], i)));
    const stop = timer(4, scheduler).pipe(map(() => ({ deadlineMs: 50 })));
    const events = runOf({ scheduler, store, stop, sink: new CollectingSink(), source: () => emissions, limits: { commitIntervalMs: 2 } });
    expectObservable(events.pipe(kinds)).toBe('r---d-c---(c|)');
    flush();
    expect(store.position()).toBe(2);
  }),
);

test(
  'a record that the policy fails fails the task, after what settled before it is committed (I1)',
  marbles(({ scheduler, expectObservable, flush }) => {
    const store = new MemoryStore();
    const sink = new CollectingSink<number>();
    const source = listSource([sourceBatch([0, 1, 2]), sourceBatch([3], 3)]);
    const events = runOf({ scheduler, store, sink, source, stages: [failOn(1)] });
    expectObservable(events.pipe(kinds)).toBe('(rfc#)', undefined, new Error('no 1'));
    flush();
    expect(store.position()).toBe(1);
    expect(sink.closed).toBe(true);
  }),
);

test(
  'an error of the source, and of a plain operator, fails the task',
  marbles(({ scheduler, expectObservable }) => {
    const source = () =>
      concat(
        of(sourceBatch(['a'])),
        throwError(() => new Error('gone')),
      );
    expectObservable(runOf({ scheduler, source, sink: new CollectingSink() }).pipe(kinds)).toBe('(rc#)', undefined, new Error('gone'));
    const thrower = map((batch: Batch<never>): Batch<unknown> => {
      throw new Error(`broken ${batch.records.length}`);
    });
    const broken = runOf({ scheduler, source: listSource(ones(1)), sink: new CollectingSink(), stages: [thrower] });
    expectObservable(broken.pipe(kinds)).toBe('(r#)', undefined, new Error('broken 1'));
  }),
);

test(
  'what a sink throws fails the task, whatever the policy; what had settled is committed, and the records repeat',
  marbles(({ scheduler, expectObservable, flush }) => {
    const asked: unknown[] = [];
    const sink = {
      next: ({ ack, records }: Batch<number>) => {
        if (records[0] === 1) throw new Error('refused');
        ack.settle(delivered);
      },
    };
    const policy = (record: unknown) => {
      asked.push(record);
      return delivered;
    };
    const store = new MemoryStore();
    const failed = runOf({ scheduler, sink, store, policy, source: listSource(ones(3)) }).pipe(ignoreElements());
    expectObservable(failed.pipe(tap({ error: (error) => expect(String(error)).toContain('refused') }), ignoreErrors)).toBe('|');
    flush();
    expect(asked).toEqual([]);
    expect(store.position()).toBe(1);
  }),
);

test(
  'misuse of an ack fails the task and names the node',
  marbles(({ scheduler, expectObservable }) => {
    const sink = {
      next: ({ ack }: Batch<unknown>) => {
        ack.settle(delivered);
        ack.settle(delivered);
      },
    };
    const failed = runOf({ scheduler, sink, source: listSource(ones(1)) }).pipe(ignoreElements());
    expectObservable(failed.pipe(tap({ error: (error) => expect(String(error)).toContain('sink') }), ignoreErrors)).toBe('|');
  }),
);

test(
  'the watchdog fails the task and names the last node that took the batch (I3)',
  marbles(({ scheduler, expectObservable }) => {
    const dropping = filterRecord(() => true);
    const strands = mergeMap((batch: Batch<never>) => (batch.records.length > 0 ? NEVER : of(batch)));
    const events = runOf({
      scheduler,
      sink: new CollectingSink(),
      source: () => concat(of(sourceBatch(['a'])), NEVER),
      stages: [dropping, strands],
      limits: { watchdogMs: 10 },
    });
    const message = /not settled for 10 ms; stage-2 was the last/;
    expectObservable(events.pipe(ignoreElements(), tap({ error: (error) => expect(String(error)).toMatch(message) }), ignoreErrors)).toBe(
      '10ms |',
    );
  }),
);

const standing = (events: ReturnType<typeof runOf>) =>
  events.pipe(
    filter(({ kind }) => kind === 'stalled' || kind === 'moving'),
    kinds,
  );

test(
  'a sink that keeps what it is given makes the run stand still until it lets go of some: by releasing, or by settling',
  marbles(({ scheduler, expectObservable }) => {
    const sink: Sink<never> = {
      next: ({ ack }) => {
        if (ack.size === 1) scheduler.schedule(() => ack.release(), 13);
        else scheduler.schedule(() => ack.settle(delivered), 30);
      },
    };
    const source = () => concat(of(sourceBatch(['a']), sourceBatch(['b', 'c'])), NEVER);
    const events = standing(runOf({ scheduler, sink, source, limits: { stallMs: 8 } }));
    expectObservable(events, '60ms !').toBe('10ms s 2ms m 8ms s 7ms m');
  }),
);

test(
  'attempts to write that fail are a sign that the run moves',
  marbles(({ scheduler, expectObservable }) => {
    const sink = writeInOrder(() => throwError(() => new Error('away')));
    const source = () => concat(of(sourceBatch(['a'])), NEVER);
    const events = standing(runOf({ scheduler, sink, source, retry: () => 7, limits: { stallMs: 8 } }));
    expectObservable(events, '60ms !').toBe('');
  }),
);

test(
  'a stop asks the sink to flush, waits, commits and completes (I6)',
  marbles(({ scheduler, expectObservable, flush }) => {
    const store = new MemoryStore();
    const held: Batch<unknown>[] = [];
    const reasons: string[] = [];
    const sink = {
      next: (batch: Batch<unknown>) => held.push(batch),
      flush: (reason: string) => {
        reasons.push(reason);
        return timer(3, scheduler).pipe(
          tap(() => {
            for (const { ack } of held.splice(0)) ack.settle(delivered);
          }),
          ignoreElements(),
        );
      },
    };
    const stop = timer(5, scheduler).pipe(map(() => ({ deadlineMs: 100 })));
    const events = runOf({ scheduler, sink, store, stop, source: () => concat(of(sourceBatch(['a'])), NEVER) });
    expectObservable(events.pipe(kinds)).toBe('r----d--(c|)');
    flush();
    expect(reasons).toEqual(['stop']);
    expect(store.position()).toBe(1);
  }),
);

test(
  'at the deadline what is left is returned, what had settled is committed, and late settles are ignored (I6)',
  marbles(({ scheduler, expectObservable, flush }) => {
    const store = new MemoryStore();
    const sink = new CollectingSink<string>({ settles: false });
    const outcomes: string[] = [];
    const told = (batch: SourceBatch<string>): SourceBatch<string> => ({
      ...batch,
      settled: (all) => outcomes.push(`${scheduler.now()} ${all.at(0).kind}`),
    });
    const source = () => concat(of(told(sourceBatch(['a'])), told(sourceBatch(['b'], 1))), NEVER);
    scheduler.schedule(() => sink.batches[0]?.ack.settle(delivered), 2);
    scheduler.schedule(() => sink.batches[1]?.ack.settle(delivered), 20);
    const stop = timer(5, scheduler).pipe(map(() => ({ deadlineMs: 7 })));
    expectObservable(runOf({ scheduler, sink, store, stop, source }).pipe(kinds)).toBe('r----d------(c|)');
    flush();
    expect(outcomes).toEqual(['2 delivered', '12 returned']);
    expect(store.position()).toBe(1);
  }),
);

test(
  'a stop emits nothing of a group that is not full; an exhausted source does',
  marbles(({ scheduler, expectObservable, flush }) => {
    const sum = mapBatch((numbers: readonly number[]) => ({ records: [numbers.reduce((a, b) => a + b, 0)] }), { records: 2 });
    const stopped = new CollectingSink<number>();
    const store = new MemoryStore();
    const stop = timer(5, scheduler).pipe(map(() => ({ deadlineMs: 100 })));
    const endless = () => concat(of(...ones(3)), NEVER);
    expectObservable(runOf({ scheduler, stop, store, sink: stopped, source: endless, stages: [sum] }).pipe(kinds)).toBe('r----(dc|)');
    const complete = new CollectingSink<number>();
    expectObservable(runOf({ scheduler, sink: complete, source: listSource(ones(3)), stages: [sum] }).pipe(kinds)).toBe('(rdc|)');
    flush();
    expect(stopped.records).toEqual([1]);
    expect(store.position()).toBe(2);
    expect(complete.records).toEqual([1, 2]);
  }),
);

test(
  'unsubscribing is a kill: everything is returned and nothing is committed',
  marbles(({ scheduler, expectObservable, flush }) => {
    const store = new MemoryStore();
    const outcomes: string[] = [];
    const sink = new CollectingSink<string>({ settles: false });
    const batch: SourceBatch<string> = { ...sourceBatch(['a', 'b']), settled: (all) => outcomes.push(all.at(0).kind, all.at(1).kind) };
    scheduler.schedule(() => sink.batches[0]?.ack.settleAt(0, delivered), 1);
    expectObservable(runOf({ scheduler, sink, store, source: () => concat(of(batch), NEVER) }).pipe(kinds), '^--!').toBe('r');
    flush();
    expect(outcomes).toEqual(['delivered', 'returned']);
    expect(store.saves).toBe(0);
    expect(sink.closed).toBe(true);
  }),
);

test(
  'a stop during the drain of a bounded source cuts its retries short',
  marbles(({ scheduler, expectObservable }) => {
    const busy = mapRecord((): never => {
      throw new Error('busy');
    });
    const stop = timer(5, scheduler).pipe(map(() => ({ deadlineMs: 1_000 })));
    const events = runOf({ scheduler, stop, sink: new CollectingSink(), source: listSource(ones(1)), stages: [busy], retry: () => 100 });
    expectObservable(events.pipe(kinds)).toBe('(rd)-|');
  }),
);

test(
  'a source is not asked for more while the run drains',
  marbles(({ scheduler, expectObservable, flush }) => {
    const sink = new CollectingSink<number>({ settles: false });
    const levels: number[] = [];
    const source = ({ demand }: SourcePort) => {
      demand.subscribe(({ records }) => levels.push(records));
      return concat(of(...ones(2)), NEVER);
    };
    scheduler.schedule(() => sink.batches[0]?.ack.settle(delivered), 5);
    const stop = timer(3, scheduler).pipe(map(() => ({ deadlineMs: 6 })));
    expectObservable(runOf({ scheduler, stop, sink, source, limits: { windowRecords: 3 } }).pipe(kinds)).toBe('r--d-----(c|)');
    flush();
    expect(levels).toEqual([3, 2, 1, 0, 0]);
  }),
);

test(
  'a failure during the drain ends it: the run errors',
  marbles(({ scheduler, expectObservable }) => {
    const sink = new CollectingSink<number>({ settles: false });
    const failure = { stage: 'TASK_PUT', node: 'sink', error: new Error('refused') } as const;
    scheduler.schedule(() => sink.batches[0]?.ack.settle(delivered), 5);
    scheduler.schedule(() => sink.batches[1]?.ack.settle({ kind: 'failed', failure }), 6);
    const store = new MemoryStore(() => timer(4, scheduler).pipe(ignoreElements()));
    const events = runOf({ scheduler, sink, store, source: listSource(ones(2)) });
    expectObservable(events.pipe(kinds)).toBe('(rd)--f---(c#)', undefined, new Error('refused'));
  }),
);

test(
  'a kill gives up dead letters under way',
  marbles(({ scheduler, cold, expectObservable, expectSubscriptions }) => {
    const answer = cold<typeof delivered>('---------');
    const events = runOf({ scheduler, sink: new CollectingSink(), source: listSource(ones(1)), stages: [failOn(0)], policy: () => answer });
    expectObservable(events.pipe(kinds), '^----!').toBe('(rfd)');
    expectSubscriptions(answer.subscriptions).toBe('^----!');
  }),
);
