import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Admin, Driver, Producer } from '../../../src/kafka/driver.ts';
import { openKafka } from '../../../src/kafka/kafkajs/open-kafka.ts';
import { plugin } from '../../worker/standalone.ts';
import { describeKafka } from './describe-kafka.ts';
import { type SharedBroker, sharedBroker } from './shared-broker.ts';
import { type KafkaWorker, workerOnKafka } from './worker-on-kafka.ts';

const MINUTES = 60_000;
/** Members hear of each other soon. */
const lively = { 'consumer.heartbeat.interval.ms': '200' };

describeKafka('the tasks of a sink in their consumer group', () => {
  let broker: SharedBroker;
  let folder: string;
  let driver: Driver;
  let admin: Admin;
  let producer: Producer;
  let worker: KafkaWorker | undefined;
  beforeAll(async () => {
    broker = await sharedBroker();
    driver = await openKafka({ bootstrap: broker.bootstrap });
    [admin, producer] = await Promise.all([driver.admin(), driver.producer()]);
    folder = mkdtempSync(join(tmpdir(), 'sluice-groups-'));
  }, 10 * MINUTES);
  afterEach(async () => {
    await worker?.close();
    worker = undefined;
  });
  afterAll(async () => {
    await driver?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const until = async (holds: () => boolean | Promise<boolean>) => {
    while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const append = async (topic: string, name: string, partitions: readonly number[]) => {
    const sent = partitions.map((partition) => ({ topic, partition, records: [{ key: null, value: `${name}${partition}` }] }));
    for (const { error } of await producer.send(sent)) expect(error).toBeUndefined();
  };
  const lines = (name: string) => {
    const file = join(folder, name);
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1).sort() : [];
  };
  const members = async (group: string) =>
    (await admin.describeGroups?.([group]))?.[0]?.members.map(({ clientId }) => clientId).sort() ?? [];
  const state = async (group: string) => (await admin.describeGroups?.([group]))?.[0]?.state;
  const sink = (name: string, config: Record<string, string>) =>
    worker?.connectors.create(name, { 'connector.class': 'FileStreamSink', file: join(folder, name), ...config });

  test('share partitions with whoever else joins, and take them back: nothing is lost or comes twice', { timeout: MINUTES }, async () => {
    await admin.createTopics([{ name: 'shared', partitions: 4 }]);
    worker = await workerOnKafka(broker.bootstrap, { 'offset.flush.interval.ms': '60000', ...lively });
    await sink('both', { topics: 'shared', 'tasks.max': '2' });
    await append('shared', 'a', [0, 1, 2, 3]);
    await until(() => lines('both').length === 4);
    expect(await members('connect-both')).toEqual(['connector-consumer-both-0', 'connector-consumer-both-1']);

    const other = await driver.consumer({ source: { mode: 'group', groupId: 'connect-both', topics: ['shared'] }, reset: 'earliest' });
    await until(() => other.assignment().length > 0);
    const others = other.assignment().length;
    await append('shared', 'b', [0, 1, 2, 3]);
    const seen: (string | null)[] = [];
    while (seen.length < others) {
      const batch = await other.next();
      seen.push(...batch.records.map((record) => record.valueText()));
      await other.commit(new Map([[`${batch.topic}-${batch.partition}`, { offset: batch.nextOffset }]]));
      batch.release();
    }
    await until(() => lines('both').length + seen.length === 8);
    await other.close();

    await append('shared', 'c', [0, 1, 2, 3]);
    await until(() => lines('both').length + seen.length === 12);
    const all = ['a', 'b', 'c'].flatMap((name) => [0, 1, 2, 3].map((partition) => `${name}${partition}`));
    expect([...lines('both'), ...seen].sort()).toEqual(all);
    await worker.connectors.stop('both');
    expect(await admin.groupOffsets('connect-both')).toEqual(new Map([0, 1, 2, 3].map((partition) => [`shared-${partition}`, 3])));
    expect(await state('connect-both')).toBe('Empty');
  });

  test("divide partitions with Java's consumer", { timeout: MINUTES }, async () => {
    await admin.createTopics([{ name: 'java', partitions: 2 }]);
    worker = await workerOnKafka(broker.bootstrap, lively);
    await sink('half', { topics: 'java' });
    const java = broker.tool(
      'org.apache.kafka.tools.consumer.ConsoleConsumer',
      ...['--bootstrap-server', broker.bootstrap, '--topic', 'java', '--group', 'connect-half', '--from-beginning', '--timeout-ms', '3000'],
    );
    await until(async () => (await members('connect-half')).length === 2 && (await state('connect-half')) === 'Stable');
    await append('java', 'v', [0, 1]);
    const printed = (await java).split('\n').filter((line) => /^v\d$/.test(line));
    expect(printed).toHaveLength(1);
    await until(() => lines('half').length === 1);
    expect([...lines('half'), ...printed].sort()).toEqual(['v0', 'v1']);
  });

  test('hand partitions over while they are paused', { timeout: MINUTES }, async () => {
    await admin.createTopics([{ name: 'paused', partitions: 2 }]);
    worker = await workerOnKafka(broker.bootstrap, lively);
    await sink('paused', { topics: 'paused' });
    await append('paused', 'a', [0, 1]);
    await until(() => lines('paused').length === 2);
    await worker.connectors.pause('paused');
    await append('paused', 'b', [0, 1]);
    const other = await driver.consumer({ source: { mode: 'group', groupId: 'connect-paused', topics: ['paused'] }, reset: 'earliest' });
    await until(() => other.assignment().length === 1);
    const batch = await other.next();
    expect(batch.records.map((record) => record.valueText())).toEqual([`b${batch.partition}`]);
    batch.release();
    await other.close();
    expect(lines('paused')).toEqual(['a0', 'a1']);
    await worker.connectors.resume('paused');
    await until(() => lines('paused').length === 4);
    expect(lines('paused')).toEqual(['a0', 'a1', 'b0', 'b1']);
  });

  test('give partitions of a task that fails to the others, and share again when it is restarted', { timeout: MINUTES }, async () => {
    await admin.createTopics([{ name: 'failing', partitions: 2 }]);
    worker = await workerOnKafka(broker.bootstrap, { 'task.threads': '2', ...lively }, [plugin('refuses-one')]);
    const file = join(folder, 'failing');
    await worker.connectors.create('failing', { 'connector.class': 'refuses-one', topics: 'failing', 'tasks.max': '2', file });
    await until(async () => (await members('connect-failing')).length === 2 && (await state('connect-failing')) === 'Stable');
    await append('failing', 'poison', [0, 1]);
    await until(() => lines('failing').length === 2);
    expect(worker.connectors.status('failing').tasks.map((task) => task.state)).toEqual(['FAILED', 'RUNNING']);
    expect(await members('connect-failing')).toEqual(['connector-consumer-failing-1']);
    expect(lines('failing')).toEqual(['poison0', 'poison1']);

    await until(async () => (await admin.groupOffsets('connect-failing')).size === 2);
    await worker.connectors.restartTask('failing', 0);
    await until(async () => (await members('connect-failing')).length === 2 && (await state('connect-failing')) === 'Stable');
    await append('failing', 'good', [0, 1]);
    await until(() => lines('failing').length === 4);
    expect(lines('failing')).toEqual(['good0', 'good1', 'poison0', 'poison1']);
  });

  test('leave while a write hangs for longer than max.poll.interval.ms, and come back when it ends', { timeout: MINUTES }, async () => {
    await admin.createTopics([{ name: 'hanging', partitions: 2 }]);
    worker = await workerOnKafka(broker.bootstrap, lively, [plugin('hangs-once')]);
    const file = join(folder, 'hanging');
    const override = { 'consumer.override.max.poll.interval.ms': '1500' };
    await worker.connectors.create('hanging', { 'connector.class': 'hangs-once', topics: 'hanging', 'tasks.max': '2', file, ...override });
    const shared = async () => (await members('connect-hanging')).length === 2 && (await state('connect-hanging')) === 'Stable';
    await until(shared);
    await append('hanging', 'hang', [0, 1]);
    // The other task writes its own, and then what the first one hangs with.
    await until(() => lines('hanging').length === 2);
    expect(lines('hanging')).toEqual(['hang0 1', 'hang1 1']);
    expect(await members('connect-hanging')).toEqual(['connector-consumer-hanging-1']);
    expect(worker.connectors.status('hanging').tasks.map((task) => task.state)).toEqual(['RUNNING', 'RUNNING']);
    await append('hanging', 'alone', [0, 1]);
    await until(() => lines('hanging').length === 4);
    const committed = new Map([0, 1].map((partition) => [`hanging-${partition}`, 2]));
    await until(async () => isDeepStrictEqual(await admin.groupOffsets('connect-hanging'), committed));

    writeFileSync(`${file}.go`, '');
    await until(shared);
    await append('hanging', 'both', [0, 1]);
    await until(() => lines('hanging').length === 7);
    const tasks = lines('hanging').map((line) => line.replace(/\d /, ''));
    expect(tasks).toEqual(['alone1', 'alone1', 'both0', 'both1', 'hang0', 'hang1', 'hang1']);
    expect(worker.log.filter((line) => line.includes('max.poll.interval.ms'))).toHaveLength(1);
  });

  test('find topics that match a pattern, and new partitions, while they run', { timeout: MINUTES }, async () => {
    worker = await workerOnKafka(broker.bootstrap, { 'consumer.metadata.max.age.ms': '200', ...lively });
    await sink('pattern', { 'topics.regex': 'found-.*', 'tasks.max': '2' });
    await admin.createTopics([{ name: 'found-1', partitions: 1 }]);
    await append('found-1', 'a', [0]);
    await until(() => lines('pattern').length === 1);
    await admin.createTopics([{ name: 'found-2', partitions: 1 }]);
    await admin.createPartitions({ 'found-1': 2 });
    await append('found-1', 'b', [1]);
    await append('found-2', 'c', [0]);
    await until(() => lines('pattern').length === 3);
    expect(lines('pattern')).toEqual(['a0', 'b1', 'c0']);
  });
});
