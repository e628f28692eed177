import { isObservable, type Subscription } from 'rxjs';
import type { Ack, Policy } from '../record/ack.ts';
import type { Failure, Outcome } from '../record/outcome.ts';

/**
 * Asks the policy what becomes of a failed record and hands the answer to `settle`, once, now or later.
 *
 * A policy that throws, errors or ends without an answer makes the record `failed`: the task fails rather than lose it.
 */
export function decide(policy: Policy, record: unknown, failure: Failure, settle: (outcome: Outcome) => void): Subscription | undefined {
  let answer: ReturnType<Policy>;
  try {
    answer = policy(record, failure);
  } catch (error) {
    settle(undecided(failure, error));
    return undefined;
  }
  if (!isObservable(answer)) {
    settle(answer);
    return undefined;
  }
  let open = true;
  const once = (outcome: Outcome) => {
    if (!open) return;
    open = false;
    settle(outcome);
  };
  return answer.subscribe({
    next: once,
    error: (error) => once(undecided(failure, error)),
    complete: () => once({ kind: 'failed', failure }),
  });
}

/** Settles the only record of `ack` as the run's policy says. */
export function failRecord(ack: Ack, record: unknown, failure: Failure): void {
  decide(ack.flow.policy, record, failure, (outcome) => ack.settle(outcome));
}

const undecided = (failure: Failure, error: unknown): Outcome => ({
  kind: 'failed',
  failure: { ...failure, error: new AggregateError([failure.error, error], `Failure policy did not accept the record: ${String(error)}`) },
});
