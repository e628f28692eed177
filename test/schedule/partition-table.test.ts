import { expect, test } from 'vitest';
import { delivered } from '../../src/record/outcome.ts';
import { exact, tracking, whole } from './tracking.ts';

test('a partition that asks for room has its share before its first batch (I4)', () => {
  const { tracker } = tracking();
  tracker.track(exact('a', 0, 100), 0);
  expect(tracker.demand.records).toBe(0);
  expect(tracker.demand.room({ p: 'b' })).toBe(25);
});

test('an assignment of an assigned partition is a new epoch, whose offsets may go back (I11)', () => {
  const { tracker, progress } = tracking();
  const old = tracker.track(whole('a', 9), 0).ack;
  tracker.assign([{ p: 'a' }]);
  const rewound = tracker.track(whole('a', 3), 0).ack;
  expect([old.stale, rewound.stale]).toEqual([true, false]);
  rewound.settle(delivered);
  old.settle(delivered);
  expect(progress()).toEqual([['a', 3, 1]]);
});

test('unsettled records of a revoked partition are still watched (I3)', () => {
  const { tracker } = tracking();
  const { ack } = tracker.track(whole('a', 1), 4);
  ack.at('debounce');
  tracker.revoke([{ p: 'a' }, { p: 'never seen' }]);
  expect(tracker.oldest()).toEqual({ since: 4, node: 'debounce', partition: { p: 'a' } });
  ack.settle(delivered);
  expect(tracker.oldest()).toBeUndefined();
});

test('bytes of a batch of several partitions are divided by their records', () => {
  const { tracker, window } = tracking();
  const { ack } = tracker.track({ records: [0, 1, 2], bytes: 100, partitionAt: (i) => ({ p: i === 1 ? 'b' : 'a' }) }, 0);
  expect([window.held, window.heldBytes]).toEqual([3, 100]);
  ack.release();
  expect([window.held, window.heldBytes]).toEqual([0, 0]);
});
