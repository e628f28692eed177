import assert from 'node:assert/strict';
import { type Consumer, type GroupMember, partitionKey } from '../../kafka/driver.ts';
import { eventually } from '../contract.ts';
import { type Bench, type DriverCase, type DriverUnderTest, needs, ofKind, readValues, records, uniqueName } from './bench.ts';

const unless = ({ driver }: DriverUnderTest) => (driver.capabilities.groups ? undefined : 'capabilities.groups is false');
const timing = { sessionMs: 10_000, rebalanceMs: 10_000 };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function subscribe(
  { driver }: Bench,
  groupId: string,
  topics: readonly string[] | RegExp,
  rebalanceMs = timing.rebalanceMs,
): Promise<Consumer> {
  const commit = async (consumer: Consumer, partitions: Parameters<Consumer['committed']>[0]) => {
    const offsets = partitions.map((each) => [partitionKey(each), { offset: consumer.position(each) ?? 0 }] as const);
    await consumer.commit(new Map(offsets));
  };
  const opened: Promise<Consumer> = driver.consumer({
    source: { mode: 'group', groupId, topics, ...timing, rebalanceMs },
    reset: 'earliest',
    onRevoked: async (partitions, why) => {
      if (why === 'rebalance') await commit(await opened, partitions);
    },
  });
  return opened;
}

/** A member of a group of its own kind, which keeps what it was assigned. */
async function join({ driver }: Bench, groupId: string, name: () => string): Promise<{ member: GroupMember; assigned: string[] }> {
  const assigned: string[] = [];
  const member = await driver.group?.({
    groupId,
    protocolType: 'connect',
    heartbeatMs: 100,
    ...timing,
    protocols: () => [{ name: 'roll', metadata: bytes(name()) }],
    assign: (_, members) => {
      const all = members.map(({ metadata }) => Buffer.from(metadata).toString()).sort();
      return new Map(members.map(({ memberId }) => [memberId, bytes(all.join())]));
    },
    onAssigned: async ({ assignment }) => void assigned.push(Buffer.from(assignment).toString()),
    onRevoked: async () => {},
  });
  assert.ok(member !== undefined, 'the driver has no groups of other kinds');
  return { member, assigned };
}

export const groupCases: readonly DriverCase[] = [
  {
    name: 'reads as a group from its offsets on, and hands partitions over with what was committed',
    unless,
    async run(bench) {
      const topic = await bench.topic({ partitions: 2 });
      const groupId = uniqueName('group');
      for (const partition of [0, 1]) await bench.append(topic, records(`a${partition}`), partition);
      const first = await subscribe(bench, groupId, [topic]);
      assert.deepEqual([...(await readValues(first, 2))].sort(), ['a0', 'a1']);
      const second = await subscribe(bench, groupId, [topic]);
      await eventually('both have a partition', () => first.assignment().length === 1 && second.assignment().length === 1);
      for (const partition of [0, 1]) await bench.append(topic, records(`b${partition}`), partition);
      const seen = [...(await readValues(first, 1)), ...(await readValues(second, 1))];
      assert.deepEqual(seen.sort(), ['b0', 'b1']);
      assert.deepEqual(first.groupIdentity()?.generation, second.groupIdentity()?.generation);
      await second.close();
      await eventually('the first has both', () => first.assignment().length === 2);
      await first.close();
    },
  },
  {
    name: 'gives up the partitions of a member of which nothing is asked for so long as a rebalance may take, and takes it back when something is',
    unless,
    async run(bench) {
      const topic = await bench.topic();
      const groupId = uniqueName('group');
      await bench.append(topic, records('a'));
      const stuck = await subscribe(bench, groupId, [topic], 1_000);
      assert.deepEqual(await readValues(stuck, 1), ['a']);
      const partition = { topic, partition: 0 };
      await eventually('the member has given up', () => stuck.assignment().length === 0);
      await assert.rejects(stuck.commit(new Map([[partitionKey(partition), { offset: 1 }]])), ofKind('rebalance'));
      const other = await subscribe(bench, groupId, [topic]);
      assert.deepEqual(await readValues(other, 1), ['a']);
      await other.commit(new Map([[partitionKey(partition), { offset: 1 }]]));
      await other.close();
      await bench.append(topic, records('b'));
      assert.deepEqual(await readValues(stuck, 1), ['b']);
      await stuck.close();
    },
  },
  {
    name: 'reads the topics whose names fit a pattern',
    unless,
    async run(bench) {
      const topic = await bench.topic();
      await bench.append(topic, records('a'));
      const consumer = await subscribe(bench, uniqueName('group'), new RegExp(`^${topic}$`));
      assert.deepEqual(await readValues(consumer, 1), ['a']);
      await consumer.close();
    },
  },
  {
    name: 'lets members of any kind of group agree, again when one asks for it, and describes them',
    unless: (subject) => unless(subject) ?? needs('describeGroups')(subject),
    async run(bench) {
      const groupId = uniqueName('group');
      let said = 'b';
      const first = await join(bench, groupId, () => 'a');
      assert.deepEqual(first.assigned, ['a']);
      const second = await join(bench, groupId, () => said);
      await eventually('both are told of both', () => first.assigned.at(-1) === 'a,b' && second.assigned.at(-1) === 'a,b');
      assert.equal(first.member.generation, second.member.generation);
      said = 'c';
      second.member.requestRejoin('it has something else to say');
      await eventually('both are told of the change', () => first.assigned.at(-1) === 'a,c' && second.assigned.at(-1) === 'a,c');
      const [described] = (await bench.admin.describeGroups?.([groupId])) ?? [];
      assert.deepEqual(
        [described?.protocolType, described?.protocol, described?.members.map(({ metadata }) => Buffer.from(metadata).toString()).sort()],
        ['connect', 'roll', ['a', 'c']],
      );
      assert.ok(first.member.lastHeartbeatAgeMs() < timing.sessionMs);
      await second.member.leave();
      await eventually('the first is alone', () => first.assigned.at(-1) === 'a');
      await first.member.leave();
      await eventually('the group is empty', async () => (await bench.admin.describeGroups?.([groupId]))?.[0]?.state === 'Empty');
    },
  },
];
