import { writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { describeKafka } from './describe-kafka.ts';
import { type GroupBench, until, useGroupBench } from './group-bench.ts';
import type { KafkaWorker } from './worker-on-kafka.ts';

const MINUTES = 60_000;
/** Members hear of each other soon. */
const lively = { 'consumer.heartbeat.interval.ms': '200' };

describeKafka('the tasks of a sink in their consumer group', () => {
  let bench: GroupBench;
  let worker: KafkaWorker;
  useGroupBench((opened) => {
    bench = opened;
  });

  const lines = (name: string) => bench.lines(name).sort();
  const sink = (name: string, config: Record<string, string>) =>
    worker.connectors.create(name, { 'connector.class': 'FileStreamSink', file: bench.file(name), ...config });

  test('share partitions with whoever else joins, and take them back: nothing is lost or comes twice', { timeout: MINUTES }, async () => {
    await bench.admin.createTopics([{ name: 'shared', partitions: 4 }]);
    worker = await bench.worker({ 'offset.flush.interval.ms': '60000', ...lively });
    await sink('both', { topics: 'shared', 'tasks.max': '2' });
    await bench.append('shared', 'a', [0, 1, 2, 3]);
    await until(() => lines('both').length === 4);
    expect(await bench.members('connect-both')).toEqual(['connector-consumer-both-0', 'connector-consumer-both-1']);

    const other = await bench.driver.consumer({
      source: { mode: 'group', groupId: 'connect-both', topics: ['shared'] },
      reset: 'earliest',
    });
    await until(() => other.assignment().length > 0);
    const others = other.assignment().length;
    await bench.append('shared', 'b', [0, 1, 2, 3]);
    const seen: (string | null)[] = [];
    while (seen.length < others) {
      const batch = await other.next();
      seen.push(...batch.records.map((record) => record.valueText()));
      await other.commit(new Map([[`${batch.topic}-${batch.partition}`, { offset: batch.nextOffset }]]));
      batch.release();
    }
    await until(() => lines('both').length + seen.length === 8);
    await other.close();

    await bench.append('shared', 'c', [0, 1, 2, 3]);
    await until(() => lines('both').length + seen.length === 12);
    const all = ['a', 'b', 'c'].flatMap((name) => [0, 1, 2, 3].map((partition) => `${name}${partition}`));
    expect([...lines('both'), ...seen].sort()).toEqual(all);
    await worker.connectors.stop('both');
    expect(await bench.admin.groupOffsets('connect-both')).toEqual(new Map([0, 1, 2, 3].map((partition) => [`shared-${partition}`, 3])));
    expect(await bench.state('connect-both')).toBe('Empty');
  });

  test("divide partitions with Java's consumer", { timeout: MINUTES }, async () => {
    await bench.admin.createTopics([{ name: 'java', partitions: 2 }]);
    worker = await bench.worker(lively);
    await sink('half', { topics: 'java' });
    const java = bench.broker.tool(
      'org.apache.kafka.tools.consumer.ConsoleConsumer',
      ...['--bootstrap-server', bench.broker.bootstrap, '--topic', 'java', '--group', 'connect-half'],
      ...['--from-beginning', '--timeout-ms', '3000'],
    );
    await bench.shared('connect-half', 2);
    await bench.append('java', 'v', [0, 1]);
    const printed = (await java).split('\n').filter((line) => /^v\d$/.test(line));
    expect(printed).toHaveLength(1);
    await until(() => lines('half').length === 1);
    expect([...lines('half'), ...printed].sort()).toEqual(['v0', 'v1']);
  });

  test('hand partitions over while they are paused', { timeout: MINUTES }, async () => {
    await bench.admin.createTopics([{ name: 'paused', partitions: 2 }]);
    worker = await bench.worker(lively);
    await sink('paused', { topics: 'paused' });
    await bench.append('paused', 'a', [0, 1]);
    await until(() => lines('paused').length === 2);
    await worker.connectors.pause('paused');
    await bench.append('paused', 'b', [0, 1]);
    const other = await bench.driver.consumer({
      source: { mode: 'group', groupId: 'connect-paused', topics: ['paused'] },
      reset: 'earliest',
    });
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
    await bench.admin.createTopics([{ name: 'failing', partitions: 2 }]);
    worker = await bench.worker({ 'task.threads': '2', ...lively }, 'refuses-one');
    const file = bench.file('failing');
    await worker.connectors.create('failing', { 'connector.class': 'refuses-one', topics: 'failing', 'tasks.max': '2', file });
    await bench.shared('connect-failing', 2);
    await bench.append('failing', 'poison', [0, 1]);
    await until(() => lines('failing').length === 2);
    expect(worker.connectors.status('failing').tasks.map((task) => task.state)).toEqual(['FAILED', 'RUNNING']);
    expect(await bench.members('connect-failing')).toEqual(['connector-consumer-failing-1']);
    expect(lines('failing')).toEqual(['poison0', 'poison1']);

    await until(async () => (await bench.admin.groupOffsets('connect-failing')).size === 2);
    await worker.connectors.restartTask('failing', 0);
    await bench.shared('connect-failing', 2);
    await bench.append('failing', 'good', [0, 1]);
    await until(() => lines('failing').length === 4);
    expect(lines('failing')).toEqual(['good0', 'good1', 'poison0', 'poison1']);
  });

  test('leave while a write hangs for longer than max.poll.interval.ms, and come back when it ends', { timeout: MINUTES }, async () => {
    await bench.admin.createTopics([{ name: 'hanging', partitions: 2 }]);
    worker = await bench.worker(lively, 'hangs-once');
    const file = bench.file('hanging');
    const override = { 'consumer.override.max.poll.interval.ms': '1500' };
    await worker.connectors.create('hanging', { 'connector.class': 'hangs-once', topics: 'hanging', 'tasks.max': '2', file, ...override });
    await bench.shared('connect-hanging', 2);
    await bench.append('hanging', 'hang', [0, 1]);
    // The other task writes its own, and then what the first one hangs with.
    await until(() => lines('hanging').length === 2);
    expect(lines('hanging')).toEqual(['hang0 1', 'hang1 1']);
    expect(await bench.members('connect-hanging')).toEqual(['connector-consumer-hanging-1']);
    expect(worker.connectors.status('hanging').tasks.map((task) => task.state)).toEqual(['RUNNING', 'RUNNING']);
    await bench.append('hanging', 'alone', [0, 1]);
    await until(() => lines('hanging').length === 4);
    const committed = new Map([0, 1].map((partition) => [`hanging-${partition}`, 2]));
    await until(async () => isDeepStrictEqual(await bench.admin.groupOffsets('connect-hanging'), committed));

    writeFileSync(`${file}.go`, '');
    await bench.shared('connect-hanging', 2);
    await bench.append('hanging', 'both', [0, 1]);
    await until(() => lines('hanging').length === 7);
    const tasks = lines('hanging').map((line) => line.replace(/\d /, ''));
    expect(tasks).toEqual(['alone1', 'alone1', 'both0', 'both1', 'hang0', 'hang1', 'hang1']);
    expect(worker.log.filter((line) => line.includes('max.poll.interval.ms'))).toHaveLength(1);
  });

  test('find topics that match a pattern, and new partitions, while they run', { timeout: MINUTES }, async () => {
    worker = await bench.worker({ 'consumer.metadata.max.age.ms': '200', ...lively });
    await sink('pattern', { 'topics.regex': 'found-.*', 'tasks.max': '2' });
    await bench.admin.createTopics([{ name: 'found-1', partitions: 1 }]);
    await bench.append('found-1', 'a', [0]);
    await until(() => lines('pattern').length === 1);
    await bench.admin.createTopics([{ name: 'found-2', partitions: 1 }]);
    await bench.admin.createPartitions({ 'found-1': 2 });
    await bench.append('found-1', 'b', [1]);
    await bench.append('found-2', 'c', [0]);
    await until(() => lines('pattern').length === 3);
    expect(lines('pattern')).toEqual(['a0', 'b1', 'c0']);
  });
});
