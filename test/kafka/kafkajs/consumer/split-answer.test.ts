import { describe, expect, test } from 'vitest';
import { splitAnswer } from '../../../../src/kafka/kafkajs/consumer/split-answer.ts';
import { decodeBatches, encodeBatch, encodeControlBatch } from '../../../../src/kafka/record-batch/index.ts';

/** The log of one partition from its beginning, a batch of one record for each step. */
const logOf = (steps: readonly (readonly [id: bigint, what: string])[], from = 0, key = Buffer.from('k')): Buffer =>
  Buffer.concat(
    steps.map(([id, what], at) => {
      const producer = { id, epoch: 0, baseSequence: at };
      const baseOffset = from + at;
      if (what === 'abort' || what === 'commit')
        return encodeControlBatch({ type: what, producer, timestamp: 0, baseOffset, partitionLeaderEpoch: 7 }).bytes;
      const options = { now: 0, baseOffset, partitionLeaderEpoch: 7 };
      const data = [{ key, value: what }];
      return encodeBatch(data, id < 0n ? options : { ...options, producer, transactional: true }).bytes;
    }),
  );

const read = (records: Buffer, aborted: readonly (readonly [producerId: bigint, firstOffset: number])[], from = 0) => {
  const { portions, next } = splitAnswer(
    { records, aborted: aborted.map(([producerId, firstOffset]) => ({ producerId, firstOffset })) },
    from,
  );
  const values = portions.flatMap(({ batches, from: fromOffset }) =>
    decodeBatches(batches, { topic: 't', partition: 0, fromOffset }).records.map((record) => record.valueText()),
  );
  return { values, next };
};

describe('a reader of committed records', () => {
  test('sees nothing of any of several transactions that began before its position and were aborted', () => {
    const log = logOf(
      [
        [1n, 'a'],
        [2n, 'b'],
        [-1n, 'plain'],
        [1n, 'abort'],
        [2n, 'abort'],
        [1n, 'kept'],
        [1n, 'commit'],
      ],
      10,
    );
    expect(
      read(
        log,
        [
          [2n, 4],
          [1n, 3],
        ],
        10,
      ),
    ).toEqual({ values: ['plain', 'kept'], next: 17 });
  });

  test('sees nothing of an aborted transaction whose keys look like markers', () => {
    const log = logOf(
      [
        [1n, 'a'],
        [1n, 'b'],
        [1n, 'abort'],
        [1n, 'kept'],
      ],
      0,
      Buffer.alloc(4),
    );
    expect(read(log, [[1n, 0]])).toEqual({ values: ['kept'], next: 4 });
  });

  test('sees what a producer committed before, between and after what it aborted', () => {
    const log = logOf([
      [1n, 'first'],
      [1n, 'commit'],
      [1n, 'lost'],
      [2n, 'other'],
      [1n, 'abort'],
      [1n, 'second'],
      [2n, 'commit'],
      [1n, 'commit'],
      [1n, 'lost too'],
      [1n, 'abort'],
      [1n, 'third'],
    ]);
    expect(
      read(log, [
        [1n, 2],
        [1n, 8],
      ]).values,
    ).toEqual(['first', 'other', 'second', 'third']);
  });

  test('moves past markers and aborted records that are all there is', () => {
    const log = logOf([
      [1n, 'a'],
      [1n, 'abort'],
    ]);
    const { portions, next } = splitAnswer({ records: log, aborted: [{ producerId: 1n, firstOffset: 0 }] }, 0);
    expect([portions.map(({ from, next: to }) => [from, to]), next]).toEqual([[[0, 2]], 2]);
  });
});

test('hands out small batches together up to 128 KiB, and leaves one that is cut off to the next fetch', () => {
  const steps = Array.from({ length: 5 }, () => [-1n, 'x'.repeat(50_000)] as const);
  const log = logOf(steps, 100);
  const { portions, next, epoch } = splitAnswer({ records: log.subarray(0, log.length - 1), aborted: [] }, 100);
  expect(portions.map(({ from, next: to, batches }) => [from, to, batches.length])).toEqual([
    [100, 102, 2],
    [102, 104, 2],
  ]);
  expect([next, epoch]).toEqual([104, 7]);
});

test('hands out together only what one leader took, with its epoch, and what is left out with what lies before it', () => {
  const of = (offset: number, partitionLeaderEpoch: number, producer?: { readonly id: bigint; readonly epoch: number }) =>
    encodeBatch([{ key: null, value: 'v' }], {
      now: 0,
      baseOffset: offset,
      partitionLeaderEpoch,
      ...(producer && { producer: { ...producer, baseSequence: 0 }, transactional: true }),
    }).bytes;
  const aborted = { id: 1n, epoch: 0 };
  const log = Buffer.concat([of(0, 2), of(1, 2), of(2, 4), of(3, 4, aborted), of(4, 5, aborted), of(5, 6)]);
  const { portions, epoch } = splitAnswer({ records: log, aborted: [{ producerId: 1n, firstOffset: 3 }] }, 0);
  expect(portions.map((portion) => [portion.from, portion.next, portion.epoch])).toEqual([
    [0, 2, 2],
    [2, 4, 4],
    [4, 6, 6],
  ]);
  expect(epoch).toBe(6);
});

test('gives nothing and stays where it is when there is nothing', () => {
  expect(splitAnswer({ records: null, aborted: [] }, 5)).toEqual({ portions: [], next: 5, epoch: undefined });
});
