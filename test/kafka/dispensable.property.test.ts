import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dispensable } from '../../src/kafka/dispensable.ts';

const cursors = fc.array(fc.record({ paused: fc.boolean(), pausedAt: fc.nat(3) }), { minLength: 1, maxLength: 4 });
const chunks = fc.array(fc.record({ of: fc.nat(3), bytes: fc.integer({ min: 1, max: 9 }) }), { maxLength: 16 });
const sum = (buffer: readonly { readonly bytes: number }[]) => buffer.reduce((total, { bytes }) => total + bytes, 0);

test('only ends of what paused partitions hold are given up, no more than is needed, and nothing where all is too little', () => {
  fc.assert(
    fc.property(cursors, chunks, fc.integer({ min: 1, max: 40 }), (partitions, sizes, needed) => {
      const buffer = sizes.flatMap(({ of, bytes }) => {
        const cursor = partitions[of % partitions.length];
        return cursor === undefined ? [] : [{ cursor, bytes }];
      });
      const paused = buffer.filter(({ cursor }) => cursor.paused);
      const given = [...dispensable(buffer, needed)];
      if (sum(paused) < needed) return given.length === 0;
      const enough = sum(given) >= needed && sum(given.slice(0, -1)) < needed;
      const ends = [...Map.groupBy(buffer, ({ cursor }) => cursor).values()].every((held) => {
        const first = held.findIndex((chunk) => given.includes(chunk));
        return first < 0 || held.slice(first).every((chunk) => given.includes(chunk));
      });
      return enough && ends && given.every(({ cursor }) => cursor.paused);
    }),
  );
});

test('the partition that is paused longest gives first, and its next chunk last', () => {
  const [late, early, read] = [2, 1, 0].map((pausedAt) => ({ paused: pausedAt > 0, pausedAt }));
  const buffer = [late, late, early, early, read, early].flatMap((cursor, at) => (cursor === undefined ? [] : [{ cursor, bytes: 10, at }]));
  const given = (bytes: number) => [...dispensable(buffer, bytes)].map(({ at }) => at);
  expect(given(10)).toEqual([5]);
  expect(given(25)).toEqual([5, 3, 1]);
  expect(given(50)).toEqual([5, 3, 1, 2, 0]);
  expect(given(51)).toEqual([]);
});
