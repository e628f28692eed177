import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Tally } from '../../../src/cli/run/tally.ts';
import { openEmbedded } from '../../../src/kafka/embedded/open-embedded.ts';

test('records are counted by pipeline, and those still in a topic are its lag', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-tally-'));
  const driver = await openEmbedded({ dataDir: folder });
  const producer = await driver.producer();
  await producer.send([{ topic: 't', partition: 0, records: Array.from({ length: 5 }, () => ({ key: null, value: 'x' })) }]);
  const tally = new Tally();
  tally.add({
    pipeline: 'in',
    task: 0,
    kind: 'committed',
    records: 7,
    offsets: [{ partition: { filename: 'a' }, offset: { position: 9 } }],
  });
  const partition = { kafka_topic: 't', kafka_partition: 0 };
  tally.add({ pipeline: 'out', task: 0, kind: 'committed', records: 1, offsets: [{ partition, offset: { kafka_offset: 1 } }] });
  tally.add({ pipeline: 'out', task: 0, kind: 'committed', records: 2, offsets: [{ partition, offset: { kafka_offset: 3 } }] });
  expect(await tally.progress(driver)).toEqual([
    { name: 'in', records: 7 },
    { name: 'out', records: 3, lag: 2 },
  ]);
  await driver.close();
  rmSync(folder, { recursive: true });
});
