import { expect, test } from 'vitest';
import { topicPattern } from '../../src/kafka/index.ts';

const names = ['orders', 'orders-1', 'my-orders', 'a.b', 'a-b'];
const matched = (pattern: string) => names.filter((name) => topicPattern(pattern).test(name));

test('a pattern is for the whole name, alternatives included', () => {
  expect(matched('orders|a.b')).toEqual(['orders', 'a.b', 'a-b']);
});

test('a pattern is in the syntax of Java', () => {
  expect(matched('(?i)ORDERS.*')).toEqual(['orders', 'orders-1']);
  expect(matched('\\p{Lower}++')).toEqual(['orders']);
  expect(matched('\\Qa.b\\E')).toEqual(['a.b']);
});

test('a pattern that is none is refused in the words of Java', () => {
  expect(() => topicPattern('a(')).toThrow('Unclosed group');
});
