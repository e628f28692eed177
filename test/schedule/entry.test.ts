import { expect, test } from 'vitest';
import { Entry, type EntryFacts, type Queue } from '../../src/schedule/entry.ts';
import { Lane } from '../../src/schedule/window.ts';

function entryOf(count: number, facts: Partial<EntryFacts> = {}) {
  const errors: unknown[] = [];
  const queue: Queue = { lane: new Lane(), settled: () => {}, fail: (error) => errors.push(error) };
  const emission = { since: 0, close: () => {}, holder: () => 'node' };
  const all = { count, bytes: 0, offset: undefined, offsetAt: (i: number) => ({ at: i }), lastRow: count - 1, ...facts };
  return { entry: new Entry(queue, emission, all), errors };
}

test('the watermark moves with the first records that settle, and over those that settled before them (I1)', () => {
  const { entry } = entryOf(5);
  expect(entry.one(2, false)).toBe(true);
  expect([entry.watermark, entry.offsetAtWatermark()]).toEqual([0, undefined]);
  entry.one(0, false);
  expect([entry.watermark, entry.offsetAtWatermark()]).toEqual([1, { at: 0 }]);
  entry.one(1, false);
  expect([entry.watermark, entry.offsetAtWatermark()]).toEqual([3, { at: 2 }]);
  expect([entry.left, entry.done]).toEqual([2, false]);
});

test('a position settles once (I3)', () => {
  const { entry } = entryOf(2);
  expect([entry.one(1, false), entry.one(1, true), entry.one(0, false), entry.one(0, false)]).toEqual([true, false, true, false]);
  expect([entry.left, entry.done]).toEqual([0, true]);
});

test('the first record that settled badly stops the watermark, whenever it settled (I1)', () => {
  const { entry } = entryOf(4);
  entry.one(3, true);
  entry.one(1, true);
  expect(entry.rest(false)).toBe(2);
  expect([entry.left, entry.watermark, entry.done, entry.offsetAtWatermark()]).toEqual([0, 1, false, { at: 0 }]);
});

test('a bad end of the rest stops the watermark at the first of them', () => {
  const { entry } = entryOf(4);
  entry.one(0, false);
  expect(entry.rest(true)).toBe(3);
  expect([entry.watermark, entry.done]).toEqual([1, false]);
});

test('without offsets of single records it is committable only as a whole', () => {
  const { entry } = entryOf(3, { offsetAt: undefined, offset: { at: 9 } });
  entry.one(0, false);
  expect(entry.offsetAtWatermark()).toBeUndefined();
  entry.rest(false);
  expect([entry.done, entry.offset]).toEqual([true, { at: 9 }]);
});

test('rows say where its records are in a batch of several partitions', () => {
  const { entry } = entryOf(2);
  entry.rows = Uint32Array.of(4, 7);
  entry.one(0, false);
  expect(entry.offsetAtWatermark()).toEqual({ at: 4 });
});

test('a source that throws for the last offset fails the task, not the settle', () => {
  const { entry, errors } = entryOf(2, {
    offsetAt: () => {
      throw new Error('no offset');
    },
  });
  entry.rest(false);
  entry.finish();
  expect(errors).toEqual([new Error('no offset')]);
});
