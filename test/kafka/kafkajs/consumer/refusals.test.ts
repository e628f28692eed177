import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DriverError } from '../../../../src/kafka/driver.ts';
import { Cursor } from '../../../../src/kafka/kafkajs/consumer/cursor.ts';
import { Refusals } from '../../../../src/kafka/kafkajs/consumer/refusals.ts';
import { FakeLeader, valuesOf } from './fake-leader.ts';

const UNKNOWN_SERVER_ERROR = -1;
const CORRUPT_MESSAGE = 2;
const NOT_LEADER = 6;
const partition = { topic: 't', partition: 0 };

let leader: FakeLeader;
beforeEach(() => {
  leader = new FakeLeader();
  for (const value of ['a', 'b', 'c']) leader.append(0, value);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await leader.close();
});

test('an error of the broker itself, such as a failed read of remote storage, is waited for', async () => {
  leader.refusals.set(0, UNKNOWN_SERVER_ERROR);
  const consumer = leader.read([0]);
  const next = valuesOf(consumer, 3);
  await expect.poll(() => leader.fetches.length).toBeGreaterThan(1);
  leader.refusals.delete(0);
  expect(await next).toEqual(['a', 'b', 'c']);
});

test('a log that is damaged is told, by offset and partition, and its reader may go on elsewhere', async () => {
  const consumer = leader.read([0]);
  consumer.seek(partition, 1);
  leader.refusals.set(0, CORRUPT_MESSAGE);
  await expect(consumer.next(AbortSignal.timeout(2_000))).rejects.toMatchObject({
    kind: 'invalid',
    code: CORRUPT_MESSAGE,
    message: 'The broker refuses a fetch of t-0 at offset 1: CORRUPT_MESSAGE (its log is damaged there: seek to a later offset).',
  });
  leader.refusals.delete(0);
  consumer.seek(partition, 2);
  expect(await valuesOf(consumer, 1)).toEqual(['c']);
});

test('a partition that is refused for long is logged once, and once when it can be read again', async () => {
  leader.refusals.set(0, NOT_LEADER);
  const consumer = leader.read([0]);
  const next = valuesOf(consumer, 3);
  await expect.poll(() => leader.fetches.length).toBeGreaterThan(1);
  expect(leader.lines).toEqual([]);
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + 11_000);
  await expect.poll(() => leader.lines.length).toBe(1);
  leader.refusals.delete(0);
  await next;
  expect(leader.lines).toEqual([
    'warn Partitions cannot be read for 10 s; they are tried again: t-0. The broker refuses a fetch of t-0 at offset 0: NOT_LEADER_OR_FOLLOWER.',
    'info Partitions can be read again: t-0.',
  ]);
});

test('partitions that are refused together are one line, of which some are named', () => {
  const lines: string[] = [];
  let time = 0;
  const refusals = new Refusals(
    (level, message) => lines.push(`${level} ${message}`),
    () => time,
  );
  const cursors = Array.from({ length: 12 }, (_, number) => new Cursor({ topic: 't', partition: number }, 'earliest'));
  const error = new DriverError('retriable', 'No.');
  const late = cursors.splice(11);
  for (const cursor of cursors) refusals.refused(cursor, error);
  time = 9_999;
  for (const cursor of [...cursors, ...late]) refusals.refused(cursor, error);
  refusals.tell();
  expect(lines).toEqual([]);
  time = 10_000;
  refusals.tell();
  expect(lines).toEqual([]);
  for (const cursor of cursors) refusals.refused(cursor, error);
  refusals.tell();
  refusals.tell();
  const named = 't-0, t-1, t-2, t-3, t-4, t-5, t-6, t-7, t-8, t-9';
  expect(lines.splice(0)).toEqual([`warn Partitions cannot be read for 10 s; they are tried again: ${named} and 1 more. No.`]);
  time = 19_999;
  refusals.forget(cursors.pop() as Cursor);
  for (const cursor of late) refusals.refused(cursor, error);
  refusals.tell();
  expect(lines.splice(0)).toEqual(['warn Partitions cannot be read for 10 s; they are tried again: t-11. No.']);
  for (const cursor of [...cursors, ...late]) refusals.served(cursor);
  refusals.tell();
  expect(lines).toEqual([`info Partitions can be read again: ${named} and 1 more.`]);
  refusals.served(late[0] as Cursor);
  refusals.tell();
  expect(lines).toHaveLength(1);
});
