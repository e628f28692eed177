import { expect, test } from 'vitest';
import type { Driver, Subscription, SubscriptionOptions } from '../../src/kafka/driver.ts';
import type { Assignment } from '../../src/worker/messages.ts';
import { sinkPartition } from '../../src/worker/sink-partition.ts';
import { TaskMembership } from '../../src/worker/task-membership.ts';

const partition = (number: number) => ({ topic: 't', partition: number });
const saved = (number: number, offset: number) => ({
  kind: 'save' as const,
  offsets: [{ partition: sinkPartition(partition(number)), offset: { kafka_offset: offset } }],
  state: undefined,
});

/** A member of a group that does what the test says. */
async function member({ leave = async () => {} }: Partial<Pick<Subscription, 'leave'>> = {}) {
  const told: Assignment[] = [];
  const committed: (readonly [key: string, offset: number, leaderEpoch?: number])[] = [];
  const failures: unknown[] = [];
  let options: SubscriptionOptions | undefined;
  let joined = 0;
  let left = 0;
  let closed = 0;
  const subscription: Subscription = {
    commit: async (offsets) => {
      for (const [key, { offset, leaderEpoch }] of offsets)
        committed.push(leaderEpoch === undefined ? [key, offset] : [key, offset, leaderEpoch]);
    },
    committed: async () => new Map([['t-0', { offset: 7, leaderEpoch: 3 }]]),
    leave: () => {
      left++;
      return leave();
    },
  };
  const driver: Pick<Driver, 'name' | 'subscribe'> = {
    name: 'kafkajs',
    subscribe: async (given) => {
      options = given;
      joined++;
      return subscription;
    },
  };
  const membership = new TaskMembership({
    group: { groupId: 'g', topics: ['t'] },
    driver: Promise.resolve({ driver: driver as Driver, close: async () => void closed++ }),
    handOverMs: 5,
    assign: (assignment) => told.push(assignment),
    failed: (error) => failures.push(error),
  });
  await membership.answer({ kind: 'load', partitions: [] });
  const group: Pick<SubscriptionOptions, 'onAssigned' | 'onRevoked' | 'onFailed'> = {
    onAssigned: async (partitions) => options?.onAssigned(partitions),
    onRevoked: async (partitions, why) => options?.onRevoked(partitions, why),
    onFailed: (error) => options?.onFailed?.(error),
  };
  return { membership, group, told, committed, failures, ended: () => ({ left, closed }), joined: () => joined };
}

test('the task is told its partitions, and where its group is', async () => {
  const { membership, group, told } = await member();
  await group.onAssigned([partition(0), partition(1)]);
  const partitions = [partition(0), partition(1)].map(sinkPartition);
  expect(told).toEqual([{ number: 1, partitions, why: 'rebalance', deadlineMs: 5 }]);
  expect(await membership.answer({ kind: 'load', partitions })).toEqual({
    kind: 'loaded',
    offsets: [{ kafka_offset: 7, kafka_leader_epoch: 3 }, null],
  });
});

test('the leader epoch of what was read is committed with the offset (KIP-320)', async () => {
  const { membership, group, committed } = await member();
  await group.onAssigned([partition(0)]);
  const offset = { kafka_offset: 9, kafka_leader_epoch: 3 };
  await membership.answer({ kind: 'save', offsets: [{ partition: sinkPartition(partition(0)), offset }], state: undefined });
  expect(committed).toEqual([['t-0', 9, 3]]);
});

test('partitions are given back when the task has let go, and may be committed until then (T8)', async () => {
  const { membership, group, told, committed } = await member();
  await group.onAssigned([partition(0)]);
  let givenBack = false;
  const giving = group.onRevoked([partition(0)], 'rebalance').then(() => {
    givenBack = true;
  });
  expect(told.at(-1)).toEqual({ number: 2, partitions: [], why: 'rebalance', deadlineMs: 5 });
  membership.holding(1);
  await membership.answer(saved(0, 9));
  expect(givenBack).toBe(false);
  membership.holding(2);
  await giving;
  expect(committed).toEqual([['t-0', 9]]);
  await expect(membership.answer(saved(0, 10))).rejects.toThrow('t-0 is not with this member of consumer group g any more.');
});

test('a task goes on with partitions that it keeps, and commits for them while it lets go of others', async () => {
  const { membership, group, told, committed } = await member();
  await group.onAssigned([partition(0), partition(1)]);
  const giving = group.onRevoked([partition(0)], 'rebalance');
  expect(told.at(-1)).toEqual({ number: 2, partitions: [sinkPartition(partition(1))], why: 'rebalance', deadlineMs: 5 });
  await membership.answer(saved(0, 8));
  membership.holding(2);
  await giving;
  await membership.answer(saved(1, 9));
  await expect(membership.answer(saved(0, 9))).rejects.toThrow('any more');
  await group.onAssigned([partition(1)]);
  await membership.answer(saved(1, 10));
  expect(committed).toEqual([
    ['t-0', 8],
    ['t-1', 9],
    ['t-1', 10],
  ]);
});

test('what is lost is not committed, even before the task has let go', async () => {
  const { membership, group, committed } = await member();
  await group.onAssigned([partition(0)]);
  void group.onRevoked([partition(0)], 'lost');
  await expect(membership.answer(saved(0, 9))).rejects.toThrow('any more');
  expect(committed).toEqual([]);
});

test('a task that lets go later than its group waits keeps what it was assigned meanwhile', async () => {
  const { membership, group, committed } = await member();
  await group.onAssigned([partition(0)]);
  const late = group.onRevoked([partition(0)], 'rebalance');
  await group.onAssigned([partition(1)]);
  membership.holding(2);
  await late;
  await membership.answer(saved(1, 9));
  expect(committed).toEqual([['t-1', 9]]);
});

test('a task that is gone has let go: the group does not wait for it', async () => {
  const { membership, group, ended } = await member();
  await group.onAssigned([partition(0)]);
  const giving = group.onRevoked([partition(0)], 'rebalance');
  await membership.leave();
  await giving;
  expect(ended()).toEqual({ left: 1, closed: 1 });
});

test('a task that stands still is no member until it moves: its partitions are lost, and what it still commits is refused (I11)', async () => {
  const { membership, group, told, committed, ended, joined } = await member();
  await group.onAssigned([partition(0)]);
  membership.stalled();
  membership.stalled();
  expect(told.at(-1)).toEqual({ number: 2, partitions: [], why: 'lost', deadlineMs: 5 });
  await expect(membership.answer(saved(0, 9))).rejects.toThrow('any more');
  await expect.poll(ended).toEqual({ left: 1, closed: 0 });
  expect(joined()).toBe(1);
  membership.moving();
  membership.moving();
  await expect.poll(joined).toBe(2);
  await group.onAssigned([partition(0)]);
  membership.holding(2);
  expect(told.at(-1)).toMatchObject({ number: 3, why: 'rebalance' });
  await membership.answer(saved(0, 9));
  expect(committed).toEqual([['t-0', 9]]);
  expect(ended()).toEqual({ left: 1, closed: 0 });
});

test('a task that stands still and cannot say that it leaves joins again all the same', async () => {
  const { membership, ended, joined, failures } = await member({ leave: () => Promise.reject(new Error('away')) });
  const unheard: unknown[] = [];
  const hear = (reason: unknown) => void unheard.push(reason);
  process.on('unhandledRejection', hear);
  membership.stalled();
  await expect.poll(ended).toEqual({ left: 1, closed: 0 });
  await new Promise((resolve) => setTimeout(resolve, 5));
  process.off('unhandledRejection', hear);
  membership.moving();
  await expect.poll(joined).toBe(2);
  expect([unheard, failures]).toEqual([[], []]);
});

test('a task that stands still while its group waits for it leaves without waiting', async () => {
  const { membership, group, told } = await member();
  await group.onAssigned([partition(0)]);
  const giving = group.onRevoked([partition(0)], 'rebalance');
  membership.stalled();
  await giving;
  expect(told.map(({ why }) => why)).toEqual(['rebalance', 'rebalance', 'lost']);
});

test('what an old membership still says is not listened to, and a task that left does not join again', async () => {
  const { membership, group, told, ended, joined } = await member();
  membership.stalled();
  await group.onAssigned([partition(0)]);
  expect(told).toEqual([]);
  await membership.leave();
  membership.moving();
  membership.stalled();
  expect([ended(), joined()]).toEqual([{ left: 2, closed: 1 }, 1]);
});

test('a group that does not take the member fails the task', async () => {
  const { group, failures, membership } = await member();
  const refused = Object.assign(new Error('not allowed'), { name: 'DriverError' });
  group.onFailed?.(refused as never);
  expect(failures).toEqual([refused]);
  await membership.leave();
  group.onFailed?.(refused as never);
  expect(failures).toHaveLength(1);
});

test('state of operators has no place in a group', async () => {
  const { membership } = await member();
  await expect(membership.answer({ ...saved(0, 1), state: { window: 1 } })).rejects.toThrow(
    'Consumer group g keeps offsets, and cannot keep the state of window with them.',
  );
});
