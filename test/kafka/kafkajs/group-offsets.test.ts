import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeLeader } from './consumer/fake-leader.ts';

let leader: FakeLeader;
beforeEach(() => {
  leader = new FakeLeader();
});
afterEach(() => leader.close());

const offsets = new Map([
  ['t-0', { offset: 5 }],
  ['t-1', { offset: 7 }],
]);
/** Commits, and answers what was asked of the broker: partitions and offsets. */
async function committed(): Promise<readonly (readonly number[])[]> {
  await leader.read([], { groupId: 'g' }).commit(offsets);
  return leader.commits.map(([partition, offset]) => [partition, offset]);
}

test('a commit for a topic that the broker does not know yet is made again, of what it does not know alone', async () => {
  leader.unknown.set(1, 2);
  expect(await committed()).toEqual([
    [0, 5],
    [1, 7],
    [1, 7],
    [1, 7],
  ]);
});

test('a commit leaves out what stays missing, after a second', async () => {
  leader.unknown.set(1, Number.POSITIVE_INFINITY);
  const began = performance.now();
  const asked = await committed();
  expect(performance.now() - began).toBeGreaterThanOrEqual(1_000);
  expect(asked.filter(([partition]) => partition === 0)).toEqual([[0, 5]]);
});
