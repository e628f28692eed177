import { expect, test } from 'vitest';
import { Ledger } from '../../src/schedule/ledger.ts';
import { divide } from '../../src/schedule/mixture.ts';
import { Partition } from '../../src/schedule/partition.ts';
import { Window } from '../../src/schedule/window.ts';
import { recordingFlow } from '../record/root.ts';

const nothing = () => {};
const window = new Window({ records: 1, bytes: 1, span: 1 }, { changed: nothing, later: nothing });
const ledger = new Ledger({ flow: recordingFlow(), window, later: nothing, failed: nothing, idle: nothing });
const emission = { since: 0, close: nothing, holder: () => 'node' };

/** Divides a batch whose records are the names of their partitions. */
function divided(names: string, bytes?: number) {
  const partitions = new Map([...new Set(names)].map((name) => [name, new Partition(name, { name }, 1, ledger)]));
  const records = [...names];
  const offsets = { offset: { at: records.length - 1 }, offsetAt: (at: number) => ({ at }) };
  const batch = { records, partitionAt: (i: number) => ({ name: records[i] }), ...offsets, ...(bytes === undefined ? {} : { bytes }) };
  return divide(batch, (i) => partitions.get(records[i] ?? '') ?? new Partition('?', {}, 1, ledger), emission);
}

test('a batch of one partition is one entry and needs no lookup', () => {
  const { entries, mixture } = divided('aaa');
  expect([entries.map(({ count }) => count), mixture]).toEqual([[3], undefined]);
});

test('an empty batch has no entry', () => {
  expect(divided('')).toEqual({ entries: [], mixture: undefined });
});

test('every record is found in the entry of its partition, at its position there', () => {
  const { entries, mixture } = divided('abacb');
  const keys = Array.from({ length: 5 }, (_, i) => (mixture?.entryOf(i)?.queue as Partition | undefined)?.key);
  expect(keys).toEqual(['a', 'b', 'a', 'c', 'b']);
  expect(Array.from({ length: 5 }, (_, i) => mixture?.positionOf(i))).toEqual([0, 0, 1, 0, 1]);
  expect(entries.map(({ rows }) => [...(rows ?? [])])).toEqual([[0, 2], [1, 4], [3]]);
  expect(entries.map(({ sibling }) => sibling)).toEqual([entries[1], entries[2], undefined]);
});

test('bytes are shared by records, and none is lost', () => {
  expect(divided('abacb', 101).entries.map(({ bytes }) => bytes)).toEqual([40, 40, 21]);
});

test('the offset of the batch is that of its last record; others have their own', () => {
  const { entries } = divided('aab');
  for (const entry of entries) {
    entry.rest(false);
    entry.finish();
  }
  expect(entries.map(({ offset }) => offset)).toEqual([{ at: 1 }, { at: 2 }]);
});
