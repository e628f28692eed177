import { errorTable } from './error-table.ts';

/** What ends or disturbs a run. */
export const scheduleErrors = errorTable('SCHEDULE', {
  STUCK: {
    message: ({ node, partition, ageMs }: { node: string; partition: string; ageMs: number }) =>
      `A record of ${partition} has not settled for ${ageMs} ms; ${node} was the last to take it.`,
    remedy: ({ node }: { node: string }) =>
      `If ${node} may hold records for so long, raise task.watchdog.ms of the connector (watchdogMs of a pipeline in code); otherwise it must settle every record, and no plain RxJS operator behind it may drop batches.`,
  },
  COMMIT_TIMEOUT: {
    message: ({ timeoutMs }: { timeoutMs: number }) => `Offsets were not stored within ${timeoutMs} ms.`,
    remedy: 'Check that the offset store answers, or raise offset.flush.timeout.ms of the worker (commitTimeoutMs of a pipeline in code).',
    retriable: true,
  },
});
