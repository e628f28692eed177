import { describe, expect, test } from 'vitest';
import { decode, encodeBatch, encodeControlBatch, readBatches, readControlMarker } from '../../../src/kafka/record-batch/index.ts';
import recorded from './fixtures/java-4.3.1.json' with { type: 'json' };
import { BASE_TIME, contents, expected, samples } from './samples.ts';

const partition = { topic: 'orders', partition: 3 };
const java = (name: keyof typeof recorded): Buffer => Buffer.from(recorded[name], 'base64');
const lines = Array.from({ length: 700 }, (_, i) => ({ key: `key ${i}`, value: `line ${i} `.repeat(12), timestamp: BASE_TIME + i }));

describe.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)('a Java batch with compression %s', (compression) => {
  test('is read in full', () => {
    expect(contents(decode(java(compression), partition))).toEqual(expected(samples, 1000));
  });
});

test.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('a Java batch of several %s blocks is read in full', (compression) => {
  expect(contents(decode(java(`${compression} blocks`), partition))).toEqual(expected(lines));
});

test('an uncompressed batch has the same bytes as a Java client writes', () => {
  const { bytes } = encodeBatch(samples, { now: 0, baseOffset: 1000, partitionLeaderEpoch: 5 });
  expect(bytes.equals(java('none'))).toBe(true);
});

test('a transactional batch has the same bytes as a Java client writes', () => {
  const producer = { id: 4_000_000_000_000n, epoch: 3, baseSequence: 17 };
  const { bytes } = encodeBatch(samples, { now: 0, baseOffset: 1000, partitionLeaderEpoch: 5, transactional: true, producer });
  expect(bytes.equals(java('transactional'))).toBe(true);
});

test.each(['commit', 'abort'] as const)('a %s marker has the same bytes as a broker writes, and is read', (type) => {
  const producer = { id: 4_000_000_000_000n, epoch: 3 };
  const { bytes } = encodeControlBatch({
    type,
    producer,
    timestamp: BASE_TIME,
    baseOffset: 1005,
    partitionLeaderEpoch: 5,
    coordinatorEpoch: 11,
  });
  expect(bytes.toString('hex')).toBe(java(type).toString('hex'));
  const [batch] = readBatches(java(type));
  expect(batch && readControlMarker(batch)).toEqual({ type, coordinatorEpoch: 11 });
});

test('the time of the broker replaces those of the records', () => {
  const batch = decode(java('log append time'), partition);
  expect(batch.timestampType).toBe('LogAppendTime');
  expect(batch.records.map((record) => record.timestamp)).toEqual(Array(5).fill(BASE_TIME + 9));
});

test('a compacted batch keeps the offsets of what is left', () => {
  const batch = decode(java('compacted'), partition);
  expect(batch.records.map((record) => record.offset)).toEqual([1000, 1002, 1004]);
  expect(batch.nextOffset).toBe(1005);
  expect(decode(java('compacted'), { ...partition, fromOffset: 1001 })).toMatchObject({ count: 2, firstOffset: 1002 });
});

test('format 1 is refused by name', () => {
  expect(() => decode(java('magic 1'), partition)).toThrow(/has format 1, and only format 2/);
});
