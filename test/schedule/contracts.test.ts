import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { asapScheduler, asyncScheduler, concat, EMPTY, lastValueFrom, NEVER, of, Subject, throwError, timer } from 'rxjs';
import { delay, ignoreElements, map, tap } from 'rxjs/operators';
import { expect, test } from 'vitest';
import type { Batch } from '../../src/record/batch.ts';
import { delivered, type Outcome } from '../../src/record/outcome.ts';
import type { RunEvent } from '../../src/schedule/run-options.ts';
import { BatchError } from '../../src/sdk/batch-error.ts';
import { filterRecord } from '../../src/sdk/filter-record.ts';
import { mapBatch } from '../../src/sdk/map-batch.ts';
import { mapRecord } from '../../src/sdk/map-record.ts';
import { pollOnDemand } from '../../src/sdk/poll-on-demand.ts';
import type { Assignments, SourceBatch } from '../../src/sdk/source.ts';
import { writeInOrder } from '../../src/sdk/write-in-order.ts';
import { marbles } from '../../src/testing/marbles.ts';
import { sourceBatch } from '../../src/testing/records.ts';
import { CollectingSink, letters, listSource, MemoryStore, runOf } from './running.ts';

const kinds = map(({ kind }: RunEvent) => letters[kind]);

test('a sink may hold 1,000,000 records unsettled with a window of 10,000: it releases early and settles late', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  const store = new MemoryStore();
  const held: Batch<object>['ack'][] = [];
  let first: WeakRef<object> | undefined;
  let most = 0;
  let unreleased = 0;
  let position = 0;
  const next = (): SourceBatch<object> => {
    const records = Array.from({ length: 1_000 }, (_, i) => ({ n: position + i }));
    first ??= new WeakRef(records[0] ?? {});
    unreleased += 1_000;
    most = Math.max(most, unreleased);
    position += 1_000;
    const offset = { position };
    const released = () => {
      unreleased -= 1_000;
    };
    return { records, partition: { name: 'p' }, offset, released };
  };
  const unsettledAtFlush: number[] = [];
  const sink = {
    next: ({ ack }: Batch<object>) => {
      held.push(ack);
      // Data is accounted for some time later, and settles at the end only.
      asyncScheduler.schedule(() => ack.release());
    },
    flush: () => {
      collectGarbage();
      unsettledAtFlush.push(held.length * 1_000);
      expect(first?.deref()).toBeUndefined();
      for (const ack of held) ack.settle(delivered);
    },
  };
  const source = ({ demand }: { demand: Parameters<typeof pollOnDemand>[0] }) =>
    pollOnDemand<object>(demand, () => (position === 1_000_000 ? [] : [next()]));
  const limits = { windowRecords: 10_000, span: 2_000_000 };
  await lastValueFrom(runOf({ scheduler: asapScheduler, store, sink, source, limits }));
  expect(unsettledAtFlush[0]).toBe(1_000_000);
  expect(most).toBeLessThanOrEqual(10_000);
  expect(store.position()).toBe(1_000_000);
});

test(
  'a source may answer each request by its outcome',
  marbles(({ scheduler, hot, expectObservable, flush }) => {
    const answers: string[] = [];
    const statuses: Record<Outcome['kind'], number> = { delivered: 200, filtered: 422, returned: 503, failed: 500 };
    const request = (body: string): SourceBatch<string> => ({
      records: [body],
      partition: { listener: 'http' },
      settled: (outcomes) => answers.push(`${scheduler.now()} ${body} ${statuses[outcomes.at(0).kind]}`),
    });
    const requests = hot('ab-xs--t').pipe(map(request));
    const write = (records: readonly string[]) => (records.includes('s') ? NEVER : timer(2, scheduler).pipe(ignoreElements()));
    const events = runOf({
      scheduler,
      sink: writeInOrder(write, { maxRecords: 1 }),
      source: () => requests,
      stages: [
        mapRecord((body: string) => {
          if (body === 'x') throw new Error('malformed');
          return body;
        }),
      ],
      policy: (_record, failure) => ({ kind: 'filtered', failure }),
      stop: timer(6, scheduler).pipe(map(() => ({ deadlineMs: 3 }))),
    });
    expectObservable(events.pipe(kinds)).toBe('r--f--d--|');
    flush();
    expect(answers).toEqual(['2 a 200', '3 x 422', '4 b 200', '7 t 503', '9 s 503']);
  }),
);

test(
  'a source may consume receipts: a mirror learns the offsets of its target',
  marbles(({ scheduler, expectObservable, flush }) => {
    const translated = new Map<number, unknown>();
    let written = 100;
    const sink = writeInOrder((records: readonly number[]) => {
      const base = written;
      written += records.length;
      return timer(2, scheduler).pipe(map(() => ({ receiptAt: (i: number) => base + i })));
    });
    const mirrored = (batch: SourceBatch<number>): SourceBatch<number> => ({
      ...batch,
      settled: (outcomes) => {
        for (let i = 0; i < outcomes.size; i++) {
          const outcome = outcomes.at(i);
          if (outcome.kind === 'delivered') translated.set(batch.records[i] ?? -1, outcome.receipt);
        }
      },
    });
    const source = listSource([mirrored(sourceBatch([1, 2, 3])), mirrored(sourceBatch([4], 3))]);
    expectObservable(runOf({ scheduler, sink, source, stages: [filterRecord((n: number) => n !== 2)] }).pipe(kinds)).toBe('(rd)(c|)');
    flush();
    expect([...translated]).toEqual([
      [1, 100],
      [3, 101],
      [4, 102],
    ]);
  }),
);

test(
  'N to 1: inputs are committed when their sum has settled (I1)',
  marbles(({ scheduler, expectObservable, flush }) => {
    const sum = mapBatch((numbers: readonly number[]) => ({ records: [numbers.reduce((a, b) => a + b, 0)] }), { records: 3 });
    const sink = new CollectingSink<number>({ settles: false });
    const store = new MemoryStore();
    const source = () => concat(of(sourceBatch([1, 2, 3, 4], 0), sourceBatch([5, 6, 7], 4)), NEVER);
    scheduler.schedule(() => sink.batches[1]?.ack.settle(delivered), 1);
    scheduler.schedule(() => sink.batches[0]?.ack.settle(delivered), 7);
    const events = runOf({ scheduler, sink, store, source, stages: [sum], limits: { commitIntervalMs: 5 } });
    expectObservable(events.pipe(kinds), '^-----------!').toBe('r---------c');
    flush();
    expect(sink.records).toEqual([6, 15]);
    expect(store.position()).toBe(6);
  }),
);

test(
  'N to M: with exact parents a failed child concerns its own parents only',
  marbles(({ scheduler, expectObservable, flush }) => {
    const outcomes: string[] = [];
    const pairs = mapBatch(
      (letters: readonly string[]) => ({
        records: [`${letters[0]}${letters[1]}`, `${letters[1]}${letters[2]}`],
        parents: [
          [0, 1],
          [1, 2],
        ],
      }),
      { records: 4 },
    );
    const told = (batch: SourceBatch<string>): SourceBatch<string> => ({
      ...batch,
      settled: (all) => {
        for (let i = 0; i < all.size; i++) outcomes.push(`${batch.records[i]} ${all.at(i).kind}`);
      },
    });
    const sink = {
      next: ({ records, ack }: Batch<string>) =>
        records.forEach((record, i) => {
          ack.settleAt(i, record === 'bc' ? { kind: 'returned' } : delivered);
        }),
    };
    const source = listSource([told(sourceBatch(['a', 'b'], 0)), told(sourceBatch(['c', 'd'], 2))]);
    const store = new MemoryStore();
    expectObservable(runOf({ scheduler, store, sink, source, stages: [pairs] }).pipe(kinds)).toBe('(rdc|)');
    flush();
    expect(outcomes).toEqual(['a delivered', 'b returned', 'c returned', 'd filtered']);
    expect(store.position()).toBe(1);
  }),
);

test(
  'a revoked partition is committed first; what arrives or settles later counts for nobody (I11)',
  marbles(({ scheduler, expectObservable, flush }) => {
    const emissions = new Subject<SourceBatch<string>>();
    let assignments: Assignments | undefined;
    const store = new MemoryStore();
    const held: Batch<string>[] = [];
    const calls: string[] = [];
    const p = { name: 'p' };
    const sink = {
      next: (batch: Batch<string>) => {
        calls.push(`${scheduler.now()} next ${batch.records.join('')}`);
        held.push(batch);
      },
      revoked: () => {
        calls.push(`${scheduler.now()} revoked`);
        held[0]?.ack.settle(delivered);
      },
    };
    const events = runOf({
      scheduler,
      store,
      sink,
      stages: [delay<Batch<never>>(3, scheduler)],
      source: (port) => {
        assignments = port.assignments;
        return emissions;
      },
    });
    expectObservable(events.pipe(kinds), '^------------!').toBe('r----c------');
    scheduler.schedule(() => assignments?.assign([p]).subscribe());
    for (const [frame, n] of [
      [0, 'a'],
      [1, 'b'],
      [3, 'c'],
    ] as const) {
      scheduler.schedule(() => emissions.next(sourceBatch([n], frame)), frame);
    }
    const done = () => calls.push(`${scheduler.now()} gone at ${String(store.position())}`);
    scheduler.schedule(() => assignments?.revoke([p], 'rebalance', 50).subscribe({ complete: done }), 5);
    scheduler.schedule(() => held[1]?.ack.settle(delivered), 7);
    const stop = () => calls.push(`${scheduler.now()} stored ${String(store.position())}`);
    scheduler.schedule(stop, 10);
    flush();
    // c was still on its way when the partition left: it never reaches the sink.
    expect(calls).toEqual(['3 next a', '4 next b', '5 revoked', '5 gone at 1', '10 stored 1']);
  }),
);

test(
  'a sink that does not let go delays a revocation to its deadline at most; lost partitions are not committed',
  marbles(({ scheduler, expectObservable, flush }) => {
    const store = new MemoryStore();
    const log: string[] = [];
    const sink = Object.assign(new CollectingSink<string>(), { revoked: () => NEVER });
    const source = (port: { assignments: Assignments }) => {
      const revoke = (why: 'rebalance' | 'lost') =>
        port.assignments.revoke([{ name: why }], why, 5).subscribe({ complete: () => log.push(`${scheduler.now()} ${why}`) });
      scheduler.schedule(() => revoke('rebalance'), 1);
      scheduler.schedule(() => revoke('lost'), 1);
      return concat(of(sourceBatch(['a'], 0, { name: 'rebalance' }), sourceBatch(['b'], 0, { name: 'lost' })), NEVER);
    };
    expectObservable(runOf({ scheduler, store, sink, source }).pipe(kinds), '^---------!').toBe('r-----c--');
    flush();
    expect(log).toEqual(['6 rebalance', '6 lost']);
    expect(store.position('rebalance')).toBe(1);
    expect(store.position('lost')).toBeUndefined();
  }),
);

test(
  'after a failure in the middle of a batch only what had not settled repeats (I1)',
  marbles(({ scheduler, expectObservable, flush }) => {
    const store = new MemoryStore();
    const written: number[] = [];
    let broken = true;
    const write = (records: readonly number[]) => {
      written.push(...records.filter((n) => !(broken && n === 3)));
      const at = records.indexOf(3);
      return broken && at >= 0 ? throwError(() => new BatchError(new Map([[at, new Error('disk full')]]))) : EMPTY;
    };
    const life = () => {
      const from = Number(store.position() ?? 0);
      const numbers = [0, 1, 2, 3, 4, 5].slice(from);
      return runOf({ scheduler, store, sink: writeInOrder(write), source: listSource([sourceBatch(numbers, from)]) });
    };
    const restart = tap({
      error: () => {
        broken = false;
        expect(store.position()).toBe(3);
      },
    });
    expectObservable(life().pipe(kinds, restart)).toBe('(rfc#)', undefined, new Error('disk full'));
    flush();
    life().subscribe();
    flush();
    expect(written).toEqual([0, 1, 2, 4, 5, 3, 4, 5]);
    expect(store.position()).toBe(6);
  }),
);

test(
  'what waits in a writer when its partition is revoked is not written (I11)',
  marbles(({ scheduler, expectObservable, flush }) => {
    const written: string[] = [];
    const write = (records: readonly string[]) => {
      written.push(...records);
      return timer(5, scheduler).pipe(ignoreElements());
    };
    const source = (port: { assignments: Assignments }) => {
      scheduler.schedule(() => port.assignments.revoke([{ name: 'p' }], 'lost', 50).subscribe(), 2);
      return concat(of(sourceBatch(['a']), sourceBatch(['b'], 1), sourceBatch(['c'], 0, { name: 'q' })), NEVER);
    };
    const sink = writeInOrder(write, { maxRecords: 1 });
    expectObservable(runOf({ scheduler, sink, source }).pipe(kinds), '^---------!').toBe('r--------');
    flush();
    expect(written).toEqual(['a', 'c']);
  }),
);
