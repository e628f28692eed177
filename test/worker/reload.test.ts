import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Accepted } from '../../src/worker/managed-tasks.ts';
import { differ, Reload } from '../../src/worker/reload.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const day = 24 * 60 * 60 * 1_000;
const checked = { type: 'source', version: null, javaClass: 'C' } as const;
const accepted = (ttlMs?: number, more: Readonly<Record<string, string>> = {}): Accepted => {
  const config = { key: '${vault:key}', ...more };
  return { config, resolved: { ...config, key: 'old' }, checked, ...(ttlMs === undefined ? {} : { ttlMs }) };
};

function reload(...answers: readonly (string | Error)[]) {
  const left = [...answers];
  const restarts: Accepted[] = [];
  const failures: unknown[] = [];
  const made = new Reload({
    resolve: async (config) => {
      const answer = left.shift();
      if (answer === undefined || answer instanceof Error) throw answer;
      return { config: { ...config, key: answer }, ttlMs: 5_000 };
    },
    restart: (fresh) => restarts.push(fresh),
    failed: (error) => failures.push(error),
  });
  return { made, restarts, failures, left };
}

describe('a reload', () => {
  test('comes when the time is over, with what the references stand for by then', async () => {
    const { made, restarts } = reload('new');
    made.after(accepted(1_000));
    await vi.advanceTimersByTimeAsync(999);
    expect(restarts).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(restarts).toEqual([{ config: { key: '${vault:key}' }, resolved: { key: 'new' }, checked, ttlMs: 5_000 }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each([
    ['config.action.reload is none', accepted(1_000, { 'config.action.reload': 'none' })],
    ['values are good for ever', accepted()],
  ])('does not come where %s', (_why, config) => {
    reload().made.after(config);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is no more once it is cancelled, and replaced by that of a later config', async () => {
    const { made, restarts } = reload('new', 'newer');
    made.after(accepted(1_000));
    made.after(accepted(3_000));
    await vi.advanceTimersByTimeAsync(2_999);
    expect(restarts).toEqual([]);
    made.cancel();
    await vi.advanceTimersByTimeAsync(day);
    expect(restarts).toEqual([]);
  });

  test('waits longer than a timer of Node can', async () => {
    const { made, restarts } = reload('new');
    made.after(accepted(60 * day));
    await vi.advanceTimersByTimeAsync(60 * day - 1);
    expect(restarts).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(restarts).toHaveLength(1);
  });

  test('asks again after the same time, but not at once, when the provider does not answer', async () => {
    const away = new Error('Vault is sealed.');
    const { made, restarts, failures } = reload(away, 'new');
    made.after(accepted(10));
    await vi.advanceTimersByTimeAsync(10);
    expect(failures).toEqual([away]);
    await vi.advanceTimersByTimeAsync(999);
    expect(restarts).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(restarts).toMatchObject([{ resolved: { key: 'new' } }]);
  });

  test('that is overtaken while the provider is asked does nothing', async () => {
    const { made, restarts } = reload('new');
    made.after(accepted(10));
    vi.advanceTimersByTime(10);
    made.after(accepted());
    await vi.advanceTimersByTimeAsync(day);
    expect(restarts).toEqual([]);
  });
});

test('tasks differ by what references stand for, not by the order of keys', () => {
  expect(differ({ ...accepted(), resolved: { a: '1', b: '2' } }, { ...accepted(), resolved: { b: '2', a: '1' } })).toBe(false);
  expect(differ({ ...accepted(), resolved: { a: '1' } }, { ...accepted(), resolved: { a: '2' } })).toBe(true);
});
