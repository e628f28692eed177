import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ConnectorStatus } from '../../src/worker/connectors.ts';
import { inStates, plugin, standalone, type TestWorker } from './standalone.ts';

let worker: TestWorker;
let name: string;
let created = 0;

beforeAll(async () => {
  worker = await standalone({ 'task.shutdown.graceful.timeout.ms': '200' }, [plugin('bad-plugins')]);
});
afterAll(() => worker.close());
beforeEach(() => {
  name = `c${created++}`;
});

const at = (file: string): string => join(worker.folder, `${name}-${file}`);
const source = () => ({ 'connector.class': 'FileStreamSource', file: at('in.txt'), topic: name });
const toy = (place: string, more: Readonly<Record<string, string>> = {}) => ({ 'connector.class': 'bad', at: place, ...more });
const running = inStates('RUNNING', 'RUNNING');

describe('a connector that does not exist', () => {
  test.each([
    ['info', () => worker.connectors.info('ghost'), 404, 'Connector ghost not found'],
    ['config', () => worker.connectors.config('ghost'), 404, 'Connector ghost not found'],
    ['tasks', () => worker.connectors.tasks('ghost'), 404, 'Connector ghost not found'],
    ['status', () => worker.connectors.status('ghost'), 404, 'No status found for connector ghost'],
    ['task status', () => worker.connectors.taskStatus('ghost', 0), 404, 'No status found for task ghost-0'],
    ['patch', () => worker.connectors.patch('ghost', { a: 'b' }), 404, 'Connector ghost not found'],
    ['remove', () => worker.connectors.remove('ghost'), 404, 'Connector ghost not found'],
    ['pause', () => worker.connectors.pause('ghost'), 404, 'Unknown connector ghost'],
    ['resume', () => worker.connectors.resume('ghost'), 404, 'Unknown connector ghost'],
    ['stop', () => worker.connectors.stop('ghost'), 500, 'No connector `ghost` configured'],
    ['restart', () => worker.connectors.restart('ghost', { includeTasks: false, onlyFailed: false }), 500, 'Unknown connector: ghost'],
    [
      'restart with tasks',
      () => worker.connectors.restart('ghost', { includeTasks: true, onlyFailed: false }),
      404,
      'Unknown connector: ghost',
    ],
    [
      'restart of a task',
      () => worker.connectors.restartTask('ghost', 0),
      500,
      'Failed to start task ghost-0 since it is not a recognizable type (source or sink)',
    ],
  ] as const)('is refused by %s as Connect does', async (_what, ask, status, message) => {
    await expect((async () => ask())()).rejects.toMatchObject({ name: 'RestError', status, message });
  });
});

describe('create', () => {
  test('refuses a config without class, an unknown class, and a name that is taken, in this order', async () => {
    await expect(worker.connectors.create(name, { file: 'x' })).rejects.toMatchObject({
      status: 400,
      message: `Connector config {file=x, name=${name}} contains no connector type`,
    });
    await expect(worker.connectors.create(name, { 'connector.class': 'Nope' })).rejects.toMatchObject({ status: 400 });
    await worker.connectors.create(name, source());
    await expect(worker.connectors.create(name, { 'connector.class': 'Nope' })).rejects.toMatchObject({ status: 400 });
    await expect(worker.connectors.create(name, source())).rejects.toMatchObject({
      status: 409,
      message: `Connector ${name} already exists`,
    });
  });

  test.each(['PAUSED', 'STOPPED'] as const)('in state %s makes no tasks before it is resumed', async (state) => {
    expect(await worker.connectors.create(name, toy('silent'), state)).toMatchObject({ tasks: [], type: 'source' });
    expect(worker.connectors.status(name)).toMatchObject({ connector: { state }, tasks: [] });
    await worker.connectors.resume(name);
    await worker.until(running, name);
  });

  test('gives the configs of the tasks, with the class of the task', async () => {
    await worker.connectors.create(name, source());
    expect(worker.connectors.tasks(name)).toEqual([
      {
        id: { connector: name, task: 0 },
        config: { ...source(), name, 'task.class': 'org.apache.kafka.connect.file.FileStreamSourceTask' },
      },
    ]);
  });
});

describe('a running connector', () => {
  const copied = (text: string) => async () => {
    while (!existsSync(at('out.txt')) || readFileSync(at('out.txt'), 'utf8') !== text) await new Promise((done) => setTimeout(done, 5));
  };

  test('takes no records while it is paused, and goes on where it was', async () => {
    writeFileSync(at('in.txt'), 'a\n');
    await worker.connectors.create(name, source());
    await worker.connectors.create(`${name}-out`, { 'connector.class': 'FileStreamSink', topics: name, file: at('out.txt') });
    await copied('a\n')();
    await worker.connectors.pause(name);
    expect(worker.connectors.status(name)).toMatchObject({ connector: { state: 'PAUSED' }, tasks: [{ state: 'PAUSED' }] });
    appendFileSync(at('in.txt'), 'b\n');
    await new Promise((done) => setTimeout(done, 50));
    expect(readFileSync(at('out.txt'), 'utf8')).toBe('a\n');
    await worker.connectors.resume(name);
    await copied('a\nb\n')();
    expect(worker.connectors.status(name)).toMatchObject({ connector: { state: 'RUNNING' }, tasks: [{ state: 'RUNNING' }] });
  });

  test('has no tasks once it is stopped, and goes on from its offsets when it is resumed', async () => {
    writeFileSync(at('in.txt'), 'a\n');
    await worker.connectors.create(name, source());
    await worker.connectors.create(`${name}-out`, { 'connector.class': 'FileStreamSink', topics: name, file: at('out.txt') });
    await copied('a\n')();
    await worker.connectors.stop(name);
    expect(worker.connectors.status(name)).toMatchObject({ connector: { state: 'STOPPED' }, tasks: [] });
    appendFileSync(at('in.txt'), 'b\n');
    await worker.connectors.resume(name);
    await worker.until(running, name);
    await copied('a\nb\n')();
  });

  test('takes up a new config with new tasks, and a patch of it', async () => {
    await worker.connectors.create(name, source());
    const put = await worker.connectors.put(name, { ...source(), name, 'batch.size': '9' });
    expect(put).toMatchObject({ created: false, info: { config: { 'batch.size': '9' }, tasks: [{ task: 0 }] } });
    const patched = await worker.connectors.patch(name, { 'batch.size': null, note: 'x' });
    expect(patched.config).toEqual({ ...source(), name, note: 'x' });
    expect(worker.connectors.tasks(name)).toMatchObject([{ config: { note: 'x' } }]);
    await worker.until(running, name);
  });

  test('keeps its pause when its config changes, and takes the config up when it is resumed', async () => {
    await worker.connectors.create(name, source());
    await worker.connectors.pause(name);
    await worker.until(inStates('PAUSED', 'PAUSED'), name);
    await worker.connectors.patch(name, { note: 'x' });
    expect(worker.connectors.status(name)).toMatchObject({ connector: { state: 'PAUSED' }, tasks: [{ state: 'PAUSED' }] });
    expect(worker.connectors.tasks(name)[0]?.config).not.toHaveProperty('note');
    await worker.connectors.resume(name);
    expect(worker.connectors.tasks(name)[0]?.config).toHaveProperty('note');
    await worker.until(running, name);
  });

  test('restarts alone, with its tasks, or a task of it', async () => {
    await worker.connectors.create(name, toy('silent'));
    await worker.until(running, name);
    const seen = () => worker.events.filter((event) => event.connector === name && event.state === 'RESTARTING').map(({ task }) => task);
    expect(await worker.connectors.restart(name, { includeTasks: false, onlyFailed: false })).toBeUndefined();
    expect(seen()).toEqual([undefined]);
    expect(await worker.connectors.restart(name, { includeTasks: true, onlyFailed: false })).toMatchObject({
      connector: { state: 'RESTARTING' },
      tasks: [{ state: 'RESTARTING' }],
    });
    await worker.until(running, name);
    expect(seen()).toEqual([undefined, 0, undefined]);
    expect(await worker.connectors.restart(name, { includeTasks: true, onlyFailed: true })).toMatchObject({
      connector: { state: 'RUNNING' },
      tasks: [{ state: 'RUNNING' }],
    });
    await worker.connectors.restartTask(name, 0);
    await worker.until(running, name);
    expect(seen()).toEqual([undefined, 0, undefined, 0]);
    await expect(worker.connectors.restartTask(name, 7)).rejects.toMatchObject({ status: 404, message: `Task ${name}-7 not found` });
  });

  test('restarts only what has failed when it is asked to', async () => {
    await worker.connectors.create(name, toy('open'));
    await worker.until(inStates('RUNNING', 'FAILED'), name);
    const plan = await worker.connectors.restart(name, { includeTasks: true, onlyFailed: true });
    expect(plan).toMatchObject({
      connector: { state: 'RUNNING' },
      tasks: [{ state: 'RESTARTING', trace: expect.stringContaining('thrown in open') }],
    });
    await worker.until(inStates('RUNNING', 'FAILED'), name);
  });

  test('divides its work anew when it wants to', async () => {
    await worker.connectors.create(name, toy('tasks-later', { 'tasks.max': '2' }));
    await worker.until(inStates('RUNNING', 'RUNNING', 'RUNNING'), name);
    expect(worker.connectors.info(name).tasks).toEqual([
      { connector: name, task: 0 },
      { connector: name, task: 1 },
    ]);
  });

  test('leaves its tasks alone when it fails, and its task leaves it alone (T7)', async () => {
    await worker.connectors.create(name, toy('tasks-then-fail'));
    await worker.until(inStates('FAILED', 'RUNNING'), name);
    expect(worker.connectors.status(name).connector.trace).toContain('thrown in tasks-then-fail');
    await worker.connectors.put(name, { name, ...toy('stream') });
    await worker.until(inStates('RUNNING', 'FAILED'), name);
  });

  test('fails with more tasks than tasks.max, unless that is not enforced', async () => {
    await expect(worker.connectors.create(name, toy('tasks-many', { 'tasks.max': '2' }))).rejects.toMatchObject({ status: 500 });
    expect(worker.connectors.status(name)).toMatchObject({
      connector: { state: 'FAILED', trace: expect.stringContaining('has generated 3 tasks, which is greater than 2') },
      tasks: [],
    });
    await worker.connectors.put(name, { name, ...toy('tasks-many', { 'tasks.max': '2', 'tasks.max.enforce': 'false' }) });
    await worker.until(inStates('RUNNING', 'RUNNING', 'RUNNING', 'RUNNING'), name);
  });

  test('can be deleted, and made again under its name', async () => {
    await worker.connectors.create(name, source());
    await worker.connectors.remove(name);
    expect(worker.connectors.names()).not.toContain(name);
    expect(() => worker.connectors.status(name)).toThrow('No status found');
    await worker.connectors.create(name, source());
    await worker.until(running, name);
  });
});

describe('the restart policy', () => {
  const policy = { 'restart.policy': 'on-failure', 'restart.attempts': '2', 'restart.backoff.ms': '1' };
  const restarts = (task: number | undefined) =>
    worker.events.filter((event) => event.connector === name && event.task === task && event.state === 'RESTARTING').length;

  test('restarts a task that fails as often as it may, and shows it in the status', async () => {
    await worker.connectors.create(name, toy('open', policy));
    const { tasks } = await worker.until(
      (status) => status.tasks[0]?.state === 'FAILED' && status.tasks[0].restarts === 2 && !status.tasks[0].nextRestartAt,
      name,
    );
    expect(tasks).toMatchObject([{ state: 'FAILED', restarts: 2 }]);
    expect(restarts(0)).toBe(2);
  });

  test('restarts a connector that fails', async () => {
    await expect(worker.connectors.create(name, toy('tasks', policy))).rejects.toMatchObject({ status: 500 });
    await worker.until(({ connector }) => connector.state === 'FAILED' && connector.restarts === 2 && !connector.nextRestartAt, name);
    expect(restarts(undefined)).toBe(2);
  });

  describe('of a connector that is paused while it waits', () => {
    const waiting = async () => {
      const config = toy('tasks', { ...policy, 'restart.backoff.ms': '400', 'restart.backoff.max.ms': '400' });
      await expect(worker.connectors.create(name, config)).rejects.toMatchObject({ status: 500 });
      const { nextRestartAt } = worker.connectors.status(name).connector;
      await worker.connectors.pause(name);
      expect(worker.connectors.status(name).connector).toMatchObject({ state: 'FAILED', restarts: 1, nextRestartAt });
    };
    const gaveUp = ({ connector }: ConnectorStatus) =>
      connector.state === 'FAILED' && connector.restarts === 2 && connector.nextRestartAt === undefined;

    test('goes on when it is resumed before that is over', async () => {
      await waiting();
      await worker.connectors.resume(name);
      expect(restarts(undefined)).toBe(0);
      await worker.until(gaveUp, name);
      expect(restarts(undefined)).toBe(2);
    });

    test('waits for a resume that comes later', async () => {
      await waiting();
      await worker.until(({ connector }) => connector.nextRestartAt === undefined, name);
      expect(worker.connectors.status(name).connector).toMatchObject({ state: 'FAILED', restarts: 1 });
      expect(restarts(undefined)).toBe(0);
      await worker.connectors.resume(name);
      await worker.until(gaveUp, name);
      expect(restarts(undefined)).toBe(2);
    });

    test('is over when it is stopped', async () => {
      await waiting();
      await worker.until(({ connector }) => connector.nextRestartAt === undefined, name);
      await worker.connectors.stop(name);
      await worker.connectors.pause(name);
      expect(worker.connectors.status(name).connector.state).toBe('PAUSED');
      expect(restarts(undefined)).toBe(0);
    });
  });

  test('is never, unless it is set', async () => {
    await worker.connectors.create(name, toy('open'));
    const { tasks } = await worker.until(inStates('RUNNING', 'FAILED'), name);
    expect(tasks[0]).not.toHaveProperty('restarts');
    expect(tasks[0]).not.toHaveProperty('nextRestartAt');
  });
});
