import { describe, expect, test } from 'vitest';
import type { OutRecord } from '../../../src/kafka/driver.ts';
import { decode, encodeBatch, encodeControlBatch, readBatches, readControlMarker } from '../../../src/kafka/record-batch/index.ts';
import { BASE_TIME, contents, expected, samples } from './samples.ts';

const partition = { topic: 'orders', partition: 3 };
const only = (bytes: Buffer) => {
  const [batch, ...rest] = readBatches(bytes);
  expect(rest).toEqual([]);
  if (batch === undefined) throw new Error('no batch');
  return batch;
};

test('writes one record with key and value as these bytes', () => {
  const { bytes } = encodeBatch([{ key: 'k', value: Uint8Array.of(118) }], { now: 1, baseOffset: 2 });
  expect(bytes.toString('hex')).toBe(
    [
      '0000000000000002', // base offset
      '0000003a', // length
      'ffffffff', // leader epoch
      '02',
      bytes.subarray(17, 21).toString('hex'),
      '0000', // attributes
      '00000000', // last offset delta
      '0000000000000001', // base timestamp
      '0000000000000001', // max timestamp
      'ffffffffffffffff',
      'ffff',
      'ffffffff',
      '00000001',
      '10' + '00' + '00' + '00' + '026b' + '0276' + '00',
    ].join(''),
  );
});

describe.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)('with compression %s', (compression) => {
  test('what is written is what is read', () => {
    const { bytes, count, uncompressedBytes } = encodeBatch(samples, { now: 0, baseOffset: 70_000_000_000, compression });
    expect(only(bytes).compression).toBe(compression);
    expect(count).toBe(5);
    expect(uncompressedBytes).toBe(449);
    expect(contents(decode(bytes, partition))).toEqual(expected(samples, 70_000_000_000));
  });

  test('a batch of more than one block is read back', () => {
    const many: OutRecord[] = Array.from({ length: 3000 }, (_, i) => ({ key: `key ${i}`, value: `${i}`.repeat(30) }));
    const { bytes } = encodeBatch(many, { now: BASE_TIME, compression });
    expect(contents(decode(bytes, partition))).toEqual(expected(many, 0, BASE_TIME));
  });
});

test('text is written as its UTF-8 bytes, at every size around a length byte', () => {
  const texts = ['', 'a', 'é', '漢', '🎈', '\ud800', '\0'].flatMap((part) =>
    [1, 20, 21, 22, 31, 32, 63, 64, 65, 682, 683, 2047, 2048, 2049, 4096, 8191, 8192].map((times) => part.repeat(times)),
  );
  const records = texts.map((text): OutRecord => ({ key: text, value: text, headers: [[text, text]] }));
  const { bytes } = encodeBatch(records, { now: 5 });
  const batch = decode(bytes, partition);
  expect(batch.records.map((record) => record.valueText())).toEqual(texts.map((text) => text.toWellFormed()));
  expect(batch.records.map((record) => record.keyText())).toEqual(texts.map((text) => text.toWellFormed()));
  expect(batch.records.map((record) => record.headers[0]?.[0])).toEqual(texts.map((text) => text.toWellFormed()));
  expect(Buffer.from(batch.records.at(-1)?.value ?? []).length).toBe(8192);
});

test('times are exact whatever their distance', () => {
  const distances = [
    0,
    1,
    -1,
    63,
    64,
    -64,
    -65,
    2 ** 31,
    -(2 ** 31),
    2 ** 31 - 1,
    2 ** 32,
    -(2 ** 32) - 1,
    2 ** 45 + 7,
    2 ** 51 + 1,
    -(2 ** 51) - 1,
  ];
  const times = distances.map((distance) => 2 ** 52 + distance);
  const { bytes, maxTimestamp } = encodeBatch(
    times.map((timestamp) => ({ key: null, value: null, timestamp })),
    { now: 0 },
  );
  expect(decode(bytes, partition).records.map((record) => record.timestamp)).toEqual(times);
  expect(maxTimestamp).toBe(2 ** 52 + 2 ** 51 + 1);
  expect(only(bytes).maxTimestamp).toBe(2 ** 52 + 2 ** 51 + 1);
});

test('a time that is no whole number is refused', () => {
  expect(() => encodeBatch([{ key: null, value: null, timestamp: 1.5 }], { now: 0 })).toThrow(/whole number of milliseconds, and is 1.5/);
});

test('an empty batch is refused', () => {
  expect(() => encodeBatch([], { now: 0 })).toThrow(/at least one record/);
});

test('the header says what the options say', () => {
  const { bytes } = encodeBatch(samples, {
    now: 0,
    baseOffset: 2 ** 52,
    partitionLeaderEpoch: 9,
    transactional: true,
    producer: { id: 2n ** 60n + 1n, epoch: 7, baseSequence: 2 ** 31 - 1 },
    logAppendTime: 44,
  });
  const batch = only(bytes);
  expect(batch).toMatchObject({
    baseOffset: 2 ** 52,
    lastOffset: 2 ** 52 + 4,
    nextOffset: 2 ** 52 + 5,
    count: 5,
    byteLength: bytes.length,
    partitionLeaderEpoch: 9,
    transactional: true,
    control: false,
    compression: 'none',
    producerId: 2n ** 60n + 1n,
    producerEpoch: 7,
    baseSequence: 2 ** 31 - 1,
    timestampType: 'LogAppendTime',
    maxTimestamp: 44,
  });
  expect(decode(bytes, partition).records.map((record) => record.timestamp)).toEqual([44, 44, 44, 44, 44]);
});

test.each(['commit', 'abort'] as const)('a %s marker is recognised, and is no data', (type) => {
  const { bytes } = encodeControlBatch({ type, producer: { id: 5n, epoch: 1 }, timestamp: 99, baseOffset: 12, coordinatorEpoch: 3 });
  const batch = only(bytes);
  expect(batch).toMatchObject({ control: true, transactional: true, producerId: 5n, producerEpoch: 1, baseSequence: -1, count: 1 });
  expect(readControlMarker(batch)).toEqual({ type, coordinatorEpoch: 3 });
  expect(decode(bytes, partition)).toMatchObject({ count: 0, firstOffset: 13, nextOffset: 13, records: [] });
});

test('a data record with the key of a marker is data', () => {
  const { bytes } = encodeBatch([{ key: Uint8Array.of(0, 0, 0, 0), value: null }], { now: 0, transactional: true });
  expect(readControlMarker(only(bytes))).toBeUndefined();
  expect(decode(bytes, partition).count).toBe(1);
});
