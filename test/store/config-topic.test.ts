import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Driver } from '../../src/kafka/driver.ts';
import { openEmbedded } from '../../src/kafka/embedded/open-embedded.ts';
import { CompactedTopic } from '../../src/store/compacted-topic.ts';
import { ConfigTopic } from '../../src/store/config-topic.ts';

let folder: string;
let driver: Driver;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-config-topic-'));
  driver = await openEmbedded({ dataDir: folder });
});
afterEach(async () => {
  await driver.close();
  rmSync(folder, { recursive: true });
});

const opened = async <T>(use: (topic: ConfigTopic) => Promise<T> | T): Promise<T> => {
  const topic = await ConfigTopic.open(driver);
  try {
    return await use(topic);
  } finally {
    await topic.close();
  }
};

test('configs and target states are there when the topic is opened again', async () => {
  await opened(async (topic) => {
    await topic.put('a-b', { config: { name: 'a-b', note: null }, target: 'STOPPED' });
    await topic.put('gone', { config: { name: 'gone' }, target: 'PAUSED' });
    await topic.remove('gone');
    expect([...topic.connectors.keys()]).toEqual(['a-b']);
  });
  expect(await opened((topic) => [...topic.connectors])).toEqual([['a-b', { config: { name: 'a-b', note: null }, target: 'STOPPED' }]]);
});

test('records are written in the format of Connect, and its are read', async () => {
  await opened((topic) => topic.put('a', { config: { name: 'a' }, target: 'STOPPED' }));
  const seen: unknown[] = [];
  const options = { topic: 'connect-configs', setting: 'config.storage.topic', partitions: 1 };
  const log = await CompactedTopic.open(driver, options, ({ key, value }) => seen.push([key, value]));
  await log.write([
    { key: 'connector-b', value: '{"properties":{"name":"b"}}' },
    { key: 'target-state-b', value: '{"state":"PAUSED"}' },
    { key: 'task-b-0', value: '{"properties":{}}' },
    { key: 'connector-c', value: 'broken' },
  ]);
  await log.close();
  expect(seen.slice(0, 2)).toEqual([
    ['target-state-a', '{"state":"PAUSED","state.v2":"STOPPED"}'],
    ['connector-a', '{"properties":{"name":"a"}}'],
  ]);
  expect(await opened((topic) => [...topic.connectors])).toEqual([
    ['a', { config: { name: 'a' }, target: 'STOPPED' }],
    ['b', { config: { name: 'b' }, target: 'PAUSED' }],
  ]);
});

test('a topic that can no longer be read says so, and refuses writes', async () => {
  const failures: unknown[] = [];
  const topic = await ConfigTopic.open(driver, { patienceMs: 0, onFailure: (error) => failures.push(error) });
  const admin = await driver.admin();
  await admin.deleteTopics(['connect-configs']);
  await admin.close();
  while (failures.length === 0) await new Promise((again) => setTimeout(again, 5));
  await expect(topic.putConfig('a', { name: 'a' })).rejects.toThrow('connect-configs');
  await topic.close();
  expect(failures).toMatchObject([{ code: 'STORE_READ_FAILED' }]);
});

test('a topic of several partitions is refused: their records would have no order', async () => {
  const admin = await driver.admin();
  await admin.createTopics([{ name: 'wide', partitions: 2, configs: { 'cleanup.policy': 'compact' } }]);
  await admin.close();
  await expect(ConfigTopic.open(driver, { topic: 'wide' })).rejects.toThrow(
    "Topic 'wide' supplied via the 'config.storage.topic' property is required to have a single partition in order to guarantee consistency of connector configurations, but found 2 partitions.",
  );
});
