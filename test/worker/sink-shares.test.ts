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
  const shares = new SinkShares((task, share) => told.push([task, numbers(share)]));
  shares.found(0, partitions(2));
  shares.holding(0, partitions(2));
  shares.found(1, partitions(2));
  expect(told.splice(0)).toEqual([
    [0, [0, 1]],
    [0, [0]],
    [1, []],
  ]);
  shares.holding(0, [partition(0)]);
  expect(told.splice(0)).toEqual([[1, [1]]]);
  shares.left(0);
  expect(told.splice(0)).toEqual([[1, [1, 0]]]);
});

/** A task that answers late, in any order: reads what it was told, once it has let go of the rest. */
class Reader {
  reads = new Set<number>();
  readonly told: (readonly number[])[] = [];
}

test('whatever comes and goes, no partition is with two tasks, and each is with one in the end (T8)', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('join' as const), task: fc.nat(3) }),
    fc.record({ kind: fc.constant('leave' as const), task: fc.nat(3) }),
    fc.record({ kind: fc.constant('grow' as const), task: fc.nat(3) }),
    fc.record({ kind: fc.constant('answer' as const), task: fc.nat(3) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let count = 5;
      const readers = new Map<number, Reader>();
      const shares = new SinkShares((task, share) => readers.get(task)?.told.push(numbers(share)));
      const answer = (task: number): void => {
        const reader = readers.get(task);
        const next = reader?.told.shift();
        if (reader === undefined || next === undefined) return;
        reader.reads = new Set(next);
        shares.holding(task, next.map(partition));
      };
      const alone = () => {
        const all = [...readers.values()].flatMap(({ reads }) => [...reads]);
        expect(new Set(all).size).toBe(all.length);
        return all;
      };
      for (const { kind, task } of steps) {
        if (kind === 'join' && !readers.has(task)) {
          readers.set(task, new Reader());
          shares.found(task, partitions(count));
        }
        if (kind === 'leave' && readers.delete(task)) shares.left(task);
        if (kind === 'grow' && readers.has(task)) shares.found(task, partitions(++count));
        if (kind === 'answer') answer(task);
        alone();
      }
      for (let round = 0; round < 20; round++) for (const task of readers.keys()) answer(task);
      const sizes = [...readers.values()].map(({ reads }) => reads.size);
      if (readers.size === 0) return;
      expect(alone().toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, number) => number));
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
    { numRuns: 300 },
  );
});
