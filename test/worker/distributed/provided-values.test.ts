import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Cluster, type ClusterWorker, inStates } from './cluster.ts';

const running = inStates('RUNNING', 'RUNNING');
const again = () => new Promise((resolve) => setTimeout(resolve, 5));

let cluster: Cluster;
let worker: ClusterWorker;
let name: string;
let made = 0;
beforeAll(async () => {
  cluster = new Cluster();
  worker = await cluster.worker();
});
afterAll(async () => {
  await worker.close();
  await cluster.close();
});
beforeEach(() => {
  name = `c-${made++}`;
  cluster.secret = { file: 'secret.txt' };
});

const source = (more: Readonly<Record<string, string>> = {}) => ({
  'connector.class': 'FileStreamSource',
  file: join(cluster.folder, `${name}-in.txt`),
  topic: name,
  ...more,
});
const recordsOf = async (connector: string) => (await cluster.records()).filter(([key]) => key.includes(connector));

test('references to config providers are kept as they are, and resolved where something runs', async () => {
  writeFileSync(join(cluster.folder, 'secret.txt'), 'a\n');
  await worker.connectors.create(name, source({ file: '${secret:file}' }));
  await worker.until(name, running);
  expect(JSON.stringify(await recordsOf(name))).not.toContain('secret.txt');
  expect(worker.connectors.tasks(name)[0]?.config['file']).toBe('${secret:file}');
  while ((await worker.connectors.offsets(name)).length === 0) await again();
  expect(await worker.connectors.offsets(name)).toMatchObject([{ partition: { filename: join(cluster.folder, 'secret.txt') } }]);
});

test('references are looked up anew when their time is over; tasks begin anew where that changes something', async () => {
  writeFileSync(join(cluster.folder, 'secret.txt'), 'a\n');
  writeFileSync(join(cluster.folder, 'other.txt'), 'b\n');
  cluster.secret = { file: 'secret.txt', ttlMs: 20 };
  const reloaded = { restarts: 0 };
  const restarts = worker.connectors.events.subscribe(({ kind, connector, state }) => {
    if (kind === 'connector-state' && connector === name && state === 'RESTARTING') reloaded.restarts++;
  });
  await worker.connectors.create(name, source({ file: '${secret:file}' }));
  while (reloaded.restarts < 2) await again();
  await worker.until(name, running);
  const divisions = async () => (await recordsOf(name)).filter(([key]) => key === `commit-${name}`).length;
  expect(await divisions()).toBe(1);
  cluster.secret = { file: 'other.txt' };
  const files = async () => (await worker.connectors.offsets(name)).map(({ partition }) => partition?.['filename']);
  while (!(await files()).includes(join(cluster.folder, 'other.txt'))) await again();
  expect(await divisions()).toBe(2);
  expect(JSON.stringify(await recordsOf(name))).not.toContain('other.txt');
  restarts.unsubscribe();
});

test('references are looked up no more once a connector is deleted, but while it is paused', async () => {
  cluster.secret = { file: 'secret.txt', ttlMs: 20 };
  await worker.connectors.create(name, source({ file: '${secret:file}' }));
  await worker.until(name, running);
  await worker.connectors.pause(name);
  await worker.until(name, inStates('PAUSED', 'PAUSED'));
  const lookedUp = cluster.lookUps.get(name) ?? 0;
  while ((cluster.lookUps.get(name) ?? 0) < lookedUp + 2) await again();
  await worker.until(name, inStates('PAUSED', 'PAUSED'));
  await worker.connectors.remove(name);
  await worker.until(name, (status) => status === undefined);
  const last = cluster.lookUps.get(name);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(cluster.lookUps.get(name)).toBe(last);
});

test('references that have become invalid fail what needs them, and not the worker', async () => {
  const properties = { ...source(), name };
  await cluster.write(
    [`connector-${name}`, { properties }],
    [
      `task-${name}-0`,
      { properties: { ...properties, file: '${gone:file}', 'task.class': 'org.apache.kafka.connect.file.FileStreamSourceTask' } },
    ],
    [`commit-${name}`, { tasks: 1 }],
  );
  await worker.until(name, running);
  await cluster.write([`connector-${name}`, { properties: { ...properties, topic: '${gone:topic}' } }]);
  const status = await worker.until(name, inStates('FAILED', 'RUNNING'));
  expect(status).toMatchObject({ connector: { trace: expect.stringContaining('There is no secret of that name.') } });
  await cluster.write([`task-${name}-0`, { properties: { ...properties, file: '${gone:file}' } }], [`commit-${name}`, { tasks: 1 }]);
  await worker.until(name, inStates('FAILED', 'FAILED'));
  await worker.connectors.put(name, source());
  await worker.until(name, running);
});

test('references that were gone for a while keep nothing from being restarted later', async () => {
  writeFileSync(join(cluster.folder, 'secret.txt'), 'a\n');
  await worker.connectors.create(name, source({ file: '${secret:file}' }));
  await worker.until(name, running);
  cluster.secretsAreGone = true;
  await expect(worker.connectors.restartTask(name, 0)).rejects.toThrow('There is no secret of that name.');
  const status = await worker.until(name, inStates('RUNNING', 'FAILED'));
  expect(status?.tasks[0]?.trace).toContain('There is no secret of that name.');
  cluster.secretsAreGone = false;
  await worker.connectors.restartTask(name, 0);
  await worker.until(name, running);
  cluster.secretsAreGone = true;
  await expect(worker.connectors.restartTask(name, 0)).rejects.toThrow('There is no secret of that name.');
  await worker.until(name, inStates('RUNNING', 'FAILED'));
  cluster.secretsAreGone = false;
  await worker.connectors.restart(name, { includeTasks: true, onlyFailed: true });
  await worker.until(name, running);
});

test('other values that a pause came before are taken up with the resume', async () => {
  writeFileSync(join(cluster.folder, 'secret.txt'), 'a\n');
  writeFileSync(join(cluster.folder, 'other.txt'), 'b\n');
  await worker.connectors.create(name, source({ file: '${secret:file}' }));
  await worker.until(name, running);
  const slow = Promise.withResolvers<void>();
  cluster.before = { targets: slow.promise };
  const paused = worker.connectors.pause(name);
  cluster.secret = { file: 'other.txt' };
  await worker.connectors.restart(name, { includeTasks: false, onlyFailed: false });
  slow.resolve();
  await paused;
  await worker.until(name, inStates('PAUSED', 'PAUSED'));
  await worker.connectors.resume(name);
  const files = async () => (await worker.connectors.offsets(name)).map(({ partition }) => partition?.['filename']);
  while (!(await files()).includes(join(cluster.folder, 'other.txt'))) await again();
});
