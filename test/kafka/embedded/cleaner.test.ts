import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Admin, type EmbeddedDriver, type OutRecord, openEmbedded, type Producer } from '../../../src/kafka/index.ts';

let folder: string;
let driver: EmbeddedDriver;
let producer: Producer;
let admin: Admin;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-cleaner-'));
  driver = await openEmbedded({ dataDir: folder });
  [producer, admin] = [await driver.producer(), await driver.admin()];
});
afterEach(async () => {
  await driver.close();
  rmSync(folder, { recursive: true });
});

const send = (records: readonly OutRecord[], topic = 't') => producer.send([{ topic, partition: 0, records }]);
const earliest = async () => (await admin.offsets([{ topic: 't', partition: 0 }], 'earliest')).get('t-0');

/** What the store really holds, seen from outside. */
function stored(sql: string): unknown[] {
  const db = new DatabaseSync(join(folder, 'broker.db'), { readOnly: true });
  try {
    return db
      .prepare(sql)
      .all()
      .map((row) => Object.values(row));
  } finally {
    db.close();
  }
}

const offsets = () => stored('SELECT base, last FROM batch ORDER BY id');

test('removes batches whose newest record is older than retention.ms', async () => {
  await admin.createTopics([{ name: 't', configs: { 'retention.ms': '3600000' } }]);
  const now = Date.now();
  await send([{ key: null, value: 'a', timestamp: now - 7_200_000 }]);
  await send([
    { key: null, value: 'b', timestamp: now - 7_200_000 },
    { key: null, value: 'c', timestamp: now },
  ]);
  await send([{ key: null, value: 'd', timestamp: now - 7_200_000 }]);
  await driver.cleanUp();
  expect(offsets()).toEqual([
    [1, 2],
    [3, 3],
  ]);
  expect(await earliest()).toBe(1);
});

test('removes the oldest batches while the others still reach retention.bytes', async () => {
  await admin.createTopics([{ name: 't', configs: { 'retention.bytes': '2500' } }]);
  for (let index = 0; index < 5; index++) await send([{ key: null, value: 'x'.repeat(930) }]);
  expect(stored('SELECT bytes FROM partition')).toEqual([[5000]]);
  await driver.cleanUp();
  expect(offsets()).toEqual([
    [2, 2],
    [3, 3],
    [4, 4],
  ]);
  expect(stored('SELECT log_start, next_offset, bytes FROM partition')).toEqual([[2, 5, 3000]]);
});

test('keeps everything of a topic that is only compacted', async () => {
  await admin.createTopics([{ name: 't', configs: { 'cleanup.policy': 'compact', 'retention.ms': '1', 'retention.bytes': '1' } }]);
  await send([{ key: 'a', value: '1', timestamp: 1 }]);
  await driver.cleanUp();
  expect(offsets()).toEqual([[0, 0]]);
});

test('removes the batches of deleted records and topics', async () => {
  await admin.createTopics([{ name: 't' }, { name: 'gone' }]);
  for (const value of ['a', 'b', 'c']) await send([{ key: null, value }]);
  await send([{ key: null, value: 'z' }], 'gone');
  await admin.deleteRecords(new Map([['t-0', 2]]));
  await admin.deleteTopics(['gone']);
  await driver.cleanUp();
  expect(offsets()).toEqual([[2, 2]]);
  expect(stored('SELECT count(*) FROM partition')).toEqual([[1]]);
});

test('leaves records younger than min.compaction.lag.ms alone, and compacts the others', async () => {
  await admin.createTopics([{ name: 't', configs: { 'cleanup.policy': 'compact', 'min.compaction.lag.ms': '3600000' } }]);
  const old = Date.now() - 7_200_000;
  await send([{ key: 'a', value: '1', timestamp: old }]);
  await send([{ key: 'a', value: '2', timestamp: old }]);
  await send([{ key: 'a', value: '3' }]);
  await driver.cleanUp();
  expect(offsets()).toEqual([
    [1, 1],
    [2, 2],
  ]);
});

test('remembers how far a topic is compacted, and compacts it on its own only when enough was written since', async () => {
  await driver.close();
  driver = await openEmbedded({ dataDir: folder, cleanUpEveryMs: 10 });
  [producer, admin] = [await driver.producer(), await driver.admin()];
  await admin.createTopics([{ name: 't', configs: { 'cleanup.policy': 'compact' } }]);
  for (const key of ['a', 'b', 'b', 'c', 'd']) await send([{ key, value: 'x' }]);
  await vi.waitFor(
    () =>
      expect(offsets()).toEqual([
        [0, 0],
        [2, 2],
        [3, 3],
        [4, 4],
      ]),
    10_000,
  );
  await driver.cleanUp();
  expect(stored('SELECT compacted_to, bytes FROM partition')).toEqual([[5, 280]]);
  await send([{ key: 'a', value: 'x' }]);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(offsets()).toEqual([
    [0, 0],
    [2, 2],
    [3, 3],
    [4, 4],
    [5, 5],
  ]);
  await driver.cleanUp();
  expect(offsets()).toEqual([
    [2, 2],
    [3, 3],
    [4, 4],
    [5, 5],
  ]);
});

test('compacts compressed batches, and batches of several steps', async () => {
  await admin.createTopics([{ name: 't', configs: { 'cleanup.policy': 'compact' } }]);
  producer = await driver.producer({ compression: 'zstd' });
  const random = Array.from({ length: 40 }, (_, index) => ({ key: `k${index % 7}`, value: crypto.getRandomValues(Buffer.alloc(60_000)) }));
  for (let index = 0; index < 40; index += 4) await send(random.slice(index, index + 4));
  await driver.cleanUp();
  const consumer = await driver.consumer({ source: { mode: 'assign', partitions: [{ topic: 't', partition: 0 }] }, reset: 'earliest' });
  const found: unknown[] = [];
  while (found.length < 7) {
    const batch = await consumer.next();
    found.push(
      ...batch.records.map((record) => [
        record.offset,
        record.keyText(),
        Buffer.from(record.value ?? []).equals(random[record.offset]?.value ?? Buffer.alloc(0)),
      ]),
    );
    batch.release();
  }
  expect(found).toEqual([
    [33, 'k5', true],
    [34, 'k6', true],
    [35, 'k0', true],
    [36, 'k1', true],
    [37, 'k2', true],
    [38, 'k3', true],
    [39, 'k4', true],
  ]);
});

test('gives the space of many removed batches back to the disk', async () => {
  await admin.createTopics([{ name: 't' }]);
  for (let index = 0; index < 10; index++) await send(Array.from({ length: 10 }, () => ({ key: null, value: Buffer.alloc(900_000) })));
  await admin.deleteRecords(new Map([['t-0', -1]]));
  await driver.cleanUp();
  await driver.close();
  expect(statSync(join(folder, 'broker.db')).size).toBeLessThan(70_000_000);
});
