/**
 * What clients cost that have nothing to do, and that have many partitions: an idle producer and consumer, fetch rounds over 100 and 1,000
 * partitions, reading from 1,000 partitions, and metadata of 100 and 500 topics. CPU time of this process, which does nothing else.
 *
 * Run: npm run bench -- kafka-scale [--seconds 20]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Driver, TopicPartition } from '../../../src/kafka/driver.ts';
import { openKafka } from '../../../src/kafka/index.ts';
import { startBroker } from '../../integration/kafka/broker.ts';
import { BUSY_JVM } from '../../integration/kafka/java.ts';

const MOST_IDLE_PERCENT = 0.3;
/** Ten times the partitions may take so many times the CPU time. */
const MOST_GROWTH = 12;
const ROUND_MS = 50;
/** Until what the start has left is done: compilation, collection, first connections. */
const SETTLE_MS = 5_000;

export async function kafkaScale(...args: string[]): Promise<boolean> {
  const { values } = parseArgs({ args, options: { seconds: { type: 'string', default: '20' } } });
  const seconds = Number(values.seconds);
  const broker = await startBroker({ jvm: { heap: '1g', jvm: BUSY_JVM } });
  const driver = await openKafka({ bootstrap: broker.bootstrap });
  try {
    const idle = await idlePercent(driver, seconds);
    console.log(`idle producer and consumer, ${seconds} s: ${idle.toFixed(2)} % of a core`);
    const few = await roundMs(driver, 100, seconds);
    const many = await roundMs(driver, 1_000, seconds);
    console.log(
      `fetch round without records: ${few.toFixed(2)} CPU ms of 100 partitions, ${many.toFixed(2)} of 1,000: ${(many / few).toFixed(1)} times`,
    );
    const loaded = await readPerMillion(driver, 1_000);
    console.log(`reading 1,000 partitions: ${loaded.toFixed(2)} CPU s per million records of 100 bytes`);
    const metadata = [await metadataMs(driver, 100), await metadataMs(driver, 500)] as const;
    console.log(`metadata: ${metadata[0].toFixed(2)} CPU ms of 100 topics, ${metadata[1].toFixed(2)} of 500`);
    return idle <= MOST_IDLE_PERCENT && many <= few * MOST_GROWTH && metadata[1] <= metadata[0] * MOST_GROWTH;
  } finally {
    await driver.close();
    await broker.close();
  }
}

async function topicOf(driver: Driver, name: string, count: number): Promise<readonly TopicPartition[]> {
  const admin = await driver.admin();
  await admin.createTopics([{ name, partitions: count }]);
  // A broker takes a while to lead so many.
  for (;;) {
    const [topic] = await admin.describeTopics([name]);
    if (topic?.partitions.length === count && topic.partitions.every(({ leader }) => leader >= 0)) break;
    await sleep(100);
  }
  return Array.from({ length: count }, (_, partition) => ({ topic: name, partition }));
}

/** CPU milliseconds while time passes. */
async function cpuWhile(work: () => Promise<unknown>): Promise<number> {
  const cpu = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / 1_000;
}

async function idlePercent(driver: Driver, seconds: number): Promise<number> {
  const partitions = await topicOf(driver, 'idle', 4);
  const producer = await driver.producer();
  const consumer = await driver.consumer({ source: { mode: 'assign', partitions }, reset: 'earliest' });
  await producer.send(partitions.map((partition) => ({ ...partition, records: [{ key: null, value: 'v' }] })));
  for (let seen = 0; seen < 4; ) {
    const batch = await consumer.next();
    seen += batch.count;
    batch.release();
  }
  const waiting = consumer.next().catch(() => {});
  await sleep(SETTLE_MS);
  const ms = await cpuWhile(() => sleep(seconds * 1_000));
  await Promise.all([consumer.close(), producer.close(), waiting]);
  return ms / (seconds * 10);
}

/** CPU milliseconds of one fetch of all partitions that brings nothing. */
async function roundMs(driver: Driver, count: number, seconds: number): Promise<number> {
  const partitions = await topicOf(driver, `wide-${count}`, count);
  const consumer = await driver.consumer({ source: { mode: 'assign', partitions }, reset: 'earliest', maxWaitMs: ROUND_MS });
  const waiting = consumer.next().catch(() => {});
  await sleep(SETTLE_MS);
  const ms = await cpuWhile(() => sleep(seconds * 1_000));
  await Promise.all([consumer.close(), waiting]);
  return ms / ((seconds * 1_000) / ROUND_MS);
}

/** CPU seconds of reading the partitions that `roundMs` has made, for each million records. */
async function readPerMillion(driver: Driver, count: number): Promise<number> {
  const partitions = await topicOf(driver, `wide-${count}`, count);
  const producer = await driver.producer();
  const records = Array.from({ length: 1_000 }, () => ({ key: null, value: Buffer.alloc(100, 'x') }));
  for (const partition of partitions) {
    await producer.ready();
    void producer.send([{ ...partition, records }]);
  }
  await producer.flush();
  const consumer = await driver.consumer({ source: { mode: 'assign', partitions }, reset: 'earliest' });
  const total = count * records.length;
  let bytes = 0;
  const ms = await cpuWhile(async () => {
    for (let left = total; left > 0; ) {
      const batch = await consumer.next();
      for (const record of batch.records) bytes += record.value?.length ?? 0;
      left -= batch.count;
      batch.release();
    }
  });
  await Promise.all([consumer.close(), producer.close()]);
  if (bytes !== total * 100) throw new Error(`${bytes} bytes of ${total} records were read`);
  return (ms * 1_000) / total;
}

async function metadataMs(driver: Driver, count: number): Promise<number> {
  const admin = await driver.admin();
  const names = Array.from({ length: count }, (_, topic) => `topic-${count}-${topic}`);
  await admin.createTopics(names.map((name) => ({ name, partitions: 1 })));
  const times = 50;
  const ms = await cpuWhile(async () => {
    for (let turn = 0; turn < times; turn++) {
      const found = await admin.describeTopics(names);
      if (found.length !== count) throw new Error(`${found.length} of ${count} topics were described`);
    }
  });
  return ms / times;
}
