import { openCluster } from '../../../src/kafka/kafkajs/cluster.ts';
import { MetadataCache } from '../../../src/kafka/kafkajs/metadata.ts';
import { KafkaProducer, type KafkaProducerOptions } from '../../../src/kafka/kafkajs/producer.ts';
import { fetchRecords } from '../../../src/kafka/kafkajs/requests/fetch.ts';
import { sendRequest } from '../../../src/kafka/kafkajs/send-request.ts';
import { connectionSettings } from '../../../src/kafka/kafkajs/settings.ts';
import { decode } from '../../../src/kafka/record-batch/index.ts';

export interface Producing {
  readonly metadata: MetadataCache;
  producer(options?: KafkaProducerOptions): KafkaProducer;
  /** Values of all records of a partition, aborted ones included. */
  values(topic: string, partition?: number): Promise<readonly (string | null)[]>;
  close(): Promise<void>;
}

/** Producers on one cluster of connections, and what they wrote. */
export async function producing(bootstrap: string, properties: Readonly<Record<string, string>> = {}): Promise<Producing> {
  const settings = connectionSettings({ 'bootstrap.servers': bootstrap, ...properties });
  const cluster = openCluster(settings);
  const metadata = new MetadataCache(cluster, settings);
  await cluster.connect();
  const producers: KafkaProducer[] = [];
  return {
    metadata,
    producer: (options) => {
      const producer = new KafkaProducer({ cluster, metadata, settings }, options);
      producers.push(producer);
      return producer;
    },
    async values(topic, partition = 0) {
      const found: (string | null)[] = [];
      for (let offset = 0; ; ) {
        const leader = (await metadata.topic(topic)).partitions[partition]?.leader ?? -1;
        const from = { partition, leaderEpoch: -1, offset, maxBytes: 10_000_000 };
        const limits = { maxWaitMs: 0, minBytes: 0, maxBytes: 10_000_000, isolation: 'uncommitted' } as const;
        const topics = [{ topic, partitions: [from] }];
        const answer = await sendRequest(await metadata.broker(leader), fetchRecords, { ...limits, topics }, 10_000);
        const batch = decode(answer?.partitions[0]?.records ?? Buffer.alloc(0), { topic, partition, fromOffset: offset });
        if (batch.nextOffset === offset) return found;
        found.push(...batch.records.map((record) => record.valueText()));
        offset = batch.nextOffset;
      }
    },
    async close() {
      await Promise.all(producers.map((producer) => producer.close({ timeoutMs: 0 })));
      await cluster.disconnect();
    },
  };
}
