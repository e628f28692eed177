import { expect, test } from 'vitest';
import { Cursor } from '../../../../src/kafka/kafkajs/consumer/cursor.ts';
import { fetchRound } from '../../../../src/kafka/kafkajs/consumer/fetch-round.ts';
import type { Broker } from '../../../../src/kafka/kafkajs/internals.ts';
import type { Link } from '../../../../src/kafka/kafkajs/link.ts';
import { WireWriter } from '../../../../src/kafka/kafkajs/wire.ts';

/** An answer to a fetch of partitions 0, 1, … of topic t, with so many bytes of each. */
const answerOf = (sizes: readonly number[]): Buffer =>
  new WireWriter()
    .int32(0)
    .int16(0)
    .int32(0)
    .array(['t'], (topics, topic) =>
      topics.string(topic).array([...sizes.entries()], (writer, [partition, size]) =>
        writer
          .int32(partition)
          .int16(0)
          .int64(9)
          .int64(9)
          .int64(0)
          .array([], () => {})
          .int32(-1)
          .bytesField(Buffer.alloc(size, partition + 1)),
      ),
    ).bytes;

test('few records that are kept for long do not hold the memory of a large answer (I4)', async () => {
  const sizes = [100, 1_000_000, 200_000];
  const answer = answerOf(sizes);
  const broker: Broker = {
    nodeId: 1,
    versions: { 1: { minVersion: 0, maxVersion: 12 } },
    connectionPool: { send: ({ response }) => response.decode(answer) },
  };
  const settings = { requestTimeoutMs: 1_000 };
  const link = { metadata: { broker: async () => broker }, settings, closed: new AbortController().signal } as unknown as Link;
  const cursors = sizes.map((_, partition) => new Cursor({ topic: 't', partition }, 'earliest'));
  const limits = { isolation: 'uncommitted', maxWaitMs: 0, maxBytes: 1, partitionBytes: 1 } as const;
  const parts = await fetchRound(link, 1, cursors, limits);
  const records = parts.map(([, part]) => part.records ?? Buffer.alloc(0));
  expect(records.map((each) => [each.length, each[0]])).toEqual([
    [100, 1],
    [1_000_000, 2],
    [200_000, 3],
  ]);
  expect(records.map((each) => each.buffer === answer.buffer)).toEqual([false, true, true]);
});
