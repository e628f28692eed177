import { expect, test } from 'vitest';
import { type Appended, DriverError } from '../../../src/kafka/driver.ts';
import type { Broker } from '../../../src/kafka/kafkajs/internals.ts';
import type { MetadataCache } from '../../../src/kafka/kafkajs/metadata.ts';
import { PartitionQueue } from '../../../src/kafka/kafkajs/partition-queue.ts';
import { ProducerBatch } from '../../../src/kafka/kafkajs/producer-batch.ts';
import { ProducerSender } from '../../../src/kafka/kafkajs/producer-sender.ts';
import { Receipt } from '../../../src/kafka/kafkajs/receipt.ts';
import { WireWriter } from '../../../src/kafka/kafkajs/wire.ts';
import { RecordBatchBuilder } from '../../../src/kafka/record-batch/index.ts';

const at = { topic: 't', partition: 0 };

interface PartitionAnswer {
  readonly offset?: number;
  readonly errorCode?: number;
  /** Records for which the batch is refused. */
  readonly named?: readonly number[];
}

/** An answer to a produce request, of partition 0 and those behind it. */
const answered = (...partitions: readonly PartitionAnswer[]): Buffer =>
  new WireWriter()
    .array([at.topic], (topics, topic) =>
      topics.string(topic).array([...partitions.entries()], (writer, [partition, { offset = -1, errorCode = 0, named = [] }]) =>
        writer
          .int32(partition)
          .int16(errorCode)
          .int64(offset)
          .int64(-1)
          .int64(0)
          .array(named, (_, index) => writer.int32(index).string('no key'))
          .string(null),
      ),
    )
    .int32(0).bytes;
const appendedAt = (offset: number): Buffer => answered({ offset });
const silent = new WireWriter().array([], () => {}).int32(0).bytes;
const TOO_LARGE = 10;
const INVALID_RECORD = 87;

interface Sending {
  readonly partition?: number;
  /** Default: a batch of two records. */
  readonly bytes?: Buffer;
  readonly values?: readonly string[];
}

/** Sends batches by an idempotent producer to a broker that gives these answers, and waits for what became of them. */
async function sending(batches: readonly Sending[], answers: readonly Buffer[], refreshes: readonly DriverError[] = []) {
  const refused = [...refreshes];
  const left = [...answers];
  const broker: Broker = {
    nodeId: 1,
    versions: { 0: { minVersion: 0, maxVersion: 8 } },
    connectionPool: { send: async ({ response }) => response.decode(left.shift() ?? Buffer.alloc(0)) },
  };
  const metadata = {
    leader: () => (refused.length > 0 ? undefined : { leader: 1 }),
    refresh: async () => {
      throw refused.shift() ?? new Error('asked once too often');
    },
    known: () => undefined,
    errorCode: () => undefined,
    broker: async () => broker,
    forget: () => {},
  };
  const reused: ProducerBatch[] = [];
  const broken: DriverError[] = [];
  const gone: ProducerBatch[] = [];
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
    left: (batch, unused) => {
      gone.push(batch);
      if (unused) reused.push(batch);
    },
    made: () => {},
    broken: (error) => void broken.push(error),
  });
  const queues = [0, 1].map((partition) => new PartitionQueue({ ...at, partition }, { idempotent: true, maxInFlight: 5 }));
  const made: ProducerBatch[] = [];
  const told = batches.map(
    ({ partition = 0, bytes, values = ['a', 'b'] }) =>
      new Promise<Appended>((resolve) => {
        const receipt: Receipt = new Receipt({ ...at, partition }, () => resolve(receipt.answer));
        const builder = new RecordBatchBuilder();
        for (const value of values) builder.append({ key: null, value }, 0);
        const pieces = [{ receipt, first: 0, from: 0, count: values.length, maxTimestamp: 0 }];
        const encoded = builder.build({ unstamped: true });
        const batch = new ProducerBatch({ ...encoded, bytes: bytes ?? encoded.bytes }, pieces, Number.POSITIVE_INFINITY);
        made.push(batch);
        queues[partition]?.add(batch);
      }),
  );
  sender.pump(queues);
  return {
    told: await Promise.all(told),
    sequences: made.map(({ sequence }) => sequence),
    reused: reused.map((batch) => made.indexOf(batch)),
    gone: gone.map((batch) => made.indexOf(batch)).filter((index) => index >= 0),
    unanswered: left.length,
    broken,
  };
}

test('batches are numbered one behind the other, and the memory of what was answered is free', async () => {
  const { told, sequences, reused } = await sending([{}, {}], [appendedAt(5), appendedAt(7)]);
  expect(told).toEqual([
    { ...at, baseOffset: 5, timestamp: 0 },
    { ...at, baseOffset: 7, timestamp: 0 },
  ]);
  expect(sequences).toEqual([0, 2]);
  expect(reused).toEqual([0, 1]);
});

test('a batch whose answer cannot be read may have been written: no other takes its number, nor its memory', async () => {
  const { told, sequences, reused } = await sending([{}, {}], [Buffer.from('nonsense'), appendedAt(7)]);
  expect(told).toEqual([
    expect.objectContaining({ ...at, error: expect.objectContaining({ kind: 'invalid' }) }),
    { ...at, baseOffset: 7, timestamp: 0 },
  ]);
  expect(told[0]).not.toHaveProperty('refused');
  expect(sequences).toEqual([0, 2]);
  expect(reused).toEqual([1]);
});

test('a batch that an answer does not mention is sent again, under the same number', async () => {
  const { told, sequences, reused } = await sending([{}], [silent, appendedAt(5)]);
  expect(told).toEqual([{ ...at, baseOffset: 5, timestamp: 0 }]);
  expect(sequences).toEqual([0]);
  expect(reused).toEqual([]);
});

test('what is wrong with one partition of an answer decides nothing about the others', async () => {
  const broken = { bytes: Buffer.alloc(100), partition: 0 };
  const { told, gone } = await sending([broken, { partition: 1 }], [answered({ errorCode: TOO_LARGE }, { offset: 5 })]);
  expect(told).toEqual([
    expect.objectContaining({ ...at, error: expect.objectContaining({ kind: 'invalid' }) }),
    { ...at, partition: 1, baseOffset: 5, timestamp: 0 },
  ]);
  expect(gone).toEqual([0, 1]);
});

test('of a batch too large, the records that are too large by themselves are refused, and the others written once', async () => {
  const values = ['a', 'large', 'c', 'd'];
  const answers = [TOO_LARGE, TOO_LARGE, 0, TOO_LARGE, 0].map((errorCode, offset) => answered({ errorCode, offset }));
  const { told, unanswered } = await sending([{ values }], answers);
  const error = expect.objectContaining({ kind: 'too-large' });
  expect(told).toEqual([{ ...at, error, refused: new Map([[1, error]]) }]);
  expect(unanswered).toBe(0);
});

test('once it is known how large batches may be, one that is larger is cut to that at once', async () => {
  const values = Array.from({ length: 8 }, () => 'x'.repeat(1_000));
  // Two of the eight fit. The first answer that is none of a refusal lets all that waits go out at once.
  const codes = [TOO_LARGE, TOO_LARGE, 0, 0, TOO_LARGE, TOO_LARGE, 0, 0, 0, 0, 0, 0];
  const { told, unanswered } = await sending(
    [{ values }, { values }],
    codes.map((errorCode, offset) => answered({ errorCode, offset })),
  );
  expect(told.map(({ error }) => error)).toEqual([undefined, undefined]);
  expect(unanswered).toBe(0);
});

/** Code of a final answer, and the records that are to blame for it: those that the broker takes by themselves are not. */
test.each<[code: number, blamed: readonly number[] | undefined]>([
  [10, [0, 1]],
  [17, [0, 1]],
  [18, [0, 1]],
  [32, [0, 1]],
  [87, [0, 1]],
  [-1, undefined],
  [21, undefined],
  [29, undefined],
  [31, undefined],
  [42, undefined],
  [44, undefined],
  [76, undefined],
  [90, undefined],
])('code %i blames records %j', async (errorCode, blamed) => {
  const { told } = await sending([{}], Array(3).fill(answered({ errorCode })));
  expect(told[0]?.error?.code).toBe(errorCode);
  expect(told[0]?.refused && [...told[0].refused.keys()]).toEqual(blamed);
});

test.each([7, 13, 19, 20, 56])('no record is blamed for code %i, whatever was refused beside it', (code) => {
  const receipt = new Receipt(at, () => {});
  receipt.refuse(new DriverError('too-large', 'too large', { code: TOO_LARGE }), 0, 1);
  receipt.refuse(new DriverError('retriable', 'late', { code }), 1, 2);
  expect(receipt.answer).toEqual({ ...at, error: expect.objectContaining({ code }) });
});

test('of a batch with invalid records that the broker does not name, the others are written', async () => {
  const answers = [INVALID_RECORD, INVALID_RECORD, 0, INVALID_RECORD, 0].map((errorCode, offset) => answered({ errorCode, offset }));
  const { told, unanswered } = await sending([{ values: ['a', 'invalid', 'c', 'd'] }], answers);
  expect([...(told[0]?.refused?.keys() ?? [])]).toEqual([1]);
  expect(unanswered).toBe(0);
});

test('records that the broker names are refused, and those around them are sent once more, together', async () => {
  const values = ['a', 'b', 'c', 'd', 'e'];
  const { told, unanswered } = await sending([{ values }], [answered({ errorCode: INVALID_RECORD, named: [3, 0] }), appendedAt(5)]);
  const error = expect.objectContaining({ kind: 'invalid', message: expect.stringContaining('no key') });
  expect(told).toEqual([
    {
      ...at,
      error,
      refused: new Map([
        [3, error],
        [0, error],
      ]),
    },
  ]);
  expect(unanswered).toBe(0);
});

test('leaders are looked for until an answer can be read; an answer that cannot does not break the producer', async () => {
  const malformed = new DriverError('invalid', 'An answer of the broker is malformed.');
  const { told, broken } = await sending([{}], [appendedAt(5)], [malformed, malformed]);
  expect(told).toEqual([{ ...at, baseOffset: 5, timestamp: 0 }]);
  expect(broken).toEqual([]);
});
