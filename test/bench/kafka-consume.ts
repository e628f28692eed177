/**
 * What reading costs beside kafkajs, on the same real broker in the same run: records of 100 bytes of one topic with four partitions, CPU seconds
 * of this process for each million, best of three; and what an idle consumer costs. Run: npm run bench -- kafka-consume [records]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import type { Consumer, Driver } from '../../src/kafka/driver.ts';
import { openKafka } from '../../src/kafka/index.ts';
import { startBroker } from '../integration/kafka/broker.ts';

const PARTITIONS = 4;
const MOST_CPU_SECONDS = 0.55;
const topic = 'bench';
const partitions = Array.from({ length: PARTITIONS }, (_, partition) => ({ topic, partition }));

export async function kafkaConsume(count = '2_000_000'): Promise<boolean> {
  const records = Number(count.replaceAll('_', ''));
  const broker = await startBroker();
  const driver = await openKafka({ bootstrap: broker.bootstrap });
  try {
    await fill(driver, records);
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < 3; round++) {
      ours.push(await measure('ours', records, () => readOurs(driver, records)));
      theirs.push(await measure('kafkajs', records, () => readTheirs(broker.bootstrap, records, round)));
    }
    const [best, other] = [Math.min(...ours), Math.min(...theirs)];
    console.log(`best: ${best.toFixed(2)} against ${other.toFixed(2)} CPU s per million records: ${(best / other).toFixed(2)} of it`);
    await idle(driver);
    await manyPartitions(driver);
    return best <= MOST_CPU_SECONDS;
  } finally {
    await driver.close();
    await broker.close();
  }
}

async function fill(driver: Driver, records: number): Promise<void> {
  const admin = await driver.admin();
  await admin.createTopics([{ name: topic, partitions: PARTITIONS }]);
  const producer = await driver.producer();
  const value = Buffer.alloc(100, 'x');
  const batch = Array.from({ length: 1_000 }, () => ({ key: null, value }));
  for (let sent = 0; sent < records; sent += PARTITIONS * batch.length)
    await producer.send(partitions.map((partition) => ({ ...partition, records: batch })));
  await producer.close();
}

async function measure(name: string, records: number, read: () => Promise<void>): Promise<number> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await read();
  const { user, system } = process.cpuUsage(cpu);
  const [seconds, perMillion] = [(performance.now() - start) / 1_000, (user + system) / records];
  console.log(
    `${name.padEnd(8)} ${Math.round(records / seconds).toLocaleString('en')} records/s, ${perMillion.toFixed(2)} CPU s per million`,
  );
  return perMillion;
}

/** Every record is made, and its value looked at. */
async function readOurs(driver: Driver, records: number): Promise<void> {
  const consumer = await driver.consumer({ source: { mode: 'assign', partitions }, reset: 'earliest' });
  let bytes = 0;
  for (let left = records; left > 0; ) {
    const batch = await consumer.next();
    for (const record of batch.records) bytes += record.value?.length ?? 0;
    left -= batch.count;
    batch.release();
  }
  await consumer.close();
  if (bytes < records * 100) throw new Error(`only ${bytes} bytes were read`);
}

async function readTheirs(bootstrap: string, records: number, round: number): Promise<void> {
  const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `bench-${round}`, maxWaitTimeInMs: 500 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const all = Promise.withResolvers<void>();
  let left = records;
  let bytes = 0;
  await consumer.run({
    eachBatch: async ({ batch }) => {
      for (const message of batch.messages) bytes += message.value?.length ?? 0;
      left -= batch.messages.length;
      if (left <= 0) all.resolve();
    },
  });
  await all.promise;
  await consumer.disconnect();
  if (bytes < records * 100) throw new Error(`only ${bytes} bytes were read`);
}

async function idle(driver: Driver): Promise<void> {
  const consumer = await driver.consumer({ source: { mode: 'assign', partitions }, reset: 'latest' });
  console.log(`idle, ${PARTITIONS} partitions: ${(await idleShare(consumer)).toFixed(2)} % of a core`);
  await consumer.close();
}

/** The cost of a fetch round grows with the partitions, not faster. */
async function manyPartitions(driver: Driver): Promise<void> {
  const admin = await driver.admin();
  for (const count of [100, 1_000]) {
    const name = `wide-${count}`;
    await admin.createTopics([{ name, partitions: count }]);
    const wide = Array.from({ length: count }, (_, partition) => ({ topic: name, partition }));
    const consumer = await driver.consumer({ source: { mode: 'assign', partitions: wide }, reset: 'latest' });
    // A broker takes a while to lead so many.
    while (wide.some((partition) => consumer.position(partition) === undefined)) await sleep(100);
    console.log(`idle, ${count} partitions: ${(await idleShare(consumer)).toFixed(2)} % of a core`);
    await consumer.close();
  }
}

/** Two fetch rounds a second. */
async function idleShare(consumer: Consumer): Promise<number> {
  const waiting = consumer.next().catch(() => {});
  await sleep(3_000);
  const cpu = process.cpuUsage();
  await sleep(5_000);
  const { user, system } = process.cpuUsage(cpu);
  consumer.close().catch(() => {});
  await waiting;
  return (user + system) / 5e4;
}
