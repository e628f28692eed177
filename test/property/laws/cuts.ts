import { deepStrictEqual as same } from 'node:assert/strict';
import { EMPTY, NEVER, VirtualTimeScheduler } from 'rxjs';
import type { Batch } from '../../../src/record/batch.ts';
import type { OffsetStore, SourceBatch } from '../../../src/sdk/source.ts';
import { assertOver, type Choices } from './choices.ts';
import type { RunCore, RunLaw } from './run-core.ts';

/** What a record may do in one operator, by its number: chosen once for all cuts. */
interface Behaviour {
  readonly flaky: readonly number[];
  readonly group: number;
  readonly grouped: boolean;
}

/** I12: the same records, cut into other batches, give the same output, the same outcomes and the same offsets. */
export const cutsLaw: RunLaw = (core, options = {}) => {
  assertOver(
    (choices) => {
      const size = 1 + choices.below(40);
      const flaky = Array.from({ length: size }, () => choices.below(5));
      const behaviour = { flaky, group: 1 + choices.below(6), grouped: choices.maybe(2) };
      same(resultOf(core, choices, behaviour), resultOf(core, choices, behaviour));
    },
    { runs: 200, ...options },
    200,
  );
};

function resultOf(core: RunCore, choices: Choices, behaviour: Behaviour) {
  const scheduler = new VirtualTimeScheduler(undefined, 100_000);
  const output: unknown[] = [];
  const outcomes: string[] = [];
  let stored: unknown;
  const offsets: OffsetStore = {
    load: () => EMPTY,
    save: ([last]) => {
      stored = last?.offset;
      return EMPTY;
    },
  };
  const batches = cutUp(choices, behaviour.flaky.length, outcomes);
  core
    .run({
      source: { name: 'source', open: ({ demand }) => core.pollOnDemand(demand, () => batches.splice(0, 1), { scheduler }) },
      stages: stagesOf(core, behaviour).map((operator, i) => ({ name: `stage-${i}`, operator: operator as never })),
      sink: {
        name: 'sink',
        sink: {
          next: ({ records, ack }: Batch<unknown>) => {
            output.push(...records);
            ack.settle({ kind: 'delivered', receipt: undefined });
          },
        },
      },
      offsets,
      policy: (_record, failure) => ({ kind: 'filtered', failure }),
      retry: (_error, attempt) => (attempt < 3 ? 2 : undefined),
      limits: core.defaultLimits,
      time: scheduler,
      macrotask: scheduler,
      stop: NEVER,
    })
    .subscribe();
  scheduler.flush();
  return { output, outcomes, stored };
}

function stagesOf({ mapRecord, filterRecord, flatMapRecord, mapBatch, when }: RunCore, { flaky, group, grouped }: Behaviour) {
  const tries = new Map<number, number>();
  const attempt = mapRecord((n: number) => {
    const tried = tries.get(n) ?? 0;
    tries.set(n, tried + 1);
    if (tried < (flaky[n] ?? 0)) throw new Error('flaky');
    return n;
  });
  const split = when(
    (n: number) => n % 3 === 0,
    flatMapRecord((n: number) => [n, n + 0.5]),
  );
  const lifts = [attempt, filterRecord((n: number) => n % 5 !== 3), split];
  return grouped ? [...lifts, mapBatch((numbers: readonly number[]) => ({ records: [numbers.join()] }), { records: group })] : lifts;
}

function cutUp(choices: Choices, size: number, outcomes: string[]): SourceBatch<number>[] {
  const batches: SourceBatch<number>[] = [];
  for (let from = 0; from < size; ) {
    const count = Math.min(size - from, 1 + choices.below(9));
    const first = from;
    batches.push({
      records: Array.from({ length: count }, (_, i) => first + i),
      partition: { name: 'p' },
      offsetAt: (i) => ({ position: first + i + 1 }),
      settled: (all) => {
        for (let i = 0; i < all.size; i++) outcomes[first + i] = all.at(i).kind;
      },
    });
    from += count;
  }
  return batches;
}
