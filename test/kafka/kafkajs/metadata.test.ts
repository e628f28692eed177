import { expect, test } from 'vitest';
import type { Cluster } from '../../../src/kafka/kafkajs/internals.ts';
import { MetadataCache } from '../../../src/kafka/kafkajs/metadata.ts';
import { WireWriter } from '../../../src/kafka/kafkajs/wire.ts';

/** Topic t with one partition, led by broker 1. */
const answer = new WireWriter()
  .int32(0)
  .array([], () => {})
  .string(null)
  .int32(1)
  .array(['t'], (topics, topic) =>
    topics
      .int16(0)
      .string(topic)
      .boolean(false)
      .array([0], (writer, partition) => {
        writer.int16(0).int32(partition).int32(1).int32(7);
        for (let list = 0; list < 3; list++) writer.array([], () => {});
      }),
  ).bytes;

const asking = (
  answers: readonly Buffer[],
  {
    maxAgeMs = 1_000,
    retryMs = 1,
    asked = () => {},
  }: { readonly maxAgeMs?: number; readonly retryMs?: number; readonly asked?: () => void } = {},
): MetadataCache => {
  const left = [...answers];
  const broker = {
    nodeId: 1,
    versions: { 3: { minVersion: 0, maxVersion: 9 } },
    connectionPool: {
      send: async ({ response }: { response: { decode(payload: Buffer): unknown } }) => {
        asked();
        return response.decode(left.shift() ?? answer);
      },
    },
  };
  const cluster = { brokerPool: { findConnectedBroker: async () => broker } };
  const retryBackoff = { firstMs: retryMs, mostMs: retryMs };
  return new MetadataCache(cluster as unknown as Cluster, {
    requestTimeoutMs: 100,
    callTimeoutMs: 100,
    metadataMaxAgeMs: maxAgeMs,
    retryBackoff,
  });
};

test('an answer that cannot be read is asked for again, a few times', async () => {
  const nonsense = Buffer.from('nonsense');
  await expect(asking([nonsense]).topic('t')).resolves.toMatchObject({ partitions: [{ leader: 1, leaderEpoch: 7 }] });
  await expect(asking([nonsense, nonsense, nonsense, nonsense]).topic('t')).rejects.toMatchObject({ kind: 'invalid' });
});

test('a leader is known however long ago it was told, and asked for again meanwhile, once in so long as between retries', async () => {
  let asked = 0;
  const metadata = asking([], { maxAgeMs: 0, retryMs: 20, asked: () => asked++ });
  const partition = { topic: 't', partition: 0 };
  expect(metadata.leader(partition)).toBeUndefined();
  await metadata.ask(['t']);
  for (let look = 0; look < 3; look++) expect(metadata.leader(partition)).toMatchObject({ leader: 1, leaderEpoch: 7 });
  await Promise.resolve();
  expect(asked).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 25));
  for (let look = 0; look < 3; look++) expect(metadata.leader(partition)).toMatchObject({ leader: 1 });
  await expect.poll(() => asked).toBe(2);
});
