import { afterEach, expect, test, vi } from 'vitest';
import type { TopicPartition } from '../../../../src/kafka/driver.ts';
import { GroupSubscription, type GroupSubscriptionOptions } from '../../../../src/kafka/kafkajs/consumer/group-subscription.ts';
import { Group } from './one-member-group.ts';

const UNKNOWN_TOPIC = 3;
const LEADER_NOT_AVAILABLE = 5;
const ILLEGAL_GENERATION = 22;
const UNKNOWN_MEMBER_ID = 25;
const REBALANCE_IN_PROGRESS = 27;
const opened: GroupSubscription[] = [];
afterEach(() => Promise.all(opened.splice(0).map((subscription) => subscription.leave())));

const partitions = (...numbers: readonly number[]): TopicPartition[] => numbers.map((partition) => ({ topic: 't', partition }));
const names = (some: readonly TopicPartition[]) => some.map(({ partition }) => partition).join();
const offsets = new Map([['t-1', { offset: 5 }]]);

/** A member that keeps partitions through rebalances, unless the options say otherwise; and what it is told. */
async function member(group: Group, options: Partial<GroupSubscriptionOptions> = {}) {
  const told: string[] = [];
  const subscription = await GroupSubscription.open({
    ...{ groupId: 'g', topics: ['t'], sessionMs: 10_000, heartbeatMs: 5, rebalanceMs: 1_000, strategies: ['cooperative-sticky'] },
    link: group.link(),
    memberLink: async () => group.link(),
    onAssigned: async (some) => void told.push(`has ${names(some)}`),
    onRevoked: async (some, why) => void told.push(`${why} ${names(some)}`),
    ...options,
  });
  opened.push(subscription);
  await subscription.joined;
  return { subscription, told };
}

test('a member keeps its partitions while it joins again, gives back those alone that move, and joins once more to tell so', async () => {
  const group = new Group();
  group.assigned = partitions(0, 1);
  const { told } = await member(group);
  group.assigned = partitions(1, 2);
  group.heartbeat = REBALANCE_IN_PROGRESS;
  await expect.poll(() => group.generation).toBe(3);
  await expect.poll(() => told).toEqual(['has 0,1', 'rebalance 0', 'has 1,2', 'has 1,2']);
  expect(group.said).toEqual([
    { topics: ['t'], owned: [], generation: -1 },
    { topics: ['t'], owned: partitions(0, 1), generation: 1 },
    { topics: ['t'], owned: partitions(1, 2), generation: 2 },
  ]);
});

test('a member that offers an eager strategy too gives back all before it joins again', async () => {
  const group = new Group();
  group.assigned = partitions(0, 1);
  const { told } = await member(group, { strategies: ['range', 'cooperative-sticky'] });
  group.heartbeat = REBALANCE_IN_PROGRESS;
  await expect.poll(() => told).toEqual(['has 0,1', 'rebalance 0,1', 'has 0,1']);
  expect(group.said.map(({ owned }) => owned)).toEqual([[], []]);
});

test('a member that the group has given up has lost all, and begins anew', async () => {
  const group = new Group();
  group.assigned = partitions(0, 1);
  const { told } = await member(group);
  group.heartbeat = UNKNOWN_MEMBER_ID;
  await expect.poll(() => told).toEqual(['has 0,1', 'lost 0,1', 'has 0,1']);
  expect(group.said.at(-1)).toEqual({ topics: ['t'], owned: [], generation: -1 });
});

test('a member that is forgotten while it joins has lost what it kept', async () => {
  const group = new Group();
  group.assigned = partitions(0, 1);
  const { told } = await member(group);
  group.refusals.push(UNKNOWN_MEMBER_ID);
  group.heartbeat = REBALANCE_IN_PROGRESS;
  await expect.poll(() => told).toEqual(['has 0,1', 'lost 0,1', 'has 0,1']);
  expect(group.said.map(({ owned }) => owned)).toEqual([[], partitions(0, 1), []]);
});

test('what is given back later than the group waits is not claimed in the meantime', async () => {
  const group = new Group();
  group.assigned = partitions(0, 1);
  const slow = Promise.withResolvers<void>();
  const { told } = await member(group, { rebalanceMs: 50, onRevoked: () => slow.promise });
  group.assigned = partitions(1, 2);
  group.heartbeat = REBALANCE_IN_PROGRESS;
  await expect.poll(() => group.generation).toBe(2);
  await new Promise((resolve) => setTimeout(resolve, 100));
  group.heartbeat = REBALANCE_IN_PROGRESS;
  await expect.poll(() => told).toEqual(['has 0,1', 'has 1,2']);
  expect(group.said.map(({ owned }) => names(owned))).toEqual(['', '0,1', '1']);
  slow.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toHaveLength(2);
});

test.each([REBALANCE_IN_PROGRESS, ILLEGAL_GENERATION])(
  'a commit for what is kept that comes too early (%i) is made in the next generation',
  async (code) => {
    const group = new Group();
    const { subscription } = await member(group);
    group.commits.push(code);
    const committing = subscription.commit(offsets);
    await expect.poll(() => group.committed).toEqual([1]);
    group.heartbeat = REBALANCE_IN_PROGRESS;
    await committing;
    expect(group.committed).toEqual([1, 2]);
  },
);

test('a commit is refused when the group gives the member up meanwhile, and when a later one has begun', async () => {
  const group = new Group();
  const { subscription } = await member(group);
  group.commits.push(ILLEGAL_GENERATION);
  const lost = subscription.commit(offsets);
  group.heartbeat = UNKNOWN_MEMBER_ID;
  await expect(lost).rejects.toMatchObject({ code: ILLEGAL_GENERATION });
  await expect.poll(() => group.generation).toBe(2);
  group.commits.push(REBALANCE_IN_PROGRESS, REBALANCE_IN_PROGRESS);
  const earlier = subscription.commit(offsets);
  const later = subscription.commit(offsets);
  group.heartbeat = REBALANCE_IN_PROGRESS;
  await expect(earlier).rejects.toMatchObject({ code: REBALANCE_IN_PROGRESS });
  await later;
});

test('an eager member that commits too early is refused', async () => {
  const group = new Group();
  const { subscription } = await member(group, { strategies: ['range'] });
  group.commits.push(ILLEGAL_GENERATION);
  await expect(subscription.commit(offsets)).rejects.toMatchObject({ code: ILLEGAL_GENERATION });
});

test('a topic that is missing is looked for soon, and then more and more seldom', async () => {
  vi.useFakeTimers();
  try {
    const group = new Group();
    const looks: number[] = [];
    const began = performance.now();
    const ask = async () => {
      looks.push(Math.round(performance.now() - began));
      return { topics: [] };
    };
    const { subscription } = await member(group, { heartbeatMs: 60_000, link: group.link(ask) });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(looks).toEqual([500, 1_000, 2_000, 4_000, 8_000, 13_000, 18_000]);
    await subscription.leave();
  } finally {
    vi.useRealTimers();
  }
});

test('the leader of a group divides it anew when a topic is deleted, once, and when it is made again', async () => {
  vi.useFakeTimers();
  try {
    const group = new Group();
    group.leads = true;
    const codes = new Map([
      ['t', 0],
      ['u', 0],
    ]);
    const ask = async () => ({
      topics: Array.from(codes, ([topic, errorCode]) => ({ topic, errorCode, partitions: errorCode === 0 ? [{ partition: 0 }] : [] })),
    });
    const link = group.link(ask);
    const { subscription } = await member(group, { topics: ['t', 'u'], heartbeatMs: 1_000, link });
    const generationAfter = async (code: number) => {
      codes.set('u', code);
      await vi.advanceTimersByTimeAsync(30_000);
      return group.generation;
    };
    expect(await generationAfter(0)).toBe(1);
    // It says nothing of the topic: it may be there.
    expect(await generationAfter(LEADER_NOT_AVAILABLE)).toBe(1);
    expect(await generationAfter(UNKNOWN_TOPIC)).toBe(2);
    expect(await generationAfter(UNKNOWN_TOPIC)).toBe(2);
    expect(await generationAfter(0)).toBe(3);
    await subscription.leave();
  } finally {
    vi.useRealTimers();
  }
});
