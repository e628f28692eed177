import kafkajs, { type Kafka } from 'kafkajs';
import type { Compression } from '../../../src/kafka/driver.ts';
import { type CompressionType, compress, decompress } from '../../../src/kafka/record-batch/compression.ts';
import { Arrivals, inTurns, type Job } from './job.ts';

const types: Record<Compression, number> = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 };
const MOST_BYTES = 256 * 1024 * 1024;

/** It has no lz4 and zstd of its own: it gets ours. */
function addCodec(name: CompressionType): void {
  const codec = {
    compress: async ({ buffer }: { readonly buffer: Buffer }) => compress(name, buffer),
    decompress: async (bytes: Buffer) => decompress(name, bytes, MOST_BYTES),
  };
  kafkajs.CompressionCodecs[types[name] as keyof typeof kafkajs.CompressionCodecs] = () => codec;
}

function client({ bootstrap }: Job): Kafka {
  for (const name of ['lz4', 'zstd'] as const) addCodec(name);
  return new kafkajs.Kafka({ brokers: [bootstrap], logLevel: kafkajs.logLevel.NOTHING });
}

export async function produce(job: Job): Promise<void> {
  const { topic, idempotent } = job;
  const producer = client(job).producer({ idempotent, createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  const compression = types[job.compression];
  await inTurns(job, (values, partition) =>
    producer.send({ topic, compression, acks: -1, messages: values.map((value) => ({ value, partition })) }),
  );
  await producer.disconnect();
}

export async function consume(job: Job): Promise<void> {
  const consumer = client(job).consumer({ groupId: `bench-${process.pid}`, maxWaitTimeInMs: 500 });
  await consumer.connect();
  await consumer.subscribe({ topic: job.topic, fromBeginning: true });
  const arrivals = new Arrivals(job);
  await consumer.run({
    eachBatch: async ({ batch }) => {
      let bytes = 0;
      for (const message of batch.messages) bytes += message.value?.length ?? 0;
      arrivals.add(batch.messages.length, bytes);
    },
  });
  await arrivals.all();
  await consumer.disconnect();
}
