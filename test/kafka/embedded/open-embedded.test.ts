import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openEmbedded } from '../../../src/kafka/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-embedded-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

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
