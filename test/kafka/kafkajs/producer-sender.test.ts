import { expect, test } from 'vitest';
import type { Appended } from '../../../src/kafka/driver.ts';
import type { Broker } from '../../../src/kafka/kafkajs/internals.ts';
import type { MetadataCache } from '../../../src/kafka/kafkajs/metadata.ts';
import { PartitionQueue } from '../../../src/kafka/kafkajs/partition-queue.ts';
import { ProducerBatch } from '../../../src/kafka/kafkajs/producer-batch.ts';
import { ProducerSender } from '../../../src/kafka/kafkajs/producer-sender.ts';
import { Receipt } from '../../../src/kafka/kafkajs/receipt.ts';
import { WireWriter } from '../../../src/kafka/kafkajs/wire.ts';
import { RecordBatchBuilder } from '../../../src/kafka/record-batch/index.ts';

const at = { topic: 't', partition: 0 };

/** An answer to a produce request that says where the batch was appended. */
const appendedAt = (offset: number): Buffer =>
  new WireWriter()
    .array([at], (topics, { topic, partition }) => {
      const partitions = (writer: WireWriter) =>
        writer
          .int32(partition)
          .int16(0)
          .int64(offset)
          .int64(-1)
          .int64(0)
          .array([], () => {})
          .string(null);
      topics.string(topic).array([0], partitions);
    })
    .int32(0).bytes;

const silent = new WireWriter().array([], () => {}).int32(0).bytes;

/** Sends so many batches of two records by an idempotent producer to a broker that gives these answers, and waits for what became of them. */
async function sending(count: number, answers: readonly Buffer[]) {
  const left = [...answers];
  const broker: Broker = {
    nodeId: 1,
    versions: { 0: { minVersion: 0, maxVersion: 8 } },
    connectionPool: { send: async ({ response }) => response.decode(left.shift() ?? Buffer.alloc(0)) },
  };
  const metadata = { leader: () => ({ leader: 1 }), broker: async () => broker, forget: () => {} };
  const reused: ProducerBatch[] = [];
  const sender = new ProducerSender({
    metadata: metadata as unknown as MetadataCache,
    acks: -1,
    compression: 'none',
    transactionalId: null,
    requestTimeoutMs: 1_000,
    maxRequestBytes: 1_000_000,
    maxInFlight: 5,
    backoff: { firstMs: 1, mostMs: 1 },
    identity: async () => ({ id: 1n, epoch: 0 }),
    left: (batch, unused) => void (unused && reused.push(batch)),
    made: () => {},
    broken: () => {},
  });
  const queue = new PartitionQueue(at, { idempotent: true, maxInFlight: 5 });
  const batches: ProducerBatch[] = [];
  const told = Array.from(
    { length: count },
    () =>
      new Promise<Appended>((resolve) => {
        const receipt: Receipt = new Receipt(at, () => resolve(receipt.answer));
        const builder = new RecordBatchBuilder();
        for (const value of ['a', 'b']) builder.append({ key: null, value }, 0);
        const pieces = [{ receipt, first: 0, maxTimestamp: 0 }];
        const batch = new ProducerBatch(builder.build({ unstamped: true }), pieces, Number.POSITIVE_INFINITY);
        batches.push(batch);
        queue.add(batch);
      }),
  );
  sender.pump([queue]);
  return {
    told: await Promise.all(told),
    sequences: batches.map(({ sequence }) => sequence),
    reused: reused.map((batch) => batches.indexOf(batch)),
  };
}

test('batches are numbered one behind the other, and the memory of what was answered is free', async () => {
  const { told, sequences, reused } = await sending(2, [appendedAt(5), appendedAt(7)]);
  expect(told).toEqual([
    { ...at, baseOffset: 5, timestamp: 0 },
    { ...at, baseOffset: 7, timestamp: 0 },
  ]);
  expect(sequences).toEqual([0, 2]);
  expect(reused).toEqual([0, 1]);
});

test('a batch whose answer cannot be read may have been written: no other takes its number, nor its memory', async () => {
  const { told, sequences, reused } = await sending(2, [Buffer.from('nonsense'), appendedAt(7)]);
  expect(told).toEqual([
    { ...at, error: expect.objectContaining({ kind: 'invalid' }) },
    { ...at, baseOffset: 7, timestamp: 0 },
  ]);
  expect(sequences).toEqual([0, 2]);
  expect(reused).toEqual([1]);
});

test('a batch that an answer does not mention is sent again, under the same number', async () => {
  const { told, sequences, reused } = await sending(1, [silent, appendedAt(5)]);
  expect(told).toEqual([{ ...at, baseOffset: 5, timestamp: 0 }]);
  expect(sequences).toEqual([0]);
  expect(reused).toEqual([]);
});
