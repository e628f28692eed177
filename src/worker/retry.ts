import type { RetrySchedule } from '../record/ack.ts';
import { isRetriable } from '../sdk/retriable-error.ts';

export interface RetryLimits {
  /** 0: never retry; -1: for ever. */
  readonly timeoutMs: number;
  readonly maxDelayMs: number;
}

const firstDelayMs = 300;

/**
 * Kafka Connect's retries: 300 ms, doubled each time; above `maxDelayMs` a random delay below it, so that many tasks that failed together
 * do not come back together. The last wait ends at the deadline.
 *
 * Only errors that call themselves retriable are retried.
 */
export function connectRetry({ timeoutMs, maxDelayMs }: RetryLimits, random: () => number = Math.random): RetrySchedule {
  return (error, attempt, elapsedMs) => {
    const leftMs = timeoutMs === -1 ? Number.POSITIVE_INFINITY : timeoutMs - elapsedMs;
    if (leftMs <= 0 || !isRetriable(error)) return undefined;
    const doubled = firstDelayMs * 2 ** (attempt - 1);
    const delay = doubled > maxDelayMs ? Math.floor(random() * maxDelayMs) : doubled;
    return Math.min(delay, leftMs);
  };
}
