import { expect, test } from 'vitest';
import { connectRetry } from '../../src/worker/retry.ts';

const retriable = Object.assign(new Error('busy'), { retriable: true });

test('waits 300 ms, doubled each time', () => {
  const retry = connectRetry({ timeoutMs: -1, maxDelayMs: 60_000 });
  expect([1, 2, 3, 8].map((attempt) => retry(retriable, attempt, 0))).toEqual([300, 600, 1_200, 38_400]);
});

test('waits a random time below the longest delay where doubling would exceed it', () => {
  const retry = connectRetry({ timeoutMs: -1, maxDelayMs: 1_000 }, () => 0.25);
  expect([2, 3, 30].map((attempt) => retry(retriable, attempt, 0))).toEqual([600, 250, 250]);
});

test('waits no longer than the time that is left, and gives up when none is', () => {
  const retry = connectRetry({ timeoutMs: 1_000, maxDelayMs: 60_000 });
  expect([retry(retriable, 2, 300), retry(retriable, 3, 900), retry(retriable, 4, 1_000)]).toEqual([600, 100, undefined]);
});

test('never retries without a timeout, nor an error that is not retriable', () => {
  expect(connectRetry({ timeoutMs: 0, maxDelayMs: 60_000 })(retriable, 1, 0)).toBeUndefined();
  expect(connectRetry({ timeoutMs: -1, maxDelayMs: 60_000 })(new Error('bad record'), 1, 0)).toBeUndefined();
});
