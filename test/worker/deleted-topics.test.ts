import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Producer } from '../../src/kafka/driver.ts';
import { standalone, type TestWorker } from './standalone.ts';

let worker: TestWorker;
afterEach(() => worker.close());

const rarely = { 'offset.flush.interval.ms': '60000', 'consumer.metadata.max.age.ms': '20' };

/** A sink of the topics kept and gone, over two records of each that it has written and, with such settings, not committed. */
async function sink(settings: Record<string, string>) {
  worker = await standalone(settings);
  const { connectors, driver, folder } = worker;
  const [admin, producer] = [await driver.admin(), await driver.producer()];
  const file = join(folder, 'lines');
  const config = { 'connector.class': 'FileStreamSink', topics: 'kept,gone', file };
  await Promise.all(['kept', 'gone'].map((topic) => append(producer, topic, ['1', '2'])));
  const lines = () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1).sort() : []);
  const offsets = () => admin.groupOffsets('connect-s');
  return { connectors, admin, lines, offsets, config, append: (topic: string, ...names: string[]) => append(producer, topic, names) };
}

async function append(producer: Producer, topic: string, names: readonly string[]): Promise<void> {
  const records = names.map((name) => ({ key: null, value: `${topic}-${name}` }));
  expect(await producer.send([{ topic, partition: 0, records }])).toMatchObject([{ baseOffset: expect.any(Number) }]);
}

test.each(['1', '2'])('what a sink of %s task(s) had read of a topic that is deleted is not committed, the rest is', async (tasks) => {
  const { connectors, admin, lines, offsets, config, append } = await sink(rarely);
  await connectors.create('s', { ...config, 'tasks.max': tasks });
  await expect.poll(lines, { timeout: 10_000 }).toHaveLength(4);
  await admin.deleteTopics(['gone']);
  await append('kept', '3');
  await expect.poll(lines, { timeout: 10_000 }).toHaveLength(5);
  await connectors.stop('s');
  expect(await offsets()).toEqual(new Map([['kept-0', 3]]));

  await append('gone', '3', '4', '5');
  await connectors.resume('s');
  await expect.poll(lines, { timeout: 10_000 }).toEqual(['gone-1', 'gone-2', 'gone-3', 'gone-4', 'gone-5', 'kept-1', 'kept-2', 'kept-3']);
});

test.each(['1', '2'])('a sink of %s task(s) that runs reads a topic that is deleted and made again from its beginning', async (tasks) => {
  const { connectors, admin, lines, offsets, config, append } = await sink({ 'consumer.metadata.max.age.ms': '20' });
  await connectors.create('s', { ...config, 'tasks.max': tasks });
  await expect.poll(async () => (await offsets()).size, { timeout: 10_000 }).toBe(2);
  await admin.deleteTopics(['gone']);
  await append('kept', '3');
  await expect.poll(async () => Object.fromEntries(await offsets()), { timeout: 10_000 }).toEqual({ 'kept-0': 3 });
  await append('gone', '3', '4', '5');
  await expect.poll(lines, { timeout: 10_000 }).toHaveLength(8);
  await expect.poll(async () => Object.fromEntries(await offsets()), { timeout: 10_000 }).toEqual({ 'kept-0': 3, 'gone-0': 3 });
});
