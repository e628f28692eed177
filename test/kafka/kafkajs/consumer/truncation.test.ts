import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeLeader, valuesOf } from './fake-leader.ts';

const partition = { topic: 't', partition: 0 };
const group = { groupId: 'g' };
const soon = () => AbortSignal.timeout(5_000);

let leader: FakeLeader;
beforeEach(() => {
  leader = new FakeLeader();
});
afterEach(() => leader.close());

/** Offsets 0 and 1 of epoch 3, which also the former leader had, and 2 to 4 of epoch 6, in the place of others. */
function truncated(): void {
  leader.epoch = 6;
  leader.endOfEpoch.set(3, 2).set(5, 2);
  for (const value of ['a', 'b']) leader.append(0, value, 3);
  for (const value of ['c', 'd', 'e']) leader.append(0, value, 6);
}

test('a start from a committed offset goes back to where the log of the new leader is that of the old one (KIP-320)', async () => {
  truncated();
  leader.committed.set(0, { offset: 4, epoch: 5 });
  const consumer = leader.read([0], group);
  expect(await valuesOf(consumer, 3)).toEqual(['c', 'd', 'e']);
  expect(leader.checks).toEqual([[0, 5]]);
});

test('with the policy error a start from what was lost with a former leader is refused until it is sought', async () => {
  truncated();
  leader.committed.set(0, { offset: 4, epoch: 5 });
  const consumer = leader.read([0], { ...group, reset: 'error' });
  const lost = { kind: 'out-of-range', message: expect.stringContaining('Offset 4 of t-0 is out of range: its records were lost') };
  await expect(consumer.next(soon())).rejects.toMatchObject(lost);
  await expect(consumer.next(soon())).rejects.toMatchObject(lost);
  consumer.seek(partition, 2);
  expect(await valuesOf(consumer, 3)).toEqual(['c', 'd', 'e']);
});

test('a start where the log still has what was read before goes on there, as does one from an offset without an epoch', async () => {
  truncated();
  leader.committed.set(0, { offset: 4, epoch: 6 });
  expect(await valuesOf(leader.read([0], group), 1)).toEqual(['e']);
  leader.committed.set(0, { offset: 4, epoch: -1 });
  expect(await valuesOf(leader.read([0], group), 1)).toEqual(['e']);
  expect(leader.checks).toEqual([[0, 6]]);
});

test('a position that is sought with its epoch is checked, and one without is not', async () => {
  truncated();
  const consumer = leader.read([0]);
  await valuesOf(consumer, 5);
  consumer.seek(partition, { offset: 4, leaderEpoch: 5 });
  expect(await valuesOf(consumer, 3)).toEqual(['c', 'd', 'e']);
  consumer.seek(partition, { offset: 4 });
  expect(await valuesOf(consumer, 1)).toEqual(['e']);
});

test('a check that is under way says nothing of a position that is sought meanwhile', async () => {
  truncated();
  const consumer = leader.read([0]);
  await valuesOf(consumer, 5);
  consumer.seek(partition, { offset: 2, leaderEpoch: 3 });
  await expect.poll(() => leader.checks.length).toBe(1);
  consumer.seek(partition, { offset: 4, leaderEpoch: 5 });
  expect(await valuesOf(consumer, 3)).toEqual(['c', 'd', 'e']);
});

test('while brokers still tell of a leader of before what was read, they are asked again', async () => {
  leader.epoch = 4;
  leader.endOfEpoch.set(5, -1);
  for (const value of ['a', 'b', 'c']) leader.append(0, value, 3);
  leader.committed.set(0, { offset: 2, epoch: 5 });
  const consumer = leader.read([0], { ...group, reset: 'latest' });
  await expect.poll(() => leader.checks.length, { interval: 5 }).toBe(2);
  leader.epoch = 5;
  leader.endOfEpoch.delete(5);
  expect(await valuesOf(consumer, 1)).toEqual(['c']);
});

test('a topic that was made anew, with epochs below the one that was read, is read from where the policy says', async () => {
  leader.endOfEpoch.set(5, -1);
  for (const value of ['a', 'b', 'c']) leader.append(0, value);
  leader.committed.set(0, { offset: 2, epoch: 5 });
  expect(await valuesOf(leader.read([0], group), 3)).toEqual(['a', 'b', 'c']);
});

test('batches tell the leader epoch of their records, which is committed with the offset and given back', async () => {
  truncated();
  const consumer = leader.read([0], group);
  const batches = [await consumer.next(soon()), await consumer.next(soon())];
  expect(batches.map(({ nextOffset, leaderEpoch }) => [nextOffset, leaderEpoch])).toEqual([
    [2, 3],
    [5, 6],
  ]);
  await consumer.commit(
    new Map([
      ['t-0', { offset: 2, leaderEpoch: 3 }],
      ['t-1', { offset: 7 }],
    ]),
  );
  expect(leader.commits).toEqual([
    [0, 2, 3],
    [1, 7, -1],
  ]);
  leader.committed.set(0, { offset: 2, epoch: 3 }).set(1, { offset: 7, epoch: -1 });
  expect(await consumer.committed([partition, { topic: 't', partition: 1 }])).toEqual(
    new Map([
      ['t-0', { offset: 2, leaderEpoch: 3 }],
      ['t-1', { offset: 7 }],
    ]),
  );
});
