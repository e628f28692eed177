import { expect, test } from 'vitest';
import { halfTransactions, wrongNumbers, wrongTransactions } from './verdict.ts';

test('numbers that are lost, come twice or change places are named', () => {
  expect(wrongNumbers(['0', '1', '2'], 3)).toEqual([]);
  expect(wrongNumbers(['0', '2', '1'], 4)).toEqual(['1 to 1 are lost or late', '1 comes again or late, behind 2', '3 to 3 are lost']);
  expect(wrongNumbers(['0', '0'], 1)).toEqual(['0 comes again or late, behind 0']);
});

test('a transaction must be whole where it was committed, absent where it was aborted, and either where its end is unknown', () => {
  const of = (number: number) => [0, 1, 2].map((record) => `${number}:${record}`);
  const ends = ['committed', 'aborted', 'unknown', 'unknown'] as const;
  expect(wrongTransactions([...of(0), ...of(3)], ends)).toEqual([]);
  expect(wrongTransactions(of(1), ends)).toEqual([
    'transaction 0 is committed, and its records are missing',
    'transaction 1 is aborted, and its records are 0,1,2',
  ]);
  expect(wrongTransactions([...of(0), '2:0', '2:2'], ends)).toEqual(['transaction 2 is unknown, and its records are 0,2']);
  expect(wrongTransactions([...of(2), ...of(0)], ends)).toEqual(['a record of transaction 0 comes behind 2']);
  expect(halfTransactions([of(0), [...of(0), ...of(2)]])).toEqual(['transaction 2 is not in all partitions']);
});
