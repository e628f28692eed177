import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SourcePartition } from '../../src/sdk/source.ts';
import { divideFairly, SinkShares } from '../../src/worker/sink-shares.ts';

const partition = (number: number): SourcePartition => ({ kafka_topic: 't', kafka_partition: number });
const partitions = (count: number): readonly SourcePartition[] => Array.from({ length: count }, (_, number) => partition(number));
const numbers = (given: Iterable<SourcePartition>): readonly number[] => [...given].map((each) => Number(each.kafka_partition));
const nothing = new Set<string>();

test('divides evenly, in order', () => {
  expect(divideFairly(['a', 'b', 'c', 'd', 'e'], [0, 1], () => nothing)).toEqual(
    new Map([
      [0, ['a', 'b', 'c']],
      [1, ['d', 'e']],
    ]),
  );
});

test('leaves partitions where they are while that is fair', () => {
  const has = new Map([
    [0, new Set(['a', 'b'])],
    [1, new Set(['c', 'd', 'e', 'f'])],
  ]);
  expect(divideFairly(['a', 'b', 'c', 'd', 'e', 'f'], [0, 1, 2], (task) => has.get(task) ?? nothing)).toEqual(
    new Map([
      [0, ['a', 'b']],
      [1, ['c', 'd']],
      [2, ['e', 'f']],
    ]),
  );
});

test('gives a partition on only when the task that had it has let go', () => {
  const told: [number, readonly number[]][] = [];
  const shares = new SinkShares((task, _number, share) => told.push([task, numbers(share)]));
  shares.found(0, partitions(2));
  shares.holding(0, 1, partitions(2));
  shares.found(1, partitions(2));
  expect(told.splice(0)).toEqual([
    [0, [0, 1]],
    [0, [0]],
    [1, []],
  ]);
  shares.holding(0, 2, [partition(0)]);
  expect(told.splice(0)).toEqual([[1, [1]]]);
  shares.left(0);
  expect(told.splice(0)).toEqual([[1, [1, 0]]]);
});

/** Tasks that answer late, in any order between them: each reads what it was told, once it has let go of the rest. */
class Readers {
  count = 5;
  readonly #shares = new SinkShares((task, number, share) => this.#told.get(task)?.push({ number, partitions: numbers(share) }));
  readonly #told = new Map<number, { readonly number: number; readonly partitions: readonly number[] }[]>();
  readonly #reads = new Map<number, readonly number[]>();

  do({ kind, task }: Step): void {
    if (kind === 'answer') this.#answer(task);
    else if (kind === 'leave') {
      this.#reads.delete(task);
      if (this.#told.delete(task)) this.#shares.left(task);
    } else if (kind === 'join' && !this.#told.has(task)) {
      this.#told.set(task, []);
      this.#shares.found(task, partitions(this.count));
    } else if (kind === 'grow' && this.#told.has(task)) this.#shares.found(task, partitions(++this.count));
  }

  /** Until nobody has anything left to say. */
  settle(): void {
    while ([...this.#told.values()].some((left) => left.length > 0)) for (const task of this.#told.keys()) this.#answer(task);
  }

  get tasks(): number {
    return this.#told.size;
  }

  /** What is read, by each task. */
  get reads(): readonly (readonly number[])[] {
    return Array.from(this.#told.keys(), (task) => this.#reads.get(task) ?? []);
  }

  #answer(task: number): void {
    const next = this.#told.get(task)?.shift();
    if (next === undefined) return;
    this.#reads.set(task, next.partitions);
    this.#shares.holding(task, next.number, next.partitions.map(partition));
  }
}

type Step = { readonly kind: 'join' | 'leave' | 'grow' | 'answer'; readonly task: number };

const sorted = (lists: readonly (readonly number[])[]) => lists.flat().sort((a, b) => a - b);
const once = (lists: readonly (readonly number[])[]) => expect(sorted(lists)).toEqual([...new Set(sorted(lists))]);

test('what a task may be reading since stays its own when it answers an older assignment', () => {
  const readers = new Readers();
  for (const [kind, task] of [
    ['join', 0],
    ['grow', 0],
    ['answer', 0],
    ['join', 1],
    ['answer', 0],
    ['answer', 1],
  ] as const) {
    readers.do({ kind, task });
    once(readers.reads);
  }
  readers.settle();
  expect(sorted(readers.reads)).toEqual([0, 1, 2, 3, 4, 5]);
});

test('whatever comes and goes, no partition is with two tasks, and each is with one in the end (T8)', () => {
  // Few tasks, many answers and lists far longer than fast-check makes by itself: it takes half a dozen steps of the right kind to go wrong.
  const weights = { join: 3, leave: 1, grow: 3, answer: 6 } as const satisfies Record<Step['kind'], number>;
  const step = fc.oneof(
    ...(Object.keys(weights) as Step['kind'][]).map((kind) => ({
      weight: weights[kind],
      arbitrary: fc.record({ kind: fc.constant(kind), task: fc.nat(2) }),
    })),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
      const readers = new Readers();
      for (const each of steps) {
        readers.do(each);
        once(readers.reads);
      }
      readers.settle();
      if (readers.tasks === 0) return;
      const sizes = readers.reads.map(({ length }) => length);
      expect(sorted(readers.reads)).toEqual(Array.from({ length: readers.count }, (_, number) => number));
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
    { numRuns: 300 },
  );
});
