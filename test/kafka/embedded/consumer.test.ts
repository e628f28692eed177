import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EmbeddedDriver, openEmbedded, type Producer } from '../../../src/kafka/index.ts';

let folder: string;
let driver: EmbeddedDriver;
let producer: Producer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-consumer-'));
  driver = await openEmbedded({ dataDir: folder });
  producer = await driver.producer();
  await (await driver.admin()).createTopics([{ name: 't', partitions: 2 }]);
});
afterEach(async () => {
  await driver.close();
  rmSync(folder, { recursive: true });
});

const partition = (number: number) => ({ topic: 't', partition: number });
const send = (number: number, bytes: number) =>
  producer.send([{ ...partition(number), records: [{ key: null, value: Buffer.alloc(bytes) }] }]);

test('lets no small batches pass a large one that waits for room', async () => {
  await send(0, 300_000);
  for (let index = 0; index < 3; index++) await send(1, 100_000);
  const consumer = await driver.consumer({
    source: { mode: 'assign', partitions: [partition(0), partition(1)] },
    reset: 'earliest',
    maxPartitionBytes: 110_000,
    maxBufferedBytes: 350_000,
  });
  consumer.pause([partition(0)]);
  const small = await consumer.next();
  consumer.resume([partition(0)]);
  const next = consumer.next();
  await new Promise((resolve) => setTimeout(resolve, 20));
  small.release();
  expect([small.partition, (await next).partition]).toEqual([1, 0]);
});

test('hands small batches out together, and several records of one row from the position on', async () => {
  for (let index = 0; index < 5; index++) await send(0, 10);
  const consumer = await driver.consumer({ source: { mode: 'assign', partitions: [partition(0)] }, reset: 'earliest' });
  consumer.seek(partition(0), 2);
  const batch = await consumer.next();
  expect(batch.records.map(({ offset }) => offset)).toEqual([2, 3, 4]);
});

test('answers several waits in the order in which they began', async () => {
  const consumer = await driver.consumer({
    source: { mode: 'assign', partitions: [partition(0)] },
    reset: 'earliest',
    maxPartitionBytes: 1,
  });
  const waits = [consumer.next(), consumer.next()];
  await send(0, 200_000);
  await send(0, 200_000);
  expect((await Promise.all(waits)).map(({ firstOffset }) => firstOffset)).toEqual([0, 1]);
});

test('refuses group mode, transactions and calls for partitions it does not have', async () => {
  await expect(driver.consumer({ source: { mode: 'group', groupId: 'g', topics: ['t'] } })).rejects.toMatchObject({ kind: 'invalid' });
  await expect(driver.producer({ transactionalId: 'x' })).rejects.toMatchObject({ kind: 'invalid' });
  const consumer = await driver.consumer({ source: { mode: 'assign', partitions: [] } });
  expect(() => consumer.seek(partition(0), 0)).toThrow('Partition t-0 is not assigned to this consumer.');
  await expect(consumer.commit(new Map())).rejects.toMatchObject({ kind: 'invalid' });
});
