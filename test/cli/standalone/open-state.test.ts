import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openState } from '../../../src/cli/standalone/open-state.ts';
import { readWorkerConfig } from '../../../src/config/worker-config.ts';
import type { Driver } from '../../../src/kafka/driver.ts';
import { openEmbedded } from '../../../src/kafka/embedded/open-embedded.ts';
import { createLog } from '../../../src/telemetry/log.ts';

const json = 'org.apache.kafka.connect.json.JsonConverter';
let folder: string;
let driver: Driver;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-state-'));
  driver = await openEmbedded({ dataDir: folder });
});
afterEach(async () => {
  await driver.close();
  rmSync(folder, { recursive: true });
});

/** Writes an offset and a connector, and answers with what is still known when it is opened again. */
async function remembered(brokers: Record<string, string>) {
  const overrides = { 'key.converter': json, 'value.converter': json, 'offset.storage.file.filename': join(folder, 'offsets'), ...brokers };
  const config = await readWorkerConfig({ environment: {}, overrides, warn: () => {} });
  const log = createLog({ level: 'silent' });
  const first = await openState(driver, config, log);
  await first.offsets.alter('a', [{ partition: { p: 1 }, offset: { o: 2 } }]);
  await first.connectors?.put('a', { config: {}, target: 'PAUSED' });
  await first.close();
  const again = await openState(driver, config, log);
  const answer = { offsets: await again.offsets.list('a'), connectors: [...(again.connectors?.connectors.keys() ?? [])] };
  await again.close();
  return answer;
}

test('on brokers offsets are in the file, and connectors are forgotten, as Connect does', async () => {
  expect(await remembered({ 'bootstrap.servers': 'b:9092' })).toEqual({
    offsets: [{ partition: { p: 1 }, offset: { o: 2 } }],
    connectors: [],
  });
  expect(existsSync(join(folder, 'offsets'))).toBe(true);
  expect(await driver.admin().then((admin) => admin.listTopics().finally(() => admin.close()))).toEqual([]);
});

test('on the embedded broker both are in the data folder, and the file is left alone', async () => {
  expect(await remembered({})).toEqual({ offsets: [{ partition: { p: 1 }, offset: { o: 2 } }], connectors: ['a'] });
  expect(existsSync(join(folder, 'offsets'))).toBe(false);
});
