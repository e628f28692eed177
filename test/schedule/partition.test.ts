import { expect, test } from 'vitest';
import { type Emission, Entry } from '../../src/schedule/entry.ts';
import { Ledger } from '../../src/schedule/ledger.ts';
import { Partition } from '../../src/schedule/partition.ts';
import { Window } from '../../src/schedule/window.ts';
import { recordingFlow } from '../record/root.ts';

const emission: Emission = { since: 0, close: () => {}, holder: () => 'node' };

function partitionOf() {
  const later = () => {};
  const window = new Window({ records: 1, bytes: 1, span: 1 }, { changed: () => {}, later });
  const ledger = new Ledger({ flow: recordingFlow(), window, later, failed: () => {}, idle: () => {} });
  const partition = new Partition('a', { p: 'a' }, 1, ledger);
  const add = (at: number, count = 1, offsetAt?: (i: number) => { at: number }) => {
    const entry = new Entry(partition, emission, { count, bytes: 0, offset: offsetAt ? undefined : { at }, offsetAt, lastRow: count - 1 });
    partition.append(entry);
    return entry;
  };
  const settle = (entry: Entry) => partition.settled(entry, entry.rest(false));
  const length = () => {
    let entries = 0;
    for (let entry = partition.head; entry !== undefined; entry = entry.next) entries += 1;
    return entries;
  };
  return { partition, add, settle, length };
}

test('what is settled behind an open batch is one entry, in whatever order it settles', () => {
  const { partition, add, settle, length } = partitionOf();
  const head = add(0);
  const behind = Array.from({ length: 1_000 }, (_, i) => add(i + 1));
  for (let i = 0; i < 1_000; i += 3) settle(behind[i] ?? head);
  for (let i = 998; i > 0; i -= 3) settle(behind[i] ?? head);
  for (let i = 1; i < 1_000; i += 3) settle(behind[i] ?? head);
  expect(length()).toBe(2);
  settle(head);
  expect(length()).toBe(0);
  expect(partition.take()).toMatchObject({ offset: { at: 1_000 }, records: 1_001 });
});

test('a batch that settled whole asks for its last offset only, and lets go of the source function', () => {
  const { partition, add, settle } = partitionOf();
  const asked: number[] = [];
  const entry = add(0, 5, (i) => {
    asked.push(i);
    return { at: i };
  });
  expect(asked).toEqual([]);
  settle(entry);
  expect(asked).toEqual([4]);
  expect(partition.take()).toMatchObject({ offset: { at: 4 }, records: 5 });
  expect(asked).toEqual([4]);
});

test('a single record asks for its offset when it is tracked, so that nothing of the batch is kept', () => {
  const { add } = partitionOf();
  const asked: number[] = [];
  add(0, 1, (i) => {
    asked.push(i);
    return { at: i };
  });
  expect(asked).toEqual([0]);
});
