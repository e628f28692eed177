import { expect, test, vi } from 'vitest';
import { DriverError } from '../../../src/kafka/driver.ts';
import { KafkaGroupMember } from '../../../src/kafka/kafkajs/group-member.ts';
import { Group } from './consumer/one-member-group.ts';

const join = (
  group: Group,
  heartbeatMs: number,
  onFailed: (error: DriverError) => void = () => {},
  onRevoked: () => Promise<void> = async () => {},
) =>
  new KafkaGroupMember(group.link(), {
    groupId: 'g',
    protocolType: 'consumer',
    sessionMs: 10_000,
    rebalanceMs: 1_000,
    heartbeatMs,
    protocols: () => [{ name: 'range', metadata: new Uint8Array() }],
    assign: () => new Map(),
    onAssigned: async () => {},
    onRevoked,
    onFailed,
  });

test('a heartbeat that is answered only after the next join does not go on beside those of the new generation', async () => {
  const group = new Group();
  const first = Promise.withResolvers<void>();
  group.beats = first.promise;
  const member = join(group, 10);
  await expect.poll(() => group.beating).toBe(1);
  group.beats = new Promise(() => {});
  member.requestRejoin('a test');
  await expect.poll(() => member.generation).toBe(2);
  await new Promise((resolve) => setImmediate(resolve));
  first.resolve();
  await expect.poll(() => group.beating).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(group.beating).toBe(1);
  await member.leave();
});

test('whoever comes soon after it is heard of long before the next regular heartbeat', async () => {
  const group = new Group();
  const member = join(group, 60_000);
  await member.joined;
  group.heartbeat = 27;
  await expect.poll(() => member.generation).toBe(2);
  await member.leave();
});

test('a group that rebalances before it has told the assignment is joined again without a pause', async () => {
  const group = new Group();
  group.retryMs = 60_000;
  group.syncs = [27];
  const member = join(group, 60_000);
  await member.joined;
  expect(member.generation).toBe(2);
  await member.leave();
});

test('a member that has no right to its group fails, and does not ask for ever', async () => {
  const group = new Group();
  group.searches = [30];
  const failures: DriverError[] = [];
  const member = join(group, 60_000, (error) => failures.push(error));
  await expect(member.joined).rejects.toMatchObject({ kind: 'auth', code: 30 });
  expect(failures.map(({ message }) => message)).toEqual([
    'The broker refuses the search for the coordinator of group g: GROUP_AUTHORIZATION_FAILED.',
  ]);
  await member.leave();
});

test('the coordinator of a group is looked for once, and again when it has moved', async () => {
  const group = new Group();
  const member = join(group, 5);
  await member.joined;
  group.heartbeat = 27;
  await expect.poll(() => member.generation).toBe(2);
  expect(group.searched).toBe(1);
  group.heartbeat = 16;
  await expect.poll(() => group.searched).toBeGreaterThan(1);
  await member.leave();
});

test('a group that cannot be joined for long is told of once, and once that it could be', async () => {
  vi.useFakeTimers();
  try {
    const group = new Group();
    group.retryMs = 1_000;
    group.searches = Array.from({ length: 30 }, () => 15);
    const member = join(group, 1_000);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(group.lines).toEqual([]);
    await vi.advanceTimersByTimeAsync(12_000);
    const refusal = 'The broker refuses the search for the coordinator of group g: COORDINATOR_NOT_AVAILABLE.';
    expect(group.lines.splice(0)).toEqual([`warn Group g cannot be joined for 10 s; it is tried again. ${refusal}`]);
    await vi.advanceTimersByTimeAsync(15_000);
    await member.joined;
    expect(group.lines).toEqual(['info Group g could be joined again.']);
    await member.leave();
  } finally {
    vi.useRealTimers();
  }
});

test.each([
  ['for good, it fails with the reason', new DriverError('invalid', 'no'), ['no'], 1],
  ['for now, it joins again', new Error('not now'), [], 2],
])('when what a lost member had cannot be given up %s', async (_how, error, expected, generation) => {
  const group = new Group();
  const failures: string[] = [];
  let revoked = 0;
  const onRevoked = () => Promise.reject(revoked++ === 0 ? error : new Error('again'));
  const member = join(group, 5, ({ message }) => failures.push(message), onRevoked);
  await member.joined;
  // It joins anew, and is told that nobody knows it any more.
  group.refusals.push(25);
  group.heartbeat = 27;
  await expect.poll(() => [failures, member.generation]).toEqual([expected, generation]);
  await member.leave();
});
