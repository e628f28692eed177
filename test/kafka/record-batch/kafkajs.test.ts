import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import type { OutRecord } from '../../../src/kafka/driver.ts';
import { decode, encodeBatch } from '../../../src/kafka/record-batch/index.ts';

// kafkajs's own codec, as a second opinion. Its encoder knows no null header and keeps repeated headers together only.
type Encoded = { readonly buffer: Buffer };
interface KafkajsRecord {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, Buffer>;
}
const load = createRequire(import.meta.url);
const { RecordBatch } = load('kafkajs/src/protocol/recordBatch/v0') as { RecordBatch(options: object): Promise<Encoded> };
const Record = load('kafkajs/src/protocol/recordBatch/record/v0') as (options: object) => Encoded;
const Decoder = load('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object;
const decodeBatch = load('kafkajs/src/protocol/recordBatch/v0/decoder') as (
  decoder: object,
) => Promise<{ readonly records: readonly KafkajsRecord[] }>;
const Long = load('kafkajs/src/utils/long') as { fromValue(value: number): object };

const time = 1_700_000_000_000;
const records: readonly OutRecord[] = Array.from({ length: 500 }, (_, i) => ({
  key: i % 7 === 0 ? null : Buffer.from(`key ${i}`),
  value: i % 11 === 0 ? null : Buffer.alloc((i * 13) % 300, i),
  headers: i % 3 === 0 ? [['trace', Buffer.from(`${i}`)] as const, ['ä', Buffer.of(i % 256, 0)] as const] : [],
  timestamp: time + i * 977 * (i % 2 === 0 ? 1 : -1),
}));

test('an uncompressed batch has the same bytes as kafkajs writes', async () => {
  const theirs = await RecordBatch({
    firstOffset: Long.fromValue(42),
    firstTimestamp: time,
    maxTimestamp: Math.max(...records.map((record) => record.timestamp ?? 0)),
    partitionLeaderEpoch: 3,
    lastOffsetDelta: 499,
    transactional: true,
    producerId: Long.fromValue(2 ** 45),
    producerEpoch: 2,
    firstSequence: 77,
    records: records.map((record, offsetDelta) =>
      Record({
        offsetDelta,
        timestampDelta: (record.timestamp ?? 0) - time,
        key: record.key,
        value: record.value,
        headers: Object.fromEntries(record.headers ?? []),
      }),
    ),
  });
  const producer = { id: 2n ** 45n, epoch: 2, baseSequence: 77 };
  const { bytes } = encodeBatch(records, { now: 0, baseOffset: 42, partitionLeaderEpoch: 3, transactional: true, producer });
  expect(bytes.equals(theirs.buffer)).toBe(true);
});

test.each(['none', 'gzip'] as const)('kafkajs reads the same records as we do, with compression %s', async (compression) => {
  const { bytes } = encodeBatch(records, { now: 0, baseOffset: 42, compression });
  const theirs = (await decodeBatch(new Decoder(bytes))).records.map(({ offset, timestamp, key, value, headers }) => ({
    offset: Number(offset),
    timestamp: Number(timestamp),
    key: key?.toString('base64'),
    value: value?.toString('base64'),
    headers: Object.entries(headers).map(([name, content]) => [name, content.toString('base64')]),
  }));
  const text = (part: Uint8Array | null) => (part === null ? undefined : Buffer.from(part).toString('base64'));
  const ours = decode(bytes, { topic: 't', partition: 0 }).records.map(({ offset, timestamp, key, value, headers }) => ({
    offset,
    timestamp,
    key: text(key),
    value: text(value),
    headers: headers.map(([name, content]) => [name, text(content)]),
  }));
  expect(ours).toEqual(theirs);
});
