import { ConnectError } from '../errors/connect-error.ts';
import type { Policy } from '../record/ack.ts';

/** A policy for each value of `errors.tolerance`. */
export type Policies = Readonly<Record<'none' | 'all', Policy>>;

/** `none` fails the task with the first failed record, `all` skips the record. */
export const policies: Policies = {
  none: (_record, failure) => ({ kind: 'failed', failure }),
  all: (_record, failure) => ({ kind: 'filtered', failure }),
};

/** The same for the tasks of connectors, whose traces begin with the words that Connect's users search for. */
export const connectPolicies: Policies = {
  ...policies,
  none: (_record, { error, ...failure }) => ({
    kind: 'failed',
    failure: { ...failure, error: new ConnectError('ConnectException', 'Tolerance exceeded in error handler', error) },
  }),
};
