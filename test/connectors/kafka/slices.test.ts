import { expect, test } from 'vitest';
import { Slices } from '../../../connectors/kafka/slices.ts';
import type { InBatch, InRecord } from '../../../src/kafka/index.ts';

/** A fetched batch of records at these offsets, behind which control records lie up to `nextOffset`. */
function fetched(offsets: readonly number[], nextOffset: number, leaderEpoch?: number): { batch: InBatch; releases: () => number } {
  let releases = 0;
  const records = offsets.map(
    (offset): InRecord => ({
      origin,
      offset,
      timestamp: 0,
      key: null,
      value: null,
      keyText: () => null,
      valueText: () => null,
      headers: [],
    }),
  );
  const batch = {
    topic: 't',
    partition: 0,
    count: records.length,
    byteLength: 100,
    nextOffset,
    leaderEpoch,
    timestampType: 'CreateTime',
    records,
    release: () => void releases++,
  };
  return { batch: batch as unknown as InBatch, releases: () => releases };
}
const origin = { topic: 't', partition: 0, timestampType: 'CreateTime' } as const;
const name = { kafka_topic: 't', kafka_partition: 0 };
const offsetsOf = (slice: ReturnType<Slices['take']>) => slice.records.map((_, index) => slice.offsetAt?.(index).kafka_offset);

test('goes on behind control records after the last record of a batch, and only there', () => {
  const slices = new Slices(fetched([5, 6, 7, 8], 12).batch, name);
  expect(offsetsOf(slices.take(2))).toEqual([6, 7]);
  expect(offsetsOf(slices.take(2))).toEqual([8, 12]);
  expect(slices.left).toBe(0);
});

test('tells the leader epoch of the batch with each offset, where there is one', () => {
  const dense = new Slices(fetched([5, 6], 7, 3).batch, name).take(2);
  const sparse = new Slices(fetched([5, 9], 10, 3).batch, name).take(2);
  expect([dense.offsetAt?.(0), dense.offsetAt?.(1)]).toEqual([6, 7].map((offset) => ({ kafka_offset: offset, kafka_leader_epoch: 3 })));
  expect([sparse.offsetAt?.(0), sparse.offsetAt?.(1)]).toEqual([6, 10].map((offset) => ({ kafka_offset: offset, kafka_leader_epoch: 3 })));
  expect(new Slices(fetched([5], 6).batch, name).take(1).offsetAt?.(0)).toStrictEqual({ kafka_offset: 6 });
});

test('knows the gaps that compaction leaves', () => {
  const slices = new Slices(fetched([5, 9, 10, 20], 21).batch, name);
  expect(offsetsOf(slices.take(3))).toEqual([6, 10, 11]);
  expect(offsetsOf(slices.take(3))).toEqual([21]);
});

test('gives the fetch credit back when every piece is released, and once', () => {
  const { batch, releases } = fetched([1, 2, 3], 4);
  const slices = new Slices(batch, name);
  const first = slices.take(1);
  first.released?.();
  expect(releases()).toBe(0);
  const second = slices.take(1);
  const third = slices.take(1);
  third.released?.();
  expect(releases()).toBe(0);
  second.released?.();
  expect(releases()).toBe(1);
});

test('gives back at once what is dropped before it is emitted', () => {
  const { batch, releases } = fetched([1, 2, 3], 4);
  new Slices(batch, name).drop();
  expect(releases()).toBe(1);
});

test('gives back what is dropped in part when the emitted part is released', () => {
  const { batch, releases } = fetched([1, 2, 3], 4);
  const slices = new Slices(batch, name);
  const first = slices.take(1);
  slices.drop();
  expect(releases()).toBe(0);
  first.released?.();
  expect(releases()).toBe(1);
});

test('divides the bytes of a batch among its pieces', () => {
  const slices = new Slices(fetched([1, 2, 3, 4], 5).batch, name);
  expect([slices.take(1).bytes, slices.take(3).bytes]).toEqual([25, 75]);
});
