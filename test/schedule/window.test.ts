import { expect, test } from 'vitest';
import { Lane, Window, type WindowLimits } from '../../src/schedule/window.ts';

function windowOf(partitions: number, limits: Partial<WindowLimits> = {}) {
  let soon: (() => void)[] = [];
  let changes = 0;
  const window = new Window(
    { records: 100, bytes: 1_000, span: 1_000, ...limits },
    {
      changed: () => {
        changes += 1;
      },
      later: (work) => soon.push(work),
    },
  );
  const lanes = Array.from({ length: partitions }, () => new Lane());
  window.join(lanes);
  const turn = () => {
    const work = soon;
    soon = [];
    for (const task of work) task();
    return work.length;
  };
  return { window, lanes, lane: lanes[0] ?? new Lane(), other: lanes[1] ?? new Lane(), turn, changes: () => changes };
}

test('the only partition may fill the window (I4)', () => {
  const { window, lane } = windowOf(1);
  expect([window.records, window.room(lane)]).toEqual([100, 100]);
  window.take(lane, 60, 0);
  expect([window.records, window.room(lane)]).toEqual([40, 40]);
  window.take(lane, 40, 0);
  expect([window.records, window.room(lane), window.held]).toEqual([0, 0, 100]);
});

test('each partition keeps half its equal part for itself (I4)', () => {
  const { window, lane, other } = windowOf(2);
  expect([lane.share, window.room(lane)]).toEqual([25, 75]);
  window.take(lane, 75, 0);
  expect([window.room(lane), window.room(other), window.records]).toEqual([0, 25, 25]);
  window.take(other, 25, 0);
  expect([window.room(lane), window.room(other), window.records]).toEqual([0, 0, 0]);
});

test('with more partitions than half the window there is no share, and no deadlock (I4)', () => {
  const { window, lane } = windowOf(3, { records: 4 });
  expect([lane.share, window.room(lane)]).toEqual([0, 4]);
});

test('room falls at once and rises when the trampoline turns, in one step', () => {
  const { window, lane, turn, changes } = windowOf(1);
  window.take(lane, 100, 10);
  window.free(lane, 30, 5);
  window.free(lane, 10, 5);
  expect([window.room(lane), window.held, window.heldBytes, changes()]).toEqual([0, 60, 0, 0]);
  expect(turn()).toBe(1);
  expect([window.room(lane), changes()]).toEqual([40, 1]);
});

test('bytes stop partitions that have used their share of them (I4)', () => {
  const { window, lane, other, turn } = windowOf(2);
  window.take(lane, 1, 800);
  expect([window.room(lane), window.room(other)]).toEqual([0, 75]);
  window.free(lane, 0, 800);
  turn();
  expect(window.room(lane)).toBe(74);
});

test('a record larger than the window passes, and nothing passes behind it (I4)', () => {
  const { window, lane, turn } = windowOf(1);
  expect(window.room(lane)).toBe(100);
  window.take(lane, 1, 5_000);
  expect([window.records, window.room(lane)]).toEqual([0, 0]);
  window.free(lane, 1, 5_000);
  turn();
  expect(window.room(lane)).toBe(100);
});

test('a partition with a long unsettled span pauses alone (I4)', () => {
  const { window, lane, other, turn } = windowOf(2, { span: 10 });
  window.take(lane, 10, 0);
  window.free(lane, 10, 0);
  turn();
  expect([window.room(lane), window.room(other), window.records]).toEqual([0, 10, 100]);
  window.take(other, 10, 0);
  expect(window.records).toBe(0);
  window.pass(lane, 4);
  turn();
  expect([window.room(lane), window.room(other)]).toEqual([4, 0]);
});

test('a revoked partition gives its share to the others, and holds what it holds', () => {
  const { window, lane, other, turn } = windowOf(2);
  window.take(lane, 30, 0);
  window.leave([lane]);
  expect([window.held, other.share, window.room(other)]).toEqual([30, 50, 70]);
  window.free(lane, 30, 0);
  turn();
  expect([window.held, window.room(other)]).toEqual([0, 100]);
});

test('a thousand partitions that join one by one have the share of partitions that join together', () => {
  const together = windowOf(1_000, { records: 10_000 });
  const single = windowOf(0, { records: 10_000 });
  const lanes = Array.from({ length: 1_000 }, () => new Lane());
  for (const lane of lanes) single.window.join([lane]);
  expect([lanes[0]?.share, lanes[999]?.share, together.lane.share]).toEqual([5, 5, 5]);
  expect(single.window.records).toBe(together.window.records);
});
