import { expect, test } from 'vitest';
import { delivered, filtered, returned } from '../../src/record/outcome.ts';
import { OutcomeLog } from '../../src/schedule/outcome-log.ts';

const kinds = (log: OutcomeLog) => Array.from({ length: log.size }, (_, i) => log.at(i).kind);

test('what is not settled yet counts as returned', () => {
  expect(kinds(new OutcomeLog(2))).toEqual(['returned', 'returned']);
});

test('one outcome stands for all records of a batch that settled whole', () => {
  const log = new OutcomeLog(3);
  log.rest(delivered);
  expect(kinds(log)).toEqual(['delivered', 'delivered', 'delivered']);
});

test('records that settled singly keep their outcome when the others settle', () => {
  const log = new OutcomeLog(4);
  log.one(2, filtered);
  log.one(0, returned);
  log.rest(delivered);
  expect(kinds(log)).toEqual(['returned', 'delivered', 'filtered', 'delivered']);
});

test('an empty batch has none', () => {
  const log = new OutcomeLog(0);
  log.rest(delivered);
  expect(kinds(log)).toEqual([]);
});
