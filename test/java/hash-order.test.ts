import { expect, test } from 'vitest';
import { hashOrder } from '../../src/java/hash-order.ts';

test("texts come in the order of Java's HashMap, also when the same ones were asked for before", () => {
  const orders = [
    [
      ['name', 'id', 'email'],
      ['name', 'id', 'email'],
    ],
    [
      ['email', 'id', 'name'],
      ['name', 'id', 'email'],
    ],
    [
      ['zip', 'score', 'town', 'street', 'name', 'active', 'id', 'region', 'email'],
      ['zip', 'score', 'town', 'street', 'name', 'active', 'id', 'region', 'email'],
    ],
  ] as const;
  for (let turn = 0; turn < 2; turn++) for (const [given, order] of orders) expect(hashOrder(given)).toEqual(order);
});

test('of texts in one bucket the one put in first comes first, whatever was asked for before', () => {
  expect(hashOrder(['Aa', 'BB'])).toEqual(['Aa', 'BB']);
  expect(hashOrder(['BB', 'Aa'])).toEqual(['BB', 'Aa']);
  expect(hashOrder(['Aa', 'BB'])).toEqual(['Aa', 'BB']);
});

test('a list that changes after it was asked for does not change what others are told', () => {
  const given = ['b', 'a'];
  expect(hashOrder(given)).toEqual(['a', 'b']);
  given[0] = 'c';
  expect(hashOrder(given)).toEqual(['a', 'c']);
  expect(hashOrder(['b', 'a'])).toEqual(['a', 'b']);
});
