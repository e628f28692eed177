import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { backoffMs, Restarts } from '../../src/worker/restarts.ts';

const settings = {
  'restart.policy': 'on-failure',
  'restart.attempts': 2,
  'restart.backoff.ms': 100,
  'restart.backoff.max.ms': 1_000,
  'restart.reset.ms': 5_000,
} as const;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000 });
});
afterEach(() => vi.useRealTimers());

test('the wait doubles up to its limit, at random in its upper half', () => {
  expect([0, 1, 2, 3, 4, 50].map((restarts) => backoffMs(settings, restarts, 1))).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  expect(backoffMs(settings, 1, 0)).toBe(100);
  expect(backoffMs(settings, 1, 0.5)).toBe(150);
});

test('restarts as often as it may, and tells how often and when', () => {
  const restarts = new Restarts(settings, () => 1);
  const restart = vi.fn();
  expect(restarts.shown).toEqual({});
  restarts.failed(restart);
  expect(restarts.shown).toEqual({ restarts: 1, nextRestartAt: 1_100 });
  vi.advanceTimersByTime(100);
  expect(restart).toHaveBeenCalledTimes(1);
  expect(restarts.shown).toEqual({ restarts: 1 });
  restarts.failed(restart);
  expect(restarts.shown).toEqual({ restarts: 2, nextRestartAt: 1_300 });
  vi.advanceTimersByTime(200);
  restarts.failed(restart);
  vi.advanceTimersByTime(60_000);
  expect(restart).toHaveBeenCalledTimes(2);
  expect(restarts.shown).toEqual({ restarts: 2 });
});

test('forgets failures after a healthy time, not before', () => {
  const restarts = new Restarts(settings, () => 1);
  restarts.failed(() => undefined);
  vi.advanceTimersByTime(100);
  restarts.healthy();
  vi.advanceTimersByTime(4_999);
  expect(restarts.shown).toEqual({ restarts: 1 });
  vi.advanceTimersByTime(1);
  expect(restarts.shown).toEqual({});
});

test('does nothing that is due once a user has taken over', () => {
  const restarts = new Restarts(settings, () => 1);
  const restart = vi.fn();
  restarts.failed(restart);
  restarts.cancel();
  vi.advanceTimersByTime(60_000);
  expect(restart).not.toHaveBeenCalled();
  expect(restarts.shown).toEqual({ restarts: 1 });
});

test('never restarts without a policy, and for ever with -1 attempts', () => {
  const restart = vi.fn();
  new Restarts({ ...settings, 'restart.policy': 'never' }).failed(restart);
  vi.advanceTimersByTime(60_000);
  expect(restart).not.toHaveBeenCalled();
  const endless = new Restarts({ ...settings, 'restart.attempts': -1 }, () => 1);
  for (let failures = 0; failures < 20; failures++) {
    endless.failed(restart);
    vi.advanceTimersByTime(1_000);
  }
  expect(restart).toHaveBeenCalledTimes(20);
});
