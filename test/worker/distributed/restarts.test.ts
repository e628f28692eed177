import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Cluster, type ClusterWorker, inStates } from './cluster.ts';

const bad = join(import.meta.dirname, '../fixtures/bad-plugins.ts');
const running = inStates('RUNNING', 'RUNNING');
const connectorOnly = { includeTasks: false, onlyFailed: false };
const all = { includeTasks: true, onlyFailed: false };

let cluster: Cluster;
let worker: ClusterWorker;
beforeEach(async () => {
  cluster = new Cluster();
  worker = await cluster.worker({}, [bad]);
});
afterEach(async () => {
  await worker.close();
  await cluster.close();
});

const source = (more: Readonly<Record<string, string>> = {}) => ({ 'connector.class': 'bad', at: 'silent', ...more });
const secretSource = (more: Readonly<Record<string, string>> = {}) => source({ topic: '${secret:file}', ...more });

test('what a user asked to restart is RESTARTING until it is back, task and connector', async () => {
  cluster.secret = { file: 'x', client: 'silent' };
  await worker.connectors.create('task', { 'connector.class': 'bad-sink', at: '${secret:client}', topics: 't' });
  await worker.connectors.create('connector', source({ at: '${secret:client}' }));
  await Promise.all([worker.until('task', running), worker.until('connector', running)]);
  cluster.secret = { file: 'x', client: 'open-never' };
  await worker.connectors.restart('task', all);
  await worker.until('task', inStates('RUNNING', 'RESTARTING'));
  cluster.secret = { file: 'x', client: 'tasks-never' };
  await worker.connectors.restart('connector', all);
  await worker.until('connector', inStates('RESTARTING', 'RUNNING'));
});

describe('a restart that fails is answered so', () => {
  test('of a connector or a task whose config provider does not answer', async () => {
    await worker.connectors.create('c', secretSource());
    await worker.until('c', running);
    cluster.secretsAreGone = true;
    const why = { status: 500, message: 'There is no secret of that name.' };
    await expect(worker.connectors.restart('c', connectorOnly)).rejects.toMatchObject(why);
    await worker.until('c', inStates('FAILED', 'RUNNING'));
    await expect(worker.connectors.restartTask('c', 0)).rejects.toMatchObject(why);
    await worker.until('c', inStates('FAILED', 'FAILED'));
    cluster.secretsAreGone = false;
    await worker.connectors.restart('c', connectorOnly);
    await worker.connectors.restartTask('c', 0);
    await worker.until('c', running);
  });

  test('of a connector whose plugin is gone', async () => {
    const properties = { name: 'c', 'connector.class': 'may-be-refused', file: join(cluster.folder, 'out.txt'), topics: 't' };
    await cluster.write(['connector-c', { properties }], ['task-c-0', { properties }], ['commit-c', { tasks: 1 }]);
    await worker.until('c', inStates('FAILED', 'FAILED'));
    const why = { status: 500, message: expect.stringContaining('may-be-refused') };
    await expect(worker.connectors.restart('c', connectorOnly)).rejects.toMatchObject(why);
    await expect(worker.connectors.restartTask('c', 0)).rejects.toMatchObject(why);
  });

  test('of a connector whose settings are refused', async () => {
    await cluster.write(['connector-c', { properties: { ...source(), name: 'c', 'task.isolation': 'somewhat' } }]);
    await worker.until('c', inStates('FAILED'));
    const why = { status: 500, message: expect.stringContaining('task.isolation') };
    await expect(worker.connectors.restart('c', connectorOnly)).rejects.toMatchObject(why);
  });
});

test('a restart that takes long is answered when the connector runs with values that were looked up anew meanwhile', async () => {
  cluster.secret = { file: 'x', client: 'silent' };
  await worker.connectors.create('c', source({ at: '${secret:client}' }));
  await worker.until('c', running);
  cluster.secret = { file: 'x', client: 'tasks-never', ttlMs: 100 };
  const restarted = worker.connectors.restart('c', connectorOnly);
  await worker.until('c', inStates('UNASSIGNED', 'RUNNING'));
  cluster.secret = { file: 'x', client: 'good' };
  await restarted;
  await worker.until('c', running);
});

test('a task that could not be made is gone from the status when its connector is stopped', async () => {
  await worker.connectors.create('c', secretSource());
  await worker.until('c', running);
  cluster.secretsAreGone = true;
  await worker.connectors.restartTask('c', 0).catch(() => undefined);
  await worker.until('c', inStates('RUNNING', 'FAILED'));
  await worker.connectors.stop('c');
  await worker.until('c', inStates('STOPPED'));
});

describe('a restart by the policy', () => {
  const policy = { 'restart.policy': 'on-failure', 'restart.backoff.ms': '10', 'restart.backoff.max.ms': '20' };
  const told = (kind: string, state: string) => {
    let count = 0;
    worker.connectors.events.subscribe((event) => {
      if (event.kind === kind && event.state === state) count++;
    });
    return () => count;
  };
  /** The task: one that fails runs for a moment too. */
  const stays = async (state: string) => {
    for (let count = 0; count < 20; count++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      if (worker.connectors.status('c').tasks[0]?.state !== state) count = 0;
    }
  };
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  test('of a connector asks its config provider again, and leaves healthy tasks alone', async () => {
    await worker.connectors.create('c', secretSource({ ...policy, 'restart.attempts': '-1' }));
    await worker.until('c', running);
    const [failed, restarted] = [told('connector-state', 'FAILED'), told('task-state', 'RUNNING')];
    cluster.secretsAreGone = true;
    await expect(worker.connectors.restart('c', connectorOnly)).rejects.toThrow('There is no secret of that name.');
    await until(() => failed() >= 4);
    await worker.until('c', inStates('FAILED', 'RUNNING'));
    cluster.secretsAreGone = false;
    await worker.until('c', running);
    expect(restarted()).toBe(0);
    expect((await cluster.records()).filter(([key]) => key === 'commit-c')).toHaveLength(1);
  });

  test('of a task begins with what its config refers to by then, and counts', async () => {
    cluster.secret = { file: 'x', client: 'open' };
    const restarted = told('task-state', 'RESTARTING');
    await worker.connectors.create('c', source({ at: '${secret:client}', ...policy, 'restart.attempts': '3' }));
    await worker.until('c', inStates('RUNNING', 'FAILED'));
    await until(() => restarted() === 3);
    await worker.until('c', inStates('RUNNING', 'FAILED'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(restarted()).toBe(3);
    await worker.connectors.restartTask('c', 0);
    await until(() => restarted() === 5);
    cluster.secret = { file: 'x', client: 'silent' };
    await stays('RUNNING');
  });

  test('of a task goes on with what it has while the provider does not answer', async () => {
    cluster.secret = { file: 'x', client: 'open' };
    const failed = told('task-state', 'FAILED');
    await worker.connectors.create('c', source({ at: '${secret:client}', ...policy, 'restart.attempts': '-1' }));
    await until(() => failed() > 0);
    cluster.secretsAreGone = true;
    const before = failed();
    await until(() => failed() > before + 3);
    [cluster.secretsAreGone, cluster.secret] = [false, { file: 'x', client: 'silent' }];
    await stays('RUNNING');
  });
});
