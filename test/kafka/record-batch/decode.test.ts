import { expect, test, vi } from 'vitest';
import { DriverError } from '../../../src/kafka/driver.ts';
import { decode, encodeBatch, encodeControlBatch, patchBatch, readBatches } from '../../../src/kafka/record-batch/index.ts';
import { contents, expected, samples } from './samples.ts';

const partition = { topic: 'orders', partition: 3 };
const batchAt = (baseOffset: number) => encodeBatch(samples, { now: 0, baseOffset }).bytes;
const refusal = (act: () => unknown): { kind: string; code: number | undefined; message: string } => {
  try {
    act();
  } catch (error) {
    if (error instanceof DriverError) return { kind: error.kind, code: error.code, message: error.message };
    throw error;
  }
  throw new Error('not refused');
};

test('batches behind each other are one batch, markers only move its end', () => {
  const marker = encodeControlBatch({ type: 'commit', producer: { id: 1n, epoch: 0 }, timestamp: 0, baseOffset: 25 }).bytes;
  const bytes = Buffer.concat([batchAt(10), batchAt(20), marker]);
  const batch = decode(bytes, { ...partition, highWatermark: 40, lastStableOffset: 30 });
  expect(contents(batch)).toEqual([...expected(samples, 10), ...expected(samples, 20)]);
  expect(batch).toMatchObject({
    topic: 'orders',
    partition: 3,
    count: 10,
    byteLength: bytes.length,
    firstOffset: 10,
    nextOffset: 26,
    highWatermark: 40,
    lastStableOffset: 30,
    timestampType: 'CreateTime',
  });
});

test('a batch cut off at the end is left out, wherever it is cut', () => {
  const first = batchAt(0);
  const both = Buffer.concat([first, batchAt(5)]);
  for (let end = first.length; end < both.length; end++) {
    expect(decode(both.subarray(0, end), partition).nextOffset).toBe(5);
  }
});

test('the reader says up to where whole batches lay', () => {
  const batches = readBatches(Buffer.concat([batchAt(0), batchAt(5).subarray(0, 100)]));
  expect(batches.next().done).toBe(false);
  expect(batches.next()).toEqual({ done: true, value: batchAt(0).length });
});

test('records before the position of the reader are left out', () => {
  const bytes = Buffer.concat([batchAt(10), batchAt(20)]);
  expect(contents(decode(bytes, { ...partition, fromOffset: 12 }))).toEqual([...expected(samples, 10), ...expected(samples, 20)].slice(2));
  expect(decode(bytes, { ...partition, fromOffset: 22 })).toMatchObject({ count: 3, firstOffset: 22, nextOffset: 25 });
  expect(decode(bytes, { ...partition, fromOffset: 25 })).toMatchObject({ count: 0, firstOffset: 25, nextOffset: 25 });
});

test('a detached batch keeps its records when the buffer is used again', () => {
  const bytes = batchAt(10);
  const kept = decode(bytes, { ...partition, fromOffset: 11 }).detach();
  bytes.fill(0);
  expect(contents(kept)).toEqual(expected(samples, 10).slice(1));
  expect(kept).toMatchObject({ firstOffset: 11, nextOffset: 15, count: 4 });
});

test('credit is given back once, by the batch and not by its copy', () => {
  const onRelease = vi.fn();
  const batch = decode(batchAt(0), { ...partition, onRelease });
  batch.detach().release();
  expect(onRelease).not.toHaveBeenCalled();
  batch.release();
  batch.release();
  expect(onRelease).toHaveBeenCalledTimes(1);
});

test('a batch patched to its place in the log keeps its checksum', () => {
  const bytes = Buffer.concat([batchAt(0), batchAt(0)]);
  patchBatch(bytes, { baseOffset: 2 ** 40, partitionLeaderEpoch: 6 }, bytes.length / 2);
  const [, second] = readBatches(bytes);
  expect(second).toMatchObject({ baseOffset: 2 ** 40, partitionLeaderEpoch: 6 });
  expect(() => second?.checkCrc()).not.toThrow();
  patchBatch(bytes, { baseOffset: 7 });
  expect([...readBatches(bytes)].map((batch) => [batch.baseOffset, batch.partitionLeaderEpoch])).toEqual([
    [7, -1],
    [2 ** 40, 6],
  ]);
});

test('one changed bit behind the checksum is found, unless the check is off', () => {
  const bytes = batchAt(0);
  bytes[bytes.length - 2] = (bytes[bytes.length - 2] ?? 0) ^ 1;
  expect(refusal(() => decode(bytes, partition))).toMatchObject({ kind: 'invalid', code: 2, message: expect.stringContaining('checksum') });
  expect(decode(bytes, { ...partition, checkCrc: false }).count).toBe(5);
});

test.each([0, 1, 3, -1])('format %i is refused by name', (magic) => {
  const bytes = batchAt(0);
  bytes.writeInt8(magic, 16);
  expect(refusal(() => decode(bytes, partition))).toMatchObject({
    kind: 'invalid',
    code: 43,
    message: expect.stringContaining(`format ${magic},`),
  });
});

test('an unknown compression type is refused by name', () => {
  const bytes = batchAt(0);
  bytes.writeInt16BE(5, 21);
  expect(refusal(() => decode(bytes, { ...partition, checkCrc: false }))).toMatchObject({
    code: 76,
    message: expect.stringContaining('type 5'),
  });
});

test.each([
  ['a length shorter than the header', 8, 48, /48 bytes/],
  ['a negative length', 8, -1, /-1 bytes/],
  ['more records than bytes', 57, 2_000_000_000, /2000000000 records/],
  ['a negative count', 57, -1, /-1 records/],
  ['fewer records than there are', 57, 4, /bytes follow its last record/],
  ['a negative last offset', 23, -5, /up to -5/],
  ['a last offset before the last record', 23, 3, /offset 4 follows 3 of 3/],
  ['a base offset beyond 2^53', 0, 0x7fff_ffff, /out of range/],
  ['a negative base offset', 0, -1, /out of range/],
])('%s is refused', (_name, at, value, message) => {
  const bytes = batchAt(0);
  bytes.writeInt32BE(value, at);
  expect(refusal(() => decode(bytes, { ...partition, checkCrc: false }))).toMatchObject({
    kind: 'invalid',
    message: expect.stringMatching(message),
  });
});

test.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('a %s batch that grows beyond the limit is refused', (compression) => {
  const { bytes, uncompressedBytes } = encodeBatch([{ key: null, value: new Uint8Array(20_000_000) }], { now: 0, compression });
  expect(bytes.length).toBeLessThan(2_000_000);
  expect(refusal(() => decode(bytes, { ...partition, maxDecompressedBytes: 10_000_000 }))).toMatchObject({
    kind: 'invalid',
    message: expect.stringContaining('limit of 10000000 bytes'),
  });
  expect(decode(bytes, { ...partition, maxDecompressedBytes: uncompressedBytes }).records[0]?.value?.length).toBe(20_000_000);
});

test('an lz4 bomb behind the first frame is not opened', () => {
  const first = encodeBatch(samples, { now: 0, compression: 'lz4' }).bytes;
  const bomb = encodeBatch([{ key: null, value: new Uint8Array(50_000_000) }], { now: 0, compression: 'lz4' }).bytes;
  const bytes = Buffer.concat([first, bomb.subarray(61)]);
  bytes.writeInt32BE(bytes.length - 12, 8);
  expect(contents(decode(bytes, { ...partition, checkCrc: false, maxDecompressedBytes: 1000 }))).toEqual(expected(samples));
});
