import { expect, test } from 'vitest';
import { fork } from '../../src/record/fork.ts';
import { gather } from '../../src/record/gather.ts';
import { delivered, filtered, returned } from '../../src/record/outcome.ts';
import type { Outcomes } from '../../src/sdk/source.ts';
import { exact, failure, tracking, whole } from './tracking.ts';

test('an offset is committable when its record and all before it have settled (I1)', () => {
  const { tracker, progress } = tracking();
  const first = tracker.track(whole('a', 1), 0).ack;
  const second = tracker.track(whole('a', 2), 0).ack;
  const third = tracker.track(whole('a', 3), 0).ack;
  second.settle(delivered);
  expect(progress()).toEqual([]);
  first.settle(filtered);
  expect(progress()).toEqual([['a', 2, 2]]);
  expect(progress()).toEqual([]);
  third.settle(delivered);
  expect(progress()).toEqual([['a', 3, 1]]);
});

test('inside a batch progress is exact to the record from the first single settle (I1)', () => {
  const { tracker, progress } = tracking();
  const { ack } = tracker.track(exact('a', 10, 4), 0);
  ack.settleAt(1, delivered);
  expect(progress()).toEqual([]);
  ack.settleAt(0, delivered);
  expect(progress()).toEqual([['a', 11, 2]]);
  ack.settleAt(2, failure('broken'));
  ack.settle(delivered);
  expect(progress()).toEqual([]);
  expect(tracker.unsettled).toBe(0);
});

test('a batch without offsetAt is committable only as a whole', () => {
  const { tracker, progress } = tracking();
  const { ack } = tracker.track(whole('a', 9, 3), 0);
  ack.settleAt(0, delivered);
  ack.settleAt(1, delivered);
  expect(progress()).toEqual([]);
  ack.settleAt(2, delivered);
  expect(progress()).toEqual([['a', 9, 3]]);
});

test('a batch without offsets moves none, and keeps those before it', () => {
  const { tracker, progress } = tracking();
  const a = tracker.track(whole('a', 1), 0).ack;
  const b = tracker.track({ records: [0], partition: { p: 'a' } }, 0).ack;
  b.settle(delivered);
  a.settle(delivered);
  expect(progress()).toEqual([['a', 1, 2]]);
});

test.each([
  ['failed', failure('broken')],
  ['returned', returned],
])('a record that ended %s blocks its partition, and no other (I1)', (_kind, outcome) => {
  const { tracker, progress } = tracking();
  tracker.track(whole('a', 1), 0).ack.settle(outcome);
  tracker.track(whole('a', 2), 0).ack.settle(delivered);
  tracker.track(whole('b', 1), 0).ack.settle(delivered);
  expect(progress()).toEqual([['b', 1, 1]]);
  expect(tracker.unsettled).toBe(0);
});

test('a failed record is told to the run', () => {
  const { tracker, told } = tracking();
  tracker.track(exact('a', 0, 2), 0).ack.settleAt(1, failure('broken'));
  expect(told.failed).toEqual(['broken']);
});

test('partitions are equal by value, whatever the order of their members', () => {
  const { tracker } = tracking();
  const a = tracker.track({ records: [0], partition: { topic: 't', p: { x: 1, y: 2 } }, offset: { at: 1 } }, 0).ack;
  const b = tracker.track({ records: [0], partition: { p: { y: 2, x: 1 }, topic: 't' }, offset: { at: 2 } }, 0).ack;
  a.settle(delivered);
  b.settle(delivered);
  expect(tracker.takeCommittable()).toMatchObject([{ partition: { topic: 't', p: { x: 1, y: 2 } }, offset: { at: 2 }, records: 2 }]);
});

test('a batch of interleaved partitions moves each by its own records (I1)', () => {
  const { tracker, progress } = tracking();
  const partitions = [{ p: 'a' }, { p: 'b' }];
  const batch = {
    records: [0, 1, 2, 3, 4],
    partitionAt: (i: number) => partitions[i % 2] ?? {},
    offsetAt: (i: number) => ({ at: i }),
  };
  const { ack } = tracker.track(batch, 0);
  ack.settleAt(1, delivered);
  ack.settleAt(0, delivered);
  expect(progress()).toEqual([
    ['b', 1, 1],
    ['a', 0, 1],
  ]);
  ack.settle(delivered);
  expect(progress()).toEqual([
    ['a', 4, 2],
    ['b', 3, 1],
  ]);
});

test('an empty batch moves its offset when all before it have settled', () => {
  const { tracker, progress } = tracking();
  const before = tracker.track(whole('a', 1), 0).ack;
  tracker.track({ records: [], partition: { p: 'a' }, offset: { at: 2 } }, 0);
  expect(progress()).toEqual([]);
  before.settle(delivered);
  expect(progress()).toEqual([['a', 2, 1]]);
});

test('settling gives slots back by record, and a release the rest (I4)', () => {
  const { tracker, window } = tracking();
  const { ack } = tracker.track(exact('a', 0, 10, { bytes: 100 }), 0);
  expect([window.held, window.heldBytes]).toEqual([10, 100]);
  ack.settleAt(3, delivered);
  expect([window.held, window.heldBytes]).toEqual([9, 100]);
  ack.release();
  ack.release();
  expect([window.held, window.heldBytes]).toEqual([0, 0]);
  ack.settle(delivered);
  expect([window.held, window.heldBytes]).toEqual([0, 0]);
});

test('the source is told of the release once', () => {
  const { tracker } = tracking();
  let released = 0;
  const count = () => {
    released += 1;
  };
  const one = tracker.track(exact('a', 0, 2, { released: count }), 0).ack;
  one.release();
  one.settle(delivered);
  tracker.track(exact('a', 2, 2, { released: count }), 0).ack.settle(delivered);
  expect(released).toBe(2);
});

test('the source is told every outcome of a batch, after the settle that ended it', () => {
  const { tracker, turn } = tracking();
  let outcomes: Outcomes | undefined;
  const { ack } = tracker.track(
    exact('a', 0, 4, {
      settled: (all) => {
        outcomes = all;
      },
    }),
    0,
  );
  const [good, bad] = fork(ack, [Uint32Array.of(0, 1), Uint32Array.of(3)]);
  bad?.settle(failure('broken'));
  good?.settleAt(1, { kind: 'delivered', receipt: 'second' });
  good?.settle({ kind: 'delivered', receipt: 'others' });
  expect(outcomes).toBeUndefined();
  turn();
  expect([0, 1, 2, 3].map((i) => outcomes?.at(i))).toEqual([
    { kind: 'delivered', receipt: 'others' },
    { kind: 'delivered', receipt: 'second' },
    { kind: 'filtered' },
    failure('broken'),
  ]);
});

test('a source callback that throws fails the task, not the settle', () => {
  const { tracker, flow, turn } = tracking();
  const throws = (what: string) => () => {
    throw new Error(what);
  };
  const batch = exact('a', 0, 2, { released: throws('released'), settled: throws('settled'), offsetAt: throws('offset') });
  tracker.track(batch, 0).ack.settle(delivered);
  turn();
  expect(flow.errors.map(String)).toEqual(['Error: offset', 'Error: released', 'Error: settled']);
  expect(tracker.unsettled).toBe(0);
});

test('after a revoke settles free slots and move nothing (I11)', () => {
  const { tracker, window, progress, told } = tracking();
  const { ack } = tracker.track(exact('a', 0, 3), 0);
  const late = tracker.track(exact('a', 3, 1), 0).ack;
  ack.settleAt(0, delivered);
  tracker.revoke([{ p: 'a' }]);
  expect(ack.stale).toBe(true);
  expect(progress()).toEqual([]);
  ack.settle(delivered);
  late.settle(failure('late'));
  expect(progress()).toEqual([]);
  expect([window.held, tracker.unsettled, told.failed]).toEqual([0, 0, []]);
});

test('a batch of a revoked partition is stale, until the partition is assigned again (I11)', () => {
  const { tracker, progress } = tracking();
  tracker.assign([{ p: 'a' }]);
  tracker.revoke([{ p: 'a' }]);
  expect(tracker.track(whole('a', 1), 0).ack.stale).toBe(true);
  tracker.assign([{ p: 'a' }]);
  const { ack } = tracker.track(whole('a', 2), 0);
  expect(ack.stale).toBe(false);
  ack.settle(delivered);
  expect(progress()).toEqual([['a', 2, 1]]);
});

test('what was taken is current until its assignment ends (I11)', () => {
  const { tracker } = tracking();
  tracker.track(whole('a', 1), 0).ack.settle(delivered);
  const [taken] = tracker.takeCommittable();
  if (taken === undefined) throw new Error('nothing taken');
  expect(tracker.isCurrent(taken)).toBe(true);
  tracker.assign([{ p: 'a' }]);
  expect(tracker.isCurrent(taken)).toBe(false);
});

test('a gathered batch with one live origin goes on (I11)', () => {
  const { tracker } = tracking();
  const old = tracker.track(whole('a', 1), 0).ack;
  const live = tracker.track(whole('b', 1), 0).ack;
  const both = gather([old, live], { kind: 'concat' });
  tracker.revoke([{ p: 'a' }]);
  expect(both.stale).toBe(false);
  tracker.revoke([{ p: 'b' }]);
  expect(both.stale).toBe(true);
});

test('the oldest unsettled record is named with the node that holds it (I3)', () => {
  const { tracker } = tracking();
  const { ack } = tracker.track(exact('a', 0, 2), 5);
  tracker.track(exact('b', 0, 2), 3).ack.settle(delivered);
  tracker.track(exact('b', 2, 2), 7);
  const [left, right] = fork(ack, ['all', 'all']);
  left?.at('left');
  left?.settle(delivered);
  right?.at('before the window');
  if (right === undefined) throw new Error('no branch');
  gather([right], { kind: 'all', size: 1 }).at('window');
  expect(tracker.oldest()).toEqual({ since: 5, node: 'window', partition: { p: 'a' } });
  left?.at('too late');
});

test('nothing unsettled is told when the last record settles, released or not', () => {
  const { tracker, told } = tracking();
  const { ack } = tracker.track(exact('a', 0, 2), 0);
  ack.release();
  ack.settleAt(0, delivered);
  expect(told.idle).toBe(0);
  ack.settleAt(1, delivered);
  expect(told.idle).toBe(1);
});

test('close returns everything, frees the window and makes later settles silent', () => {
  const { tracker, window, flow, told, progress } = tracking();
  const outcomes: Outcomes[] = [];
  const settled = (all: Outcomes) => {
    outcomes.push(all);
  };
  const open = tracker.track(exact('a', 0, 2, { settled }), 0).ack;
  open.settleAt(0, delivered);
  const revoked = tracker.track(exact('b', 0, 1, { settled }), 0).ack;
  tracker.revoke([{ p: 'b' }]);
  const [branch] = fork(tracker.track(exact('c', 0, 2), 0).ack, ['all', 'all']);
  tracker.close();
  expect(outcomes.map((all) => Array.from({ length: all.size }, (_, i) => all.at(i).kind))).toEqual([
    ['delivered', 'returned'],
    ['returned'],
  ]);
  expect([window.held, tracker.unsettled]).toEqual([0, 0]);
  open.settle(delivered);
  revoked.settleAt(0, failure('late'));
  branch?.settle(failure('late'));
  expect(progress()).toEqual([['a', 0, 1]]);
  expect([flow.errors, told.failed, told.idle]).toEqual([[], [], 0]);
});

test('progress behind an open batch arrives with it, and keeps the newest offset', () => {
  const { tracker, progress } = tracking({ records: 1e9, span: 1e9 });
  const head = tracker.track(whole('a', 0), 0).ack;
  const acks = Array.from({ length: 100 }, (_, i) => tracker.track(whole('a', i + 1), 0).ack);
  for (let i = 0; i < 100; i += 2) acks[i]?.settle(delivered);
  for (let i = 99; i > 0; i -= 2) acks[i]?.settle(delivered);
  expect(progress()).toEqual([]);
  head.settle(delivered);
  expect(progress()).toEqual([['a', 100, 101]]);
});

test('a batch without partition is an error that names the source', () => {
  const { tracker } = tracking();
  expect(() => tracker.track({ records: [1] }, 0)).toThrow('Source source emitted a batch without partition.');
});
