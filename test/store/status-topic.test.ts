import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Driver } from '../../src/kafka/driver.ts';
import { openEmbedded } from '../../src/kafka/embedded/open-embedded.ts';
import { CompactedTopic } from '../../src/store/compacted-topic.ts';
import { type KeptStatus, readStatusRecord } from '../../src/store/status-records.ts';
import { StatusState } from '../../src/store/status-state.ts';
import { StatusTopic } from '../../src/store/status-topic.ts';

const status = (state: KeptStatus['state'], more: Partial<KeptStatus> = {}): KeptStatus => ({
  state,
  trace: null,
  workerId: 'a:8083',
  generation: 5,
  version: '4.3.1',
  ...more,
});

describe('records', () => {
  const read = (key: string, value: unknown) => readStatusRecord({ key, value: value === null ? null : JSON.stringify(value) });
  const failed = { state: 'FAILED', trace: 'why', worker_id: 'b:1', generation: 2 };

  test('are read as every version of Connect writes them', () => {
    expect(read('status-connector-a-b', failed)).toEqual({
      kind: 'connector',
      name: 'a-b',
      status: { state: 'FAILED', trace: 'why', workerId: 'b:1', generation: 2, version: null },
    });
    expect(read('status-task-a-b-12', { ...failed, version: '1' })).toMatchObject({
      kind: 'task',
      name: 'a-b',
      task: 12,
      status: { version: '1' },
    });
    expect(read('status-task-a-0', null)).toEqual({ kind: 'task', name: 'a', task: 0, status: null });
    const use = { name: 'orders', connector: 'x:connector-y', task: 1, discoverTimestamp: 7 };
    expect(read('status-topic-orders:connector-x:connector-y', { topic: use })).toEqual({
      kind: 'topic',
      name: 'x:connector-y',
      topic: 'orders',
      use: { topic: 'orders', connector: 'x:connector-y', task: 1, discoveredAt: 7 },
    });
  });

  test.each([
    ['status-connector-a', { ...failed, state: 'ASLEEP' }],
    ['status-connector-a', { ...failed, worker_id: 1 }],
    ['status-task-a', failed],
    ['status-topic-a', { topic: {} }],
    ['status-other-a', failed],
    ['other', failed],
  ])('that no worker can have written are told apart: %s', (key, value) => {
    expect(read(key, value)).toBeUndefined();
  });
});

describe('the state', () => {
  test('a connector that is no more takes its tasks along', () => {
    const state = new StatusState();
    state.apply({ kind: 'connector', name: 'a', status: status('RUNNING') });
    state.apply({ kind: 'task', name: 'a', task: 10, status: status('RUNNING') });
    state.apply({ kind: 'task', name: 'a', task: 9, status: status('FAILED', { generation: 6 }) });
    expect([...state.tasks('a').keys()]).toEqual([9, 10]);
    expect(state.generation).toBe(6);
    state.apply({ kind: 'connector', name: 'a', status: null });
    expect(state.names).toEqual([]);
    expect(state.task('a', 9)).toBeUndefined();
  });

  test('a task that runs elsewhere by now is not hidden by whoever let go of it', () => {
    const state = new StatusState();
    const see = (each: KeptStatus) => {
      state.apply({ kind: 'task', name: 'a', task: 0, status: each });
      return state.task('a', 0)?.state;
    };
    expect(see(status('RUNNING'))).toBe('RUNNING');
    expect(see(status('UNASSIGNED', { workerId: 'old', generation: 4 }))).toBe('RUNNING');
    expect(see(status('UNASSIGNED', { generation: 6 }))).toBe('UNASSIGNED');
  });
});

describe('the topic', () => {
  let folder: string;
  let driver: Driver;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-status-topic-'));
    driver = await openEmbedded({ dataDir: folder });
  });
  afterEach(async () => {
    await driver.close();
    rmSync(folder, { recursive: true });
  });

  /** What is in the topic, in the order of each partition. */
  async function records(): Promise<ReadonlyMap<string, readonly (string | null)[]>> {
    const found = new Map<string, (string | null)[]>();
    const options = { topic: 'connect-status', setting: 'status.storage.topic', partitions: 5 };
    const log = await CompactedTopic.open(driver, options, ({ key, value }) => {
      found.set(key, [...(found.get(key) ?? []), value]);
    });
    await log.close();
    return found;
  }

  test('has five partitions, and statuses as Connect writes them', async () => {
    const topic = await StatusTopic.open(driver);
    topic.putConnector('a', status('RUNNING'));
    topic.putTask('a', 1, status('FAILED', { trace: 'why\n', version: null }));
    topic.addTopic({ topic: 'orders', connector: 'a', task: 1, discoveredAt: 7 });
    await topic.flush();
    expect(topic.state.connector('a')).toEqual(status('RUNNING'));
    await topic.close();
    expect([...(await records())].sort(([a], [b]) => (a < b ? -1 : 1))).toEqual([
      ['status-connector-a', ['{"state":"RUNNING","trace":null,"worker_id":"a:8083","generation":5,"version":"4.3.1"}']],
      ['status-task-a-1', ['{"state":"FAILED","trace":"why\\n","worker_id":"a:8083","generation":5,"version":null}']],
      ['status-topic-orders:connector-a', ['{"topic":{"name":"orders","connector":"a","task":1,"discoverTimestamp":7}}']],
    ]);
    const admin = await driver.admin();
    expect((await admin.describeTopics(['connect-status']))[0]?.partitions).toHaveLength(5);
    await admin.close();
  });

  test('keeps the newest of what waits to be written', async () => {
    const topic = await StatusTopic.open(driver);
    topic.putTask('a', 0, status('RUNNING'));
    topic.putTask('a', 0, status('PAUSED'));
    topic.putTask('a', 0, status('RUNNING', { generation: 6 }));
    await topic.flush();
    expect(topic.state.task('a', 0)).toEqual(status('RUNNING', { generation: 6 }));
    await topic.close();
    expect((await records()).get('status-task-a-0')?.at(-1)).toContain('"generation":6');
  });

  test('does not let an older generation hide what a newer one says, unless it is the same worker', async () => {
    const topic = await StatusTopic.open(driver);
    topic.putTask('a', 0, status('RUNNING', { workerId: 'new:1', generation: 7 }));
    await topic.flush();
    topic.putTask('a', 0, status('FAILED', { generation: 6 }));
    await topic.flush();
    expect(topic.state.task('a', 0)?.workerId).toBe('new:1');
    topic.putTask('a', 0, status('FAILED', { workerId: 'new:1', generation: 6 }));
    await topic.flush();
    expect(topic.state.task('a', 0)?.state).toBe('FAILED');
    await topic.close();
  });

  test('forgets the topics of a connector, which a later one is told of again', async () => {
    const topic = await StatusTopic.open(driver);
    const use = { topic: 'orders', connector: 'a', task: 0, discoveredAt: 1 };
    topic.addTopic(use);
    await topic.flush();
    topic.addTopic({ ...use, discoveredAt: 2 });
    await topic.flush();
    expect(topic.state.topics('a')).toEqual([use]);
    topic.forgetTopics('a');
    await topic.flush();
    expect(topic.state.topics('a')).toEqual([]);
    topic.addTopic({ ...use, discoveredAt: 3 });
    await topic.flush();
    expect(topic.state.topics('a')).toMatchObject([{ discoveredAt: 3 }]);
    await topic.close();
  });

  test('forgets topics and tasks that it was told of, though they are not written yet', async () => {
    const topic = await StatusTopic.open(driver);
    const use = { topic: 'orders', connector: 'a', task: 0, discoveredAt: 1 };
    // The first is being written when the others are told; none was read back.
    topic.addTopic(use);
    topic.putTask('a', 0, status('RUNNING'));
    topic.addTopic({ ...use, topic: 'later' });
    topic.addTopic({ ...use, connector: 'b' });
    topic.forget('a');
    await topic.flush();
    expect([topic.state.topics('a'), topic.state.topics('b')]).toMatchObject([[], [{ topic: 'orders' }]]);
    await topic.close();
    const written = await records();
    expect(
      ['status-topic-orders:connector-a', 'status-topic-later:connector-a', 'status-task-a-0'].map((key) => written.get(key)?.at(-1)),
    ).toEqual([null, null, null]);
  });

  test('knows a topic that is told of while it is being forgotten', async () => {
    const topic = await StatusTopic.open(driver);
    const use = { topic: 'orders', connector: 'a', task: 0, discoveredAt: 1 };
    topic.addTopic(use);
    await topic.flush();
    topic.forgetTopics('a');
    topic.addTopic({ ...use, discoveredAt: 2 });
    await topic.flush();
    expect(topic.state.topics('a')).toMatchObject([{ discoveredAt: 2 }]);
    await topic.close();
  });
});
