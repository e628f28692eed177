import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { plugin } from '../standalone.ts';
import { Cluster, type ClusterWorker, inStates } from './cluster.ts';

const fileSource = 'org.apache.kafka.connect.file.FileStreamSource';
const running = inStates('RUNNING', 'RUNNING');
const connectorOnly = { includeTasks: false, onlyFailed: false };

const again = () => new Promise((resolve) => setTimeout(resolve, 5));

let cluster: Cluster;
let worker: ClusterWorker;
let name: string;
let made = 0;
beforeAll(async () => {
  cluster = new Cluster();
  worker = await cluster.worker({}, [plugin('bad-plugins')]);
});
afterAll(async () => {
  await worker.close();
  await cluster.close();
});
beforeEach(() => {
  name = `c-${made++}`;
});

const at = (file: string): string => join(cluster.folder, `${name}-${file}`);
const source = (more: Readonly<Record<string, string>> = {}) => ({
  'connector.class': 'FileStreamSource',
  file: at('in.txt'),
  topic: name,
  ...more,
});
const sink = (more: Readonly<Record<string, string>> = {}) => ({
  'connector.class': 'FileStreamSink',
  file: at('out.txt'),
  topics: name,
  ...more,
});
const recordsOf = async (connector: string) => (await cluster.records()).filter(([key]) => key.includes(connector));

describe('a change', () => {
  test('is answered when it is written, and carried out when it is read back', async () => {
    writeFileSync(at('in.txt'), 'a\n');
    expect(await worker.connectors.create(name, source())).toEqual({
      name,
      config: { ...source(), name },
      tasks: [],
      type: 'source',
    });
    await worker.until(name, running);
    expect(worker.connectors.info(name).tasks).toEqual([{ connector: name, task: 0 }]);
    const properties = { ...source(), name };
    expect(await recordsOf(name)).toEqual([
      [`connector-${name}`, { properties }],
      [`task-${name}-0`, { properties: { ...properties, 'task.class': `${fileSource}Task` } }],
      [`commit-${name}`, { tasks: 1 }],
    ]);
  });

  test('of the config restarts connector and tasks, also where the tasks stay the same', async () => {
    await worker.connectors.create(name, sink());
    await worker.until(name, running);
    expect(await worker.connectors.put(name, sink({ note: '1' }))).toMatchObject({ created: false, info: { tasks: [{ task: 0 }] } });
    await worker.until(name, running);
    while (worker.connectors.tasks(name)[0]?.config['note'] !== '1') await again();
    await worker.until(name, running);
    expect((await recordsOf(name)).filter(([key]) => key === `commit-${name}`)).toHaveLength(2);
  });

  test('that is refused writes nothing', async () => {
    await expect(worker.connectors.create(name, source({ 'tasks.max': '0' }))).rejects.toMatchObject({ status: 400 });
    await worker.connectors.create(name, source());
    await expect(worker.connectors.create(name, source())).rejects.toMatchObject({
      status: 409,
      message: `Connector ${name} already exists`,
    });
    expect((await recordsOf(name)).filter(([key]) => key === `connector-${name}`)).toHaveLength(1);
  });

  test('by two at once is made by one of them', async () => {
    const both = await Promise.allSettled([worker.connectors.create(name, source()), worker.connectors.create(name, source())]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('may leave out the name of a new connector, but not take it from one', async () => {
    await worker.connectors.put(name, source());
    await expect(worker.connectors.patch(name, { name: null })).rejects.toMatchObject({ status: 400 });
    expect(await worker.connectors.patch(name, { note: 'x' })).toMatchObject({ config: { ...source(), name, note: 'x' } });
  });
});

describe('states', () => {
  test('PAUSED and STOPPED are kept; a stopped connector has no tasks, and makes new ones when it is resumed', async () => {
    await worker.connectors.create(name, source());
    await worker.until(name, running);
    await worker.connectors.pause(name);
    await worker.until(name, inStates('PAUSED', 'PAUSED'));
    await worker.connectors.stop(name);
    await worker.until(name, inStates('STOPPED'));
    expect(worker.connectors.tasks(name)).toEqual([]);
    expect(() => worker.connectors.taskStatus(name, 0)).toThrow(`No status found for task ${name}-0`);
    await worker.connectors.resume(name);
    await worker.until(name, running);
    expect((await recordsOf(name)).filter(([key]) => key.startsWith('target-state-') || key.startsWith('commit-'))).toEqual([
      [`commit-${name}`, { tasks: 1 }],
      [`target-state-${name}`, { state: 'PAUSED', 'state.v2': 'PAUSED' }],
      [`commit-${name}`, { tasks: 0 }],
      [`target-state-${name}`, { state: 'PAUSED', 'state.v2': 'STOPPED' }],
      [`target-state-${name}`, { state: 'STARTED', 'state.v2': 'STARTED' }],
      [`commit-${name}`, { tasks: 1 }],
    ]);
  });

  test.each(['PAUSED', 'STOPPED'] as const)('a connector that begins %s has no tasks', async (state) => {
    await worker.connectors.create(name, source(), state);
    await worker.until(name, inStates(state));
    expect(worker.connectors.info(name).tasks).toEqual([]);
  });

  test('a connector that is deleted leaves neither statuses nor topics', async () => {
    writeFileSync(at('in.txt'), 'a\n');
    await worker.connectors.create(name, source());
    await worker.until(name, running);
    while (worker.connectors.topics(name).length === 0) await again();
    expect(worker.connectors.topics(name)).toEqual([name]);
    await worker.connectors.remove(name);
    expect(() => worker.connectors.info(name)).toThrow(`Connector ${name} not found`);
    await worker.until(name, (status) => status === undefined);
    while (worker.connectors.topics(name).length > 0) await again();
    expect((await recordsOf(name)).slice(-2)).toEqual([
      [`connector-${name}`, null],
      [`target-state-${name}`, null],
    ]);
  });

  test('a task whose config cannot be built fails without a version; one that fails later has it', async () => {
    await worker.connectors.create(name, source({ transforms: 'f', 'transforms.f.type': 'Filter', 'transforms.f.predicate': 'absent' }));
    const status = await worker.until(name, inStates('RUNNING', 'FAILED'));
    expect(status?.tasks[0]).toMatchObject({ id: 0, version: null, trace: expect.stringContaining('absent') });
    await worker.connectors.create(`${name}-later`, { ...sink(), file: join(cluster.folder, 'no/such/folder') });
    const later = await worker.until(`${name}-later`, inStates('RUNNING', 'FAILED'));
    expect(later?.tasks[0]).toMatchObject({ version: expect.any(String) });
  });
});

test('a restart by the policy that comes due while its connector is paused is made when that is resumed', async () => {
  let restarts = 0;
  const counting = worker.connectors.events.subscribe(({ connector, state }) => {
    if (connector === name && state === 'RESTARTING') restarts++;
  });
  const policy = { 'restart.policy': 'on-failure', 'restart.attempts': '1', 'restart.backoff.ms': '600' };
  await worker.connectors.create(name, { 'connector.class': 'bad', at: 'tasks', ...policy });
  await worker.until(name, inStates('FAILED'));
  await worker.connectors.pause(name);
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(restarts).toBe(0);
  await worker.connectors.resume(name);
  await expect.poll(() => restarts).toBe(1);
  counting.unsubscribe();
});

describe('a restart', () => {
  test('of several things is written, shown, and done', async () => {
    await worker.connectors.create(name, sink());
    await worker.until(name, running);
    const plan = await worker.connectors.restart(name, { includeTasks: true, onlyFailed: false });
    expect(plan).toMatchObject({ connector: { state: 'RESTARTING' }, tasks: [{ id: 0, state: 'RESTARTING' }], type: 'sink' });
    await worker.until(name, running);
    expect((await recordsOf(name)).at(-1)).toEqual([`restart-connector-${name}`, { 'include-tasks': true, 'only-failed': false }]);
  });

  test('of the connector alone is done when it is answered, and not written', async () => {
    await worker.connectors.create(name, sink());
    await worker.until(name, running);
    expect(await worker.connectors.restart(name, connectorOnly)).toBeUndefined();
    await worker.until(name, running);
    expect((await recordsOf(name)).some(([key]) => key.startsWith('restart-'))).toBe(false);
  });

  test("of a task needs one that is somebody's", async () => {
    await worker.connectors.create(name, source());
    await worker.until(name, running);
    await worker.connectors.restartTask(name, 0);
    await worker.until(name, running);
    await expect(worker.connectors.restartTask(name, 5)).rejects.toMatchObject({ status: 404, message: `Unknown task: ${name}-5` });
    await worker.connectors.stop(name);
    await expect(worker.connectors.restartTask(name, 0)).rejects.toMatchObject({
      status: 409,
      message: 'Cannot complete request momentarily due to no known leader URL, likely because a rebalance was underway.',
    });
  });

  test.each([
    ['connector', () => worker.connectors.restart('ghost', connectorOnly), 'Unknown connector: ghost'],
    [
      'connector with its tasks',
      () => worker.connectors.restart('ghost', { ...connectorOnly, includeTasks: true }),
      'Unknown connector: ghost',
    ],
    ['task', () => worker.connectors.restartTask('ghost', 0), 'Unknown connector: ghost'],
    ['pause', () => worker.connectors.pause('ghost'), 'Unknown connector ghost'],
    ['stop', () => worker.connectors.stop('ghost'), 'Unknown connector ghost'],
    ['removal', () => worker.connectors.remove('ghost'), 'Connector ghost not found'],
  ])('of what is not there is refused: %s', async (_what, ask, message) => {
    await expect(ask()).rejects.toMatchObject({ status: 404, message });
  });
});

test('offsets are changed of a stopped connector only', async () => {
  writeFileSync(at('in.txt'), 'a\nb\n');
  await worker.connectors.create(name, source());
  await worker.until(name, running);
  while ((await worker.connectors.offsets(name)).length === 0) await again();
  expect(await worker.connectors.offsets(name)).toEqual([{ partition: { filename: at('in.txt') }, offset: { position: 4 } }]);
  const changes = [{ partition: { filename: at('in.txt') }, offset: { position: 2 } }];
  await expect(worker.connectors.alterOffsets(name, changes)).rejects.toMatchObject({ status: 400 });
  await worker.connectors.stop(name);
  await worker.connectors.alterOffsets(name, changes);
  expect(await worker.connectors.offsets(name)).toEqual(changes);
  await worker.connectors.resetOffsets(name);
  expect(await worker.connectors.offsets(name)).toEqual([]);
});

test('tasks that cannot be written are tried again, and the log tells why, once', async () => {
  let attempts = 0;
  cluster.before = {
    tasks: async () => {
      if (++attempts < 4) throw new Error('The record is too large.');
    },
  };
  await worker.connectors.create(name, source());
  await worker.until(name, running);
  expect(attempts).toBe(4);
  const told = cluster.log.filter((line) => line.includes('The record is too large.'));
  expect(told.map((line) => JSON.parse(line))).toMatchObject([{ level: 50, connector: name }]);
});
