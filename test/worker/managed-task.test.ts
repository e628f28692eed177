import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ManagedTask } from '../../src/worker/managed-task.ts';
import { Restarts } from '../../src/worker/restarts.ts';
import type { TaskLife } from '../../src/worker/task-state.ts';
import type { RunMessage } from '../../src/worker/thread-pool.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

const fault = { message: 'why', status: 500, trace: 'why\n' };

/** A task on a thread that says what the test wants. */
function placed() {
  const asked: string[] = [];
  const lives: TaskLife[] = [];
  const tell: ((message: RunMessage) => void)[] = [];
  const task: ManagedTask = new ManagedTask({
    id: 0,
    part: { source: {}, sink: null },
    workerId: 'here:1',
    version: null,
    restarts: new Restarts({
      'restart.policy': 'on-failure',
      'restart.attempts': -1,
      'restart.backoff.ms': 10,
      'restart.backoff.max.ms': 10,
      'restart.reset.ms': 10,
    }),
    again: () => {
      task.restarting('policy');
      task.start();
    },
    pausedBy: [],
    place: (unit, told) => {
      const run = tell.push(told);
      asked.push(`start ${run} ${unit.pausedBy.join()}`.trim());
      return {
        pause: (reason) => asked.push(`pause ${run} ${reason}`),
        resume: (reason) => asked.push(`resume ${run} ${reason}`),
        stop: (deadlineMs) => asked.push(`stop ${run} ${deadlineMs}`),
        cancel: () => asked.push(`cancel ${run}`),
        assign: () => asked.push(`assign ${run}`),
      };
    },
    changed: (life) => lives.push(life),
    failedStopping: ({ trace }) => asked.push(`log ${trace.trim()}`),
    told: () => undefined,
  });
  task.start();
  return {
    task,
    asked,
    states: () => lives.map(({ state }) => state),
    say: (run: number, message: RunMessage) => tell[run - 1]?.(message),
  };
}

describe('a stop', () => {
  test('ends with the task', async () => {
    const { task, asked, states, say } = placed();
    say(1, { kind: 'started', run: 1 });
    const stopped = task.stop(100);
    say(1, { kind: 'ended', run: 1 });
    await stopped;
    expect(asked).toEqual(['start 1', 'stop 1 100']);
    expect(states()).toEqual(['RUNNING', 'UNASSIGNED']);
  });

  test('cancels a task that is late, and what that still says counts for nothing (T5)', async () => {
    const { task, asked, states, say } = placed();
    say(1, { kind: 'started', run: 1 });
    const stopped = task.stop(100);
    await vi.advanceTimersByTimeAsync(1_000);
    await stopped;
    expect(asked).toEqual(['start 1', 'stop 1 100', 'cancel 1']);
    say(1, { kind: 'failed', run: 1, fault });
    say(1, { kind: 'started', run: 1 });
    expect(states()).toEqual(['RUNNING', 'UNASSIGNED']);
  });

  test.each([
    [{ kind: 'failed', run: 1, fault }, 'log why'],
    [{ kind: 'displaced' }, 'cancel 1'],
  ] as const)('is over when the task fails meanwhile, which is told but is no failure: %o (T6)', async (message, then) => {
    const { task, asked, states, say } = placed();
    say(1, { kind: 'started', run: 1 });
    const stopped = task.stop(100);
    say(1, message);
    await stopped;
    expect(asked).toEqual(['start 1', 'stop 1 100', then]);
    expect(states()).toEqual(['RUNNING', 'UNASSIGNED']);
    expect(task.status).not.toHaveProperty('trace');
  });

  test('of a task that has failed ends at once, and calls off a restart that was due', async () => {
    const { task, asked, say } = placed();
    say(1, { kind: 'failed', run: 1, fault });
    await task.stop(100);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toEqual(['start 1']);
    expect(task.status).toMatchObject({ state: 'FAILED', trace: 'why\n' });
  });
});

test('a reason outside of its thread fails it too: its run is cancelled, and the policy may restart it', () => {
  const { task, asked, states } = placed();
  task.fail(fault);
  expect(asked).toEqual(['start 1', 'cancel 1']);
  expect(states()).toEqual(['FAILED']);
  expect(task.life.trace).toBe('why\n');
  task.fail(fault);
  vi.advanceTimersByTime(10);
  expect(asked).toEqual(['start 1', 'cancel 1', 'start 2']);
});

test('a restart by the policy keeps the pause (T4)', async () => {
  const { task, asked, states, say } = placed();
  say(1, { kind: 'started', run: 1 });
  task.pause('user');
  say(1, { kind: 'failed', run: 1, fault });
  await vi.advanceTimersByTimeAsync(10);
  say(2, { kind: 'started', run: 2 });
  expect(asked).toEqual(['start 1', 'pause 1 user', 'start 2 user']);
  expect(states()).toEqual(['RUNNING', 'PAUSED', 'FAILED', 'RESTARTING', 'PAUSED']);
});

test('a restart shows RESTARTING from the request to the start', async () => {
  const { task, states, say } = placed();
  say(1, { kind: 'started', run: 1 });
  task.restarting();
  const stopped = task.stop(100);
  say(1, { kind: 'ended', run: 1 });
  await stopped;
  expect(task.status.state).toBe('RESTARTING');
  task.start();
  say(1, { kind: 'failed', run: 1, fault });
  say(2, { kind: 'started', run: 2 });
  expect(states()).toEqual(['RUNNING', 'RESTARTING', 'RUNNING']);
});
