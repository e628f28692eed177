import { createRequire } from 'node:module';
import { expect, test, vi } from 'vitest';
import { calmRequestQueues, checkInternals } from '../../../src/kafka/kafkajs/internals.ts';

const require = createRequire(import.meta.url);
const installed = (path: string): unknown => require(`kafkajs/${path}`);

test('the installed kafkajs is the one this driver is built on', () => {
  expect(() => checkInternals()).not.toThrow();
});

test('another version is refused, with the way to install the right one', () => {
  const other = (path: string) => (path === 'package.json' ? { version: '2.2.5' } : installed(path));
  expect(() => checkInternals(other)).toThrow(/not the 2.2.4 .*: it is version 2.2.5. Install it: npm install kafkajs@2.2.4 --save-exact/);
});

test('a method that is gone is named', () => {
  const without = (path: string) => (path === 'src/network/connectionPool.js' ? class {} : installed(path));
  expect(() => checkInternals(without)).toThrow(/src\/network\/connectionPool.js has no send/);
});

test('an idle request queue sets no timer, and one that holds a request back does', () => {
  vi.useFakeTimers();
  try {
    class Queue {
      pending: unknown[] = [];
      looked = 0;
      scheduleCheckPendingRequests(): void {
        setTimeout(() => this.looked++, 1);
      }
    }
    calmRequestQueues(() => Queue);
    calmRequestQueues(() => Queue);
    const queue = new Queue();
    queue.scheduleCheckPendingRequests();
    expect(vi.getTimerCount()).toBe(0);
    queue.pending.push('held back');
    queue.scheduleCheckPendingRequests();
    expect(vi.getTimerCount()).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});

test('an overdue answer fails its request, looked for once a second or at a tenth of the time-out', () => {
  vi.useFakeTimers();
  try {
    for (const [requestTimeout, lookMs] of [
      [30_000, 1_000],
      [50, 5],
    ] as const) {
      class Queue {
        requestTimeout = requestTimeout;
        requestTimeoutIntervalId: NodeJS.Timeout | null = null;
        inflight = new Map([[1, { sentAt: Date.now(), requestTimeout, timeoutRequest: () => this.late.push(Date.now() - this.start) }]]);
        late: number[] = [];
        start = Date.now();
        isConnected = () => this.late.length === 0;
        destroy = () => clearInterval(this.requestTimeoutIntervalId ?? undefined);
        scheduleCheckPendingRequests(): void {}
        scheduleRequestTimeoutCheck(): void {}
      }
      calmRequestQueues(() => Queue);
      const queue = new Queue();
      queue.scheduleRequestTimeoutCheck();
      vi.advanceTimersByTime(requestTimeout + 10 * lookMs);
      expect(queue.late).toEqual([requestTimeout + lookMs]);
      expect(vi.getTimerCount()).toBe(0);
    }
  } finally {
    vi.useRealTimers();
  }
});
