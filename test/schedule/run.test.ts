import { concat, EMPTY, NEVER, Observable, of, Subject, throwError, timer } from 'rxjs';
import { ignoreElements, map, tap } from 'rxjs/operators';
import { expect, test } from 'vitest';
import type { Batch } from '../../src/record/batch.ts';
import { delivered } from '../../src/record/outcome.ts';
import type { RunEvent } from '../../src/schedule/run-options.ts';
import { filterRecord } from '../../src/sdk/filter-record.ts';
import { mapRecord } from '../../src/sdk/map-record.ts';
import { pollOnDemand } from '../../src/sdk/poll-on-demand.ts';
import type { SourceBatch } from '../../src/sdk/source.ts';
import { marbles } from '../../src/testing/marbles.ts';
import { sourceBatch } from '../../src/testing/records.ts';
import { CollectingSink, letters, listSource, MemoryStore, runOf } from './running.ts';

const kinds = map(({ kind }: RunEvent) => letters[kind]);
const ones = (count: number) => Array.from({ length: count }, (_, i) => sourceBatch([i], i));
const failOn = (bad: number) =>
  mapRecord((n: number) => {
    if (n === bad) throw new Error(`no ${n}`);
    return n;
  });

test(
  'carries a bounded source to its sink, commits, and completes',
  marbles(({ scheduler, expectObservable, flush }) => {
    const sink = new CollectingSink<number>();
    const store = new MemoryStore();
    const events = runOf({
      scheduler,
      store,
      sink,
      source: listSource([sourceBatch([1, 2], 0), sourceBatch([3], 2)]),
      stages: [mapRecord((n: number) => n * 10), filterRecord((n: number) => n !== 20)],
    });
    expectObservable(events.pipe(kinds)).toBe('(rdc|)');
    flush();
    expect(sink.records).toEqual([10, 30]);
    expect(store.position()).toBe(3);
    expect(sink.closed).toBe(true);
  }),
);

test(
  'an empty source completes without a commit',
  marbles(({ scheduler, expectObservable }) => {
    expectObservable(runOf({ scheduler, sink: new CollectingSink(), source: () => EMPTY }).pipe(kinds)).toBe('(rd|)');
  }),
);

test(
  'waits for a slot: no more is in the sink than the window holds (I4)',
  marbles(({ scheduler, expectObservable, flush }) => {
    const sink = new CollectingSink<number>({ settles: false });
    const sizes: number[] = [];
    const events = runOf({ scheduler, sink, source: listSource(ones(5)), limits: { windowRecords: 2 } });
    scheduler.schedule(() => sizes.push(sink.records.length), 1);
    scheduler.schedule(() => sink.batches[0]?.ack.settle(delivered), 2);
    scheduler.schedule(() => sizes.push(sink.records.length), 3);
    scheduler.schedule(() => sink.batches[1]?.ack.release(), 4);
    scheduler.schedule(() => sizes.push(sink.records.length), 5);
    expectObservable(events.pipe(ignoreElements()), '^-----!').toBe('-');
    flush();
    expect(sizes).toEqual([2, 3, 4]);
  }),
);

test(
  'commits on an interval what has settled meanwhile',
  marbles(({ scheduler, expectObservable, flush }) => {
    const sink = new CollectingSink<number>({ settles: false });
    const store = new MemoryStore();
    const events = runOf({ scheduler, sink, store, source: () => concat(of(...ones(3)), NEVER), limits: { commitIntervalMs: 5 } });
    scheduler.schedule(() => sink.batches[1]?.ack.settle(delivered), 1);
    scheduler.schedule(() => sink.batches[0]?.ack.settle(delivered), 8);
    const saved: unknown[] = [];
    for (const frame of [6, 11]) scheduler.schedule(() => saved.push(store.position()), frame);
    expectObservable(events.pipe(kinds), '^-----------!').toBe('r---------c');
    flush();
    expect(saved).toEqual([undefined, 2]);
  }),
);

test(
  'tells the source after the offsets are durable (I2)',
  marbles(({ scheduler, expectObservable, flush }) => {
    const told: unknown[] = [];
    const store = new MemoryStore(() => timer(4, scheduler).pipe(ignoreElements()));
    const events = runOf({
      scheduler,
      store,
      sink: new CollectingSink(),
      limits: { commitIntervalMs: 2 },
      source: ({ committed }) =>
        new Observable((subscriber) => {
          subscriber.add(committed.subscribe((offsets) => told.push([scheduler.now(), store.position(), offsets])));
          subscriber.next(sourceBatch(['a']));
        }),
    });
    expectObservable(events.pipe(kinds), '^---------!').toBe('r-----c---');
    flush();
    expect(told).toEqual([[6, 1, [{ partition: { name: 'p' }, offset: { position: 1 } }]]]);
  }),
);

test(
  'a commit that fails is reported and tried again with the next; what had settled is not lost',
  marbles(({ scheduler, expectObservable, flush }) => {
    let fails = 1;
    const store = new MemoryStore(() => (fails-- > 0 ? throwError(() => new Error('store is down')) : EMPTY));
    const source = () => concat(of(sourceBatch(['a'])), NEVER);
    const events = runOf({ scheduler, store, sink: new CollectingSink(), source, limits: { commitIntervalMs: 3 } });
    expectObservable(events.pipe(kinds), '^--------!').toBe('r--x--c');
    flush();
    expect(store.position()).toBe(1);
  }),
);

test(
  'a commit that does not answer in time has failed',
  marbles(({ scheduler, expectObservable }) => {
    const store = new MemoryStore(() => NEVER);
    const source = () => concat(of(sourceBatch(['a'])), NEVER);
    const limits = { commitIntervalMs: 3, commitTimeoutMs: 2 };
    const events = runOf({ scheduler, store, sink: new CollectingSink(), source, limits });
    expectObservable(events.pipe(kinds), '^-------!').toBe('r----x--');
  }),
);

test(
  'a failed record is skipped inside its batch when the policy says so, and told',
  marbles(({ scheduler, expectObservable, flush }) => {
    const sink = new CollectingSink<number>();
    const store = new MemoryStore();
    const source = listSource([sourceBatch([1, 2, 3])]);
    const events = runOf({ scheduler, sink, store, source, stages: [failOn(2)], policy: (_r, failure) => ({ kind: 'filtered', failure }) });
    expectObservable(events.pipe(kinds)).toBe('(rfdc|)');
    flush();
    expect(sink.records).toEqual([1, 3]);
    expect(store.position()).toBe(3);
  }),
);

test(
  'a dead letter that is written late holds the watermark until it is (I1)',
  marbles(({ scheduler, expectObservable, flush }) => {
    const store = new MemoryStore();
    const source = listSource([sourceBatch([1, 2, 3])]);
    const policy = () => timer(7, scheduler).pipe(map(() => delivered));
    const saved: unknown[] = [];
    scheduler.schedule(() => saved.push(store.position()), 6);
    const events = runOf({
      scheduler,
      store,
      source,
      policy,
      sink: new CollectingSink(),
      stages: [failOn(2)],
      limits: { commitIntervalMs: 5 },
    });
    expectObservable(events.pipe(kinds)).toBe('(rfd)c-(c|)');
    flush();
    expect(saved).toEqual([1]);
    expect(store.position()).toBe(3);
  }),
);

test(
  'a source that emits from inside the sink does not overtake itself (I5)',
  marbles(({ scheduler, expectObservable, flush }) => {
    const input = new Subject<SourceBatch<string>>();
    const order: string[] = [];
    const sink = {
      next: ({ records, ack }: Batch<string>) => {
        if (records[0] === 'a') input.next(sourceBatch(['b'], 1));
        order.push(...records);
        ack.settle(delivered);
      },
    };
    expectObservable(runOf({ scheduler, sink, source: () => input }).pipe(kinds), '^--!').toBe('r');
    scheduler.schedule(() => input.next(sourceBatch(['a'])), 1);
    flush();
    expect(order).toEqual(['a', 'b']);
  }),
);

test(
  'a source that emits whenever demand is told does not overtake itself (I5)',
  marbles(({ scheduler, expectObservable, flush }) => {
    const sink = new CollectingSink<number>();
    let next = 0;
    expectObservable(
      runOf({
        scheduler,
        sink,
        source: ({ demand }) =>
          new Observable((subscriber) =>
            demand.subscribe(({ records }) => {
              if (records > 0 && next < 3) subscriber.next(sourceBatch([next], next++));
            }),
          ),
      }).pipe(kinds),
      '^--!',
    ).toBe('r');
    flush();
    expect(sink.records).toEqual([0, 1, 2]);
  }),
);

test(
  'a stalled partition keeps the others at full speed, within its span (I4)',
  marbles(({ scheduler, expectObservable, flush }) => {
    const counts = { slow: 0, fast: 0 };
    const sink = {
      next: ({ records, ack }: Batch<'slow' | 'fast'>) => {
        const name = records[0] ?? 'fast';
        counts[name]++;
        if (name === 'fast') ack.settle(delivered);
        else ack.release();
      },
    };
    const names = [{ name: 'slow' }, { name: 'fast' }] as const;
    let turn = 0;
    expectObservable(
      runOf({
        scheduler,
        sink,
        limits: { windowRecords: 8, span: 5 },
        source: ({ demand }) =>
          pollOnDemand<string>(demand, (level) => {
            if (counts.fast === 1_000) return NEVER;
            const ready = names.filter((name) => level.room(name) > 0);
            const partition = ready[turn++ % ready.length] ?? names[1];
            return [{ records: [partition.name], partition, offset: { position: turn } }];
          }),
      }).pipe(kinds),
      '^--!',
    ).toBe('r');
    flush();
    expect(counts).toEqual({ slow: 5, fast: 1_000 });
  }),
);

test(
  'demand is 0 once a slice is over, until a macrotask has run',
  marbles(({ scheduler, expectObservable, flush }) => {
    const levels: unknown[] = [];
    let now = 0;
    const busy = { now: () => now, schedule: scheduler.schedule.bind(scheduler) };
    const macrotasks: (() => void)[] = [];
    const macrotask = Object.assign(Object.create(scheduler), {
      schedule: (work: () => void) => {
        macrotasks.push(work);
        return { unsubscribe: () => undefined };
      },
    });
    const source = ({ demand }: Parameters<Parameters<typeof runOf>[0]['source']>[0]) => {
      let left = 3;
      return pollOnDemand<string>(demand.pipe(tap(({ records }) => levels.push(records > 0))), () => {
        now += 3;
        return left-- > 0 ? [{ records: ['a'], partition: { name: 'p' } }] : NEVER;
      });
    };
    const options = { scheduler: Object.assign(Object.create(scheduler), busy), macrotask, sink: new CollectingSink(), source };
    expectObservable(runOf({ ...options, limits: { sliceMs: 3 } }).pipe(kinds), '^--!').toBe('r');
    scheduler.schedule(() => {
      expect(levels.at(-1)).toBe(false);
      for (const work of macrotasks.splice(0)) work();
      expect(levels).toContain(true);
    }, 1);
    flush();
    expect(macrotasks.length).toBeLessThanOrEqual(1);
  }),
);
