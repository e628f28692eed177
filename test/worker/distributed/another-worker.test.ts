import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Cluster, inStates } from './cluster.ts';

const running = inStates('RUNNING', 'RUNNING');
const again = () => new Promise((resolve) => setTimeout(resolve, 5));

let cluster: Cluster;
beforeEach(() => {
  cluster = new Cluster();
});
afterEach(() => cluster.close());

const source = (more: Readonly<Record<string, string>> = {}) => ({
  name: 'in',
  'connector.class': 'FileStreamSource',
  file: join(cluster.folder, 'in.txt'),
  topic: 'lines',
  ...more,
});

test('what another one left behind is taken up, and goes on where it stopped', async () => {
  const first = await cluster.worker();
  const input = join(cluster.folder, 'in.txt');
  const output = join(cluster.folder, 'out.txt');
  writeFileSync(input, 'a\n');
  await first.connectors.create('in', source());
  await first.connectors.create('out', { 'connector.class': 'FileStreamSink', file: output, topics: 'lines' });
  await first.connectors.create('rest', source({ name: 'rest', topic: 'never' }), 'STOPPED');
  while (!existsSync(output) || readFileSync(output, 'utf8') !== 'a\n') await again();
  await first.close();
  const before = (await cluster.records()).length;
  appendFileSync(input, 'b\n');
  const second = await cluster.worker();
  await Promise.all([second.until('in', running), second.until('out', running), second.until('rest', inStates('STOPPED'))]);
  while (readFileSync(output, 'utf8') !== 'a\nb\n') await again();
  expect(second.connectors.names()).toEqual(['in', 'out', 'rest']);
  // Nothing is decided anew that is decided already.
  expect(await cluster.records()).toHaveLength(before);
  await second.close();
});

test('what another one writes is acted on: configs, tasks, states, restarts and levels', async () => {
  const worker = await cluster.worker();
  await cluster.write(['connector-in', { properties: source({ 'tasks.max': '1' }) }]);
  await worker.until('in', running);
  await cluster.write(['target-state-in', { state: 'PAUSED', 'state.v2': 'PAUSED' }]);
  await worker.until('in', inStates('PAUSED', 'PAUSED'));
  await cluster.write(['logger-cluster-org.acme', { level: 'DEBUG' }], ['connector-in', null], ['target-state-in', null]);
  await worker.until('in', (status) => status === undefined);
  expect(worker.levels).toEqual(['org.acme DEBUG']);
  await worker.connectors.setLevelOfAll('org.acme', 'INFO');
  expect(worker.levels).toEqual(['org.acme DEBUG', 'org.acme INFO']);
  await worker.close();
});

test('what another one told of connectors that are no more is cleared away', async () => {
  const first = await cluster.worker();
  await first.connectors.create('gone', source({ name: 'gone' }));
  await first.until('gone', running);
  await first.close();
  await cluster.write(['connector-gone', null]);
  const second = await cluster.worker();
  await second.until('gone', (status) => status === undefined);
  expect(second.connectors.names()).toEqual([]);
  await second.close();
});

test('a connector of another one whose class is not known fails alone', async () => {
  const worker = await cluster.worker();
  await cluster.write(['connector-ghost', { properties: { name: 'ghost', 'connector.class': 'com.acme.Ghost' } }]);
  const status = await worker.until('ghost', inStates('FAILED'));
  expect(status).toMatchObject({ type: 'unknown', connector: { trace: expect.stringContaining('com.acme.Ghost') } });
  await worker.connectors.create('in', source());
  await worker.until('in', running);
  await worker.close();
});

test('settings that another one let pass fail the connector, until they are put right', async () => {
  const worker = await cluster.worker();
  await cluster.write(['connector-in', { properties: source({ 'task.isolation': 'somewhat' }) }]);
  await worker.until('in', inStates('FAILED'));
  await worker.connectors.put('in', source());
  await worker.until('in', running);
  await worker.close();
});

describe('a plugin of another module', () => {
  const module = join(import.meta.dirname, '../fixtures/may-be-refused.ts');
  const config = () => ({
    'connector.class': 'may-be-refused',
    'tasks.max': '2',
    topics: 't',
    file: join(cluster.folder, 'out.txt'),
  });
  const offsets = [{ partition: { kafka_topic: 'absent', kafka_partition: 0 }, offset: { kafka_offset: 1 } }];
  const both = inStates('RUNNING', 'RUNNING', 'RUNNING');

  test('is known for a sink, whose offsets are those of its group, by the worker after it too', async () => {
    const first = await cluster.worker({}, [module]);
    expect((await first.connectors.create('s', config())).type).toBe('sink');
    expect((await first.until('s', both))?.type).toBe('sink');
    await first.connectors.stop('s');
    await first.close();
    const second = await cluster.worker({}, [module]);
    await expect(second.connectors.alterOffsets('s', offsets)).rejects.toThrow('Failed to alter consumer group offsets for connector s');
    expect(second.connectors.info('s').type).toBe('sink');
    await second.close();
  });

  test('that refuses its config fails the connector alone; one that is not there fails its tasks, which would not know where to read on', async () => {
    const first = await cluster.worker({}, [module]);
    await first.connectors.create('s', config());
    await first.until('s', both);
    await first.close();
    writeFileSync(join(cluster.folder, 'out.txt.locked'), '');
    const second = await cluster.worker({}, [module]);
    await second.until('s', inStates('FAILED', 'RUNNING', 'RUNNING'));
    expect(second.connectors.status('s').connector.trace).toContain('The file is locked');
    await second.close();
    const third = await cluster.worker();
    const status = await third.until('s', inStates('FAILED', 'FAILED', 'FAILED'));
    expect(status?.tasks.every(({ trace }) => trace?.includes('Failed to find any class'))).toBe(true);
    await third.close();
  });
});
