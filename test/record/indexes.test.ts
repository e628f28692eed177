import { expect, test } from 'vitest';
import { indexes } from '../../src/record/indexes.ts';

const upTo = (length: number) => Array.from({ length }, (_, i) => i * 3);

test('copies any number of indexes, and no later copy changes them', () => {
  const lengths = [0, 1, 16, 17, 100, 128, 129, 5_000];
  const copies = Array.from({ length: 60 }, () => lengths.map((length) => indexes(upTo(length))));
  for (const round of copies) expect(round.map((copy) => [...copy])).toEqual(lengths.map(upTo));
});

test('a copy does not follow its original', () => {
  const numbers = upTo(20);
  const copy = indexes(numbers);
  numbers[0] = 99;
  expect(copy[0]).toBe(0);
});
