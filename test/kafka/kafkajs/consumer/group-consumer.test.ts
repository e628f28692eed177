import { afterEach, expect, test } from 'vitest';
import { GroupConsumer, type GroupConsumerOptions } from '../../../../src/kafka/kafkajs/consumer/group-consumer.ts';
import { Group, partition } from './one-member-group.ts';

const REBALANCE_IN_PROGRESS = 27;
const opened: GroupConsumer[] = [];
afterEach(() => Promise.all(opened.splice(0).map((consumer) => consumer.close())));

async function open(group: Group, rebalanceMs: number, options: Partial<GroupConsumerOptions> = {}): Promise<GroupConsumer> {
  const consumer = new GroupConsumer({
    link: group.link(),
    source: { groupId: 'g', topics: ['t'], sessionMs: 10_000, heartbeatMs: 5, rebalanceMs, strategies: ['range'] },
    memberLink: async () => group.link(),
    onAssigned: undefined,
    onRevoked: undefined,
    ...options,
  });
  opened.push(consumer);
  await consumer.opened;
  return consumer;
}

test('partitions that are given back later than the group waits leave what was assigned meanwhile', async () => {
  const group = new Group();
  const slow = Promise.withResolvers<void>();
  const consumer = await open(group, 50, { onRevoked: () => slow.promise });
  const next = consumer.next().catch(() => 'closed');
  group.heartbeat = REBALANCE_IN_PROGRESS;
  await expect.poll(() => group.generation).toBe(2);
  await expect.poll(() => consumer.groupIdentity().generation).toBe(2);
  slow.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  expect(consumer.assignment()).toEqual([partition]);
  await consumer.close();
  expect(await next).toBe('closed');
});

test('a consumer that keeps partitions gives back those alone that move, after the moment to commit', async () => {
  const group = new Group();
  const partitions = [0, 1, 2].map((number) => ({ topic: 't', partition: number }));
  group.assigned = partitions.slice(0, 2);
  const moment = Promise.withResolvers<void>();
  const revoked: unknown[] = [];
  const source = {
    groupId: 'g',
    topics: ['t'],
    sessionMs: 10_000,
    heartbeatMs: 5,
    rebalanceMs: 10_000,
    strategies: ['cooperative-sticky'],
  } as const;
  const consumer = await open(group, 10_000, {
    source,
    onRevoked: async (...given) => {
      revoked.push(given);
      await moment.promise;
    },
  });
  group.assigned = partitions.slice(1);
  group.heartbeat = REBALANCE_IN_PROGRESS;
  await expect.poll(() => revoked).toEqual([[[partitions[0]], 'rebalance']]);
  expect(consumer.assignment()).toEqual(partitions.slice(0, 2));
  moment.resolve();
  await expect.poll(() => consumer.assignment()).toEqual(partitions.slice(1));
  await expect.poll(() => group.generation).toBe(3);
});

test('closing does not wait for a join that nobody answers, and leaves no connection', async () => {
  const group = new Group();
  const consumer = await open(group, 20);
  await expect.poll(() => consumer.assignment()).toEqual([]);
  group.joins = false;
  const next = consumer.next().catch(() => 'closed');
  await expect.poll(() => group.links.length).toBe(3);
  await consumer.close();
  expect(await next).toBe('closed');
  expect(group.links.map(({ closed }) => closed)).toEqual([true, true, true]);
});

test('a reader that gives up does not wait for a join that nobody answers', async () => {
  const group = new Group();
  const consumer = await open(group, 20);
  await expect.poll(() => consumer.assignment()).toEqual([]);
  group.joins = false;
  const abort = new AbortController();
  const next = consumer.next(abort.signal);
  abort.abort(new Error('given up'));
  await expect(next).rejects.toThrow('given up');
});

test('a group whose topics cannot be asked for opens no connections', async () => {
  const group = new Group();
  const link = group.link(() => Promise.reject(new Error('No broker answers.')));
  const source = { groupId: 'g', topics: /^t/, sessionMs: 10_000, heartbeatMs: 5, rebalanceMs: 1_000, strategies: ['range'] } as const;
  const memberLink = () => Promise.reject(new Error('It opens connections.'));
  await expect(open(group, 1_000, { link, source, memberLink })).rejects.toThrow('No broker answers.');
});
