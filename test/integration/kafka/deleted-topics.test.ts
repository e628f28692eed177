import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { decodeAssignment } from '../../../src/kafka/kafkajs/consumer/consumer-protocol.ts';
import { describeKafka } from './describe-kafka.ts';
import { type GroupBench, until, useGroupBench } from './group-bench.ts';
import type { KafkaWorker } from './worker-on-kafka.ts';

const MINUTES = 60_000;
/** Members hear of each other soon. */
const lively = { 'consumer.heartbeat.interval.ms': '200' };

describeKafka('a sink of which a topic is deleted', () => {
  let bench: GroupBench;
  let worker: KafkaWorker;
  useGroupBench((opened) => {
    bench = opened;
  });

  const lines = (name: string) => bench.lines(name).sort();
  /** A sink of two topics that has written a record of each. */
  async function sinkOf(name: string, settings: Record<string, string> = {}): Promise<readonly [kept: string, deleted: string]> {
    const topics = [`${name}-kept`, `${name}-deleted`] as const;
    await bench.admin.createTopics(topics.map((topic) => ({ name: topic, partitions: 1 })));
    worker = await bench.worker({ ...lively, ...settings });
    await worker.connectors.create(name, { 'connector.class': 'FileStreamSink', topics: topics.join(), file: bench.file(name) });
    await bench.append(topics[0], 'kept-a', [0]);
    await bench.append(topics[1], 'deleted-a', [0]);
    await until(() => lines(name).length === 2);
    return topics;
  }
  const offsets = async (name: string) => Object.fromEntries(await bench.admin.groupOffsets(`connect-${name}`));

  /** Topics that the group gives its members to read. */
  const assigned = async (name: string) => {
    const [group] = (await bench.admin.describeGroups?.([`connect-${name}`])) ?? [];
    return group?.members.flatMap(({ assignment }) => decodeAssignment(assignment).map(({ topic }) => topic));
  };

  test('goes on with the others, and with that one from its beginning when it is made again', { timeout: MINUTES }, async () => {
    const [kept, deleted] = await sinkOf('gone', { 'consumer.metadata.max.age.ms': '1000' });
    await bench.admin.deleteTopics([deleted]);
    await until(async () => isDeepStrictEqual(await assigned('gone'), [kept]));
    await bench.append(kept, 'kept-b', [0]);
    await until(() => lines('gone').length === 3);
    await until(async () => (await offsets('gone'))[`${kept}-0`] === 2);
    await bench.admin.createTopics([{ name: deleted, partitions: 1 }]);
    await bench.append(deleted, 'deleted-b', [0]);
    await bench.append(deleted, 'deleted-c', [0]);
    await until(() => lines('gone').length === 5);
    expect(lines('gone')).toEqual(['deleted-a0', 'deleted-b0', 'deleted-c0', 'kept-a0', 'kept-b0']);
    await until(async () => (await offsets('gone'))[`${deleted}-0`] === 2);
    expect(worker.connectors.status('gone').tasks.map(({ state }) => state)).toEqual(['RUNNING']);
  });

  test('goes on at once, however seldom topics are looked for', { timeout: MINUTES }, async () => {
    const [kept, deleted] = await sinkOf('seldom');
    await bench.admin.deleteTopics([deleted]);
    // Until the reader has met it.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await bench.append(kept, 'kept-b', [0]);
    await until(() => lines('seldom').length === 3);
    expect(lines('seldom')).toEqual(['deleted-a0', 'kept-a0', 'kept-b0']);
    await until(async () => (await offsets('seldom'))[`${kept}-0`] === 2);
  });

  test('goes on when the topic is made again before anybody has looked', { timeout: MINUTES }, async () => {
    const [kept, deleted] = await sinkOf('soon');
    await bench.admin.deleteTopics([deleted]);
    await bench.admin.createTopics([{ name: deleted, partitions: 1 }]);
    await bench.append(kept, 'kept-b', [0]);
    for (const name of ['deleted-b', 'deleted-c', 'deleted-d']) await bench.append(deleted, name, [0]);
    await until(() => lines('soon').includes('kept-b0') && lines('soon').includes('deleted-d0'));
    await bench.append(kept, 'kept-c', [0]);
    await bench.append(deleted, 'deleted-e', [0]);
    await until(() => lines('soon').includes('kept-c0') && lines('soon').includes('deleted-e0'));
  });
});
