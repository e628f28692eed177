import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Driver, DriverError } from '../../src/kafka/driver.ts';
import { openEmbedded } from '../../src/kafka/embedded/open-embedded.ts';
import { CompactedTopic } from '../../src/store/compacted-topic.ts';

let folder: string;
let broker: Driver;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-compacted-topic-'));
  broker = await openEmbedded({ dataDir: folder });
});
afterEach(async () => {
  await broker.close();
  rmSync(folder, { recursive: true });
});

/** A broker that counts the clients that are open. */
function counted(): { readonly driver: Driver; readonly open: () => number } {
  let open = 0;
  const count = async <T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> => {
    const client = await opening;
    const close = client.close.bind(client);
    open++;
    client.close = async () => {
      open--;
      await close();
    };
    return client;
  };
  const driver: Driver = {
    name: broker.name,
    capabilities: broker.capabilities,
    admin: () => count(broker.admin()),
    producer: (options) => count(broker.producer(options)),
    consumer: (options) => count(broker.consumer(options)),
    close: () => broker.close(),
  };
  return { driver, open: () => open };
}

const options = { topic: 'configs', setting: 'config.storage.topic', partitions: 1 };
const lost = new DriverError('retriable', 'the broker is gone');

test('closes its clients at its end', async () => {
  const { driver, open } = counted();
  const topic = await CompactedTopic.open(driver, options, () => undefined);
  expect(open()).toBe(3);
  await topic.close();
  expect(open()).toBe(0);
});

test('leaves no client behind where the topic cannot be used', async () => {
  const { driver, open } = counted();
  const admin = await broker.admin();
  await admin.createTopics([{ name: 'configs', partitions: 1, configs: { 'cleanup.policy': 'delete' } }]);
  await admin.close();
  await expect(CompactedTopic.open(driver, options, () => undefined)).rejects.toThrow('Topic configs');
  expect(open()).toBe(0);
});

test('leaves no client behind where one cannot be had, or the topic not be read', async () => {
  const { driver, open } = counted();
  const refuse = () => Promise.reject(lost);
  await expect(CompactedTopic.open({ ...driver, consumer: refuse }, options, () => undefined)).rejects.toThrow('the broker is gone');
  const unreadable: Driver = { ...driver, admin: async () => Object.assign(await driver.admin(), { offsets: refuse }) };
  await expect(CompactedTopic.open(unreadable, options, () => undefined)).rejects.toThrow('the broker is gone');
  expect(open()).toBe(0);
});
