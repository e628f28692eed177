import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Driver } from '../../src/kafka/driver.ts';
import { openEmbedded } from '../../src/kafka/embedded/open-embedded.ts';
import { partitionOfKey } from '../../src/kafka/partitioner.ts';
import { OffsetTopic } from '../../src/store/offset-topic.ts';

let folder: string;
let driver: Driver;
const opened: OffsetTopic[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-offsets-'));
  driver = await openEmbedded({ dataDir: folder });
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((topic) => topic.close()));
  await driver.close();
  rmSync(folder, { recursive: true });
});

async function open(onUnreadable: (key: string) => void = () => {}): Promise<OffsetTopic> {
  const topic = await OffsetTopic.open(driver, { onUnreadable });
  opened.push(topic);
  return topic;
}

const load = async (topic: OffsetTopic, connector: string, partition: Readonly<Record<string, unknown>>) =>
  (await lastValueFrom(topic.store(connector, 0).load([partition])))[0];

const save = (
  topic: OffsetTopic,
  connector: string,
  partition: Readonly<Record<string, unknown>>,
  offset: Readonly<Record<string, unknown>>,
) => lastValueFrom(topic.store(connector, 0).save([{ partition, offset }]), { defaultValue: undefined });

/** What a Java worker would have written. */
async function write(key: string, value: string | null): Promise<void> {
  const admin = await driver.admin();
  await admin.createTopics([{ name: 'connect-offsets', partitions: 25, configs: { 'cleanup.policy': 'compact' } }]);
  await admin.close();
  const producer = await driver.producer();
  await producer.send([{ topic: 'connect-offsets', partition: partitionOfKey(key, 25), records: [{ key, value }] }]);
  await producer.close();
}

async function records(): Promise<readonly (readonly [string | null, string | null, number])[]> {
  const partitions = Array.from({ length: 25 }, (_, partition) => ({ topic: 'connect-offsets', partition }));
  const consumer = await driver.consumer({ source: { mode: 'assign', partitions }, reset: 'earliest' });
  const found: (readonly [string | null, string | null, number])[] = [];
  try {
    for (;;) {
      const batch = await consumer.next(AbortSignal.timeout(50));
      for (const record of batch.records) found.push([record.keyText(), record.valueText(), batch.partition]);
      batch.release();
    }
  } catch {
    await consumer.close();
    return found;
  }
}

test('a partition that was never committed has no offset', async () => {
  expect(await load(await open(), 'orders', { filename: 'a.txt' })).toBeNull();
});

test('an offset is there after its save, for this reader and for one that opens later', async () => {
  const topic = await open();
  await save(topic, 'orders', { filename: 'a.txt' }, { position: 512 });
  expect(await load(topic, 'orders', { filename: 'a.txt' })).toEqual({ position: 512 });
  expect(await load(await open(), 'orders', { filename: 'a.txt' })).toEqual({ position: 512 });
});

test('the newest of two offsets counts, and connectors do not see each other', async () => {
  const topic = await open();
  await save(topic, 'orders', { filename: 'a.txt' }, { position: 1 });
  await save(topic, 'orders', { filename: 'a.txt' }, { position: 2 });
  expect(await load(topic, 'orders', { filename: 'a.txt' })).toEqual({ position: 2 });
  expect(await load(topic, 'bills', { filename: 'a.txt' })).toBeNull();
});

test("keys, values and partitions are Connect's", async () => {
  await save(await open(), 'crm-source', { filename: '/data/crm.txt' }, { position: 512 });
  expect(await records()).toEqual([
    ['["crm-source",{"filename":"/data/crm.txt"}]', '{"position":512}', partitionOfKey('["crm-source",{"filename":"/data/crm.txt"}]', 25)],
  ]);
});

test('the topic is made with 25 partitions, compacted', async () => {
  await open();
  const admin = await driver.admin();
  expect((await admin.describeTopics(['connect-offsets']))[0]?.partitions).toHaveLength(25);
  expect((await admin.topicConfigs(['connect-offsets'])).get('connect-offsets')).toMatchObject({ 'cleanup.policy': 'compact' });
  await admin.close();
});

test('a topic that is not compacted is refused, naming topic and setting', async () => {
  const admin = await driver.admin();
  await admin.createTopics([{ name: 'connect-offsets', partitions: 1 }]);
  await admin.close();
  await expect(open()).rejects.toThrow('Topic connect-offsets (offset.storage.topic) has cleanup.policy=delete');
});

describe('an offset that another worker wrote', () => {
  test('is found whatever the order of its members, and is written again under the same key', async () => {
    await write('["db",{"server":"s","table":"t"}]', '{"lsn":1}');
    const topic = await open();
    expect(await load(topic, 'db', { table: 't', server: 's' })).toEqual({ lsn: 1 });
    await save(topic, 'db', { table: 't', server: 's' }, { lsn: 2 });
    expect((await records()).map(([key, value]) => [key, value])).toEqual([
      ['["db",{"server":"s","table":"t"}]', '{"lsn":1}'],
      ['["db",{"server":"s","table":"t"}]', '{"lsn":2}'],
    ]);
  });

  test('is seen although this worker opened the topic before', async () => {
    const topic = await open();
    await write('["db",{"t":1}]', '{"lsn":7}');
    expect(await load(topic, 'db', { t: 1 })).toEqual({ lsn: 7 });
  });

  test('keeps a position of 64 bits', async () => {
    await write('["db",{"t":1}]', '{"lsn":9223372036854775807}');
    const topic = await open();
    expect(await load(topic, 'db', { t: 1 })).toEqual({ lsn: 9223372036854775807n });
    await save(topic, 'db', { t: 1 }, { lsn: 9223372036854775806n });
    expect((await records()).at(-1)?.[1]).toBe('{"lsn":9223372036854775806}');
  });
});

test('a tombstone takes a partition back to never committed', async () => {
  const topic = await open();
  await save(topic, 'orders', { filename: 'a.txt' }, { position: 1 });
  await save(topic, 'orders', { filename: 'b.txt' }, { position: 2 });
  await topic.alter('orders', [{ partition: { filename: 'a.txt' }, offset: null }]);
  expect(await load(topic, 'orders', { filename: 'a.txt' })).toBeNull();
  expect(await topic.list('orders')).toEqual([{ partition: { filename: 'b.txt' }, offset: { position: 2 } }]);
  expect(await (await open()).list('orders')).toEqual([{ partition: { filename: 'b.txt' }, offset: { position: 2 } }]);
});

test('snapshots of nodes come back with the task that saved them, and are no offset of the connector', async () => {
  const topic = await open();
  const offsets = [{ partition: { p: 1 }, offset: { o: 1 } }];
  await lastValueFrom(topic.store('orders', 0).save(offsets, { window: { open: [1, 2] } }), { defaultValue: undefined });
  const again = await open();
  expect(await lastValueFrom(again.store('orders', 0).loadState())).toEqual({ window: { open: [1, 2] } });
  expect(await lastValueFrom(again.store('orders', 1).loadState())).toEqual({});
  expect(await again.list('orders')).toEqual(offsets);
});

test('offsets are not saved when the snapshot that belongs to them is refused', async () => {
  const topic = await open();
  const save = topic.store('orders', 0).save([{ partition: { p: 1 }, offset: { o: 1 } }], { window: 'x'.repeat(2_000_000) });
  await expect(lastValueFrom(save, { defaultValue: undefined })).rejects.toThrow(/^Topic connect-offsets refused a write: /);
  expect(await load(topic, 'orders', { p: 1 })).toBeNull();
});

test('records that no connector wrote are skipped and told', async () => {
  for (const key of ['not json', '["too","long",{}]', '["orders",5]', '{"a":1}']) await write(key, '{"o":1}');
  await write('["orders",null]', '{"o":1}');
  await write('["orders",{"p":1}]', '7');
  const unreadable: string[] = [];
  const topic = await open((key) => unreadable.push(key));
  expect(unreadable.sort()).toEqual(['["orders",5]', '["orders",{"p":1}]', '["too","long",{}]', 'not json', '{"a":1}']);
  expect(await topic.list('orders')).toEqual([]);
});

test('a write that the broker refuses is an error that names topic and reason', async () => {
  const topic = await open();
  await expect(save(topic, 'orders', { p: 1 }, { text: 'x'.repeat(2_000_000) })).rejects.toThrow(
    /^Topic connect-offsets refused a write: /,
  );
  expect(await load(topic, 'orders', { p: 1 })).toBeNull();
});

test('a topic whose records were deleted is read to its end', async () => {
  await write('["orders",{"p":1}]', '{"o":1}');
  const partition = partitionOfKey('["orders",{"p":1}]', 25);
  const admin = await driver.admin();
  await admin.deleteRecords(new Map([[`connect-offsets-${partition}`, 1]]));
  await admin.close();
  expect(await load(await open(), 'orders', { p: 1 })).toBeNull();
});
