import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Driver, openEmbedded } from '../../../src/kafka/index.ts';
import { eventually } from '../../../src/testing/contract.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-embedded-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['producers', (driver: Driver) => driver.producer()],
  ['consumers', (driver: Driver) => driver.consumer({ source: { mode: 'assign', partitions: [] } })],
  ['admins', (driver: Driver) => driver.admin()],
])('holds nothing of %s that were closed', async (_, open) => {
  const driver = await openEmbedded({ dataDir: folder });
  // In a function of its own, whose variables are gone behind it.
  const openAndClose = async () => {
    const part = await open(driver);
    await part.close();
    return new WeakRef(part);
  };
  const closed = [await openAndClose(), await openAndClose(), await openAndClose()];
  await eventually('all were collected', () => {
    collectGarbage();
    return closed.every((part) => part.deref() === undefined);
  });
  await driver.close();
});

test('keeps records and committed offsets from one opening to the next', async () => {
  const first = await openEmbedded({ dataDir: folder });
  const producer = await first.producer();
  await producer.send([
    {
      topic: 'orders',
      partition: 0,
      records: [
        { key: 'a', value: '1' },
        { key: 'b', value: '2' },
      ],
    },
  ]);
  const partitions = [{ topic: 'orders', partition: 0 }];
  const committer = await first.consumer({ source: { mode: 'assign', partitions, groupId: 'g' } });
  await committer.commit(new Map([['orders-0', { offset: 1 }]]));
  await first.close();

  const second = await openEmbedded({ dataDir: folder });
  const consumer = await second.consumer({ source: { mode: 'assign', partitions, groupId: 'g' } });
  const batch = await consumer.next();
  expect(batch.records.map((record) => [record.offset, record.keyText(), record.valueText()])).toEqual([[1, 'b', '2']]);
  await second.close();
});
