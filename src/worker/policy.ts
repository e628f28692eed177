import type { Policy } from '../record/ack.ts';

/** `errors.tolerance`: `none` fails the task with the first failed record, `all` skips the record. */
export const policies = {
  none: (_record, failure) => ({ kind: 'failed', failure }),
  all: (_record, failure) => ({ kind: 'filtered', failure }),
} as const satisfies Record<string, Policy>;
