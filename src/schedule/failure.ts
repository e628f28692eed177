import { isObservable, type Observable, takeUntil } from 'rxjs';
import type { Ack, Policy } from '../record/ack.ts';
import type { Interceptor } from '../record/intercept.ts';
import type { Failure, Outcome } from '../record/outcome.ts';
import { decide } from '../sdk/fail-record.ts';

/** Tells about every failed record before `policy` decides on it, and gives up decisions under way at `closed`. */
export const observedPolicy =
  (policy: Policy, observe: (record: unknown, failure: Failure) => void, closed: Observable<unknown>): Policy =>
  (record, failure) => {
    observe(record, failure);
    const answer = policy(record, failure);
    return isObservable(answer) ? answer.pipe(takeUntil(closed)) : answer;
  };

/**
 * Stands before the sink: a record that the sink failed goes to the policy before its failure counts.
 *
 * The outcome of the rest of a batch waits for the policy's answers to the records settled before it.
 */
export class SinkFailures implements Interceptor {
  readonly #policy: Policy;
  /** Until the sink releases the batch; a failure after that reaches the policy without its record. */
  #records: readonly unknown[] | undefined;
  #settled: Uint8Array | undefined;
  #undecided = 0;
  #rest: Outcome | undefined;

  constructor(policy: Policy, records: readonly unknown[]) {
    this.#policy = policy;
    this.#records = records;
  }

  settle(ack: Ack, outcome: Outcome): void {
    if (outcome.kind === 'failed') this.#failRest(ack, outcome);
    else if (this.#undecided === 0) ack.settle(outcome);
    else this.#rest = outcome;
  }

  settleAt(ack: Ack, index: number, outcome: Outcome): void {
    if (ack.size > 1) {
      this.#settled ??= new Uint8Array(ack.size);
      this.#settled[index] = 1;
    }
    if (outcome.kind !== 'failed') {
      ack.settleAt(index, outcome);
      return;
    }
    this.#undecided++;
    decide(this.#policy, this.#records?.[index], outcome.failure, (decided) => {
      ack.settleAt(index, decided);
      this.#undecided--;
      if (this.#undecided > 0 || this.#rest === undefined) return;
      ack.settle(this.#rest);
      this.#rest = undefined;
    });
  }

  released(): void {
    this.#records = undefined;
  }

  #failRest(ack: Ack, outcome: Outcome): void {
    for (let i = 0; i < ack.size; i++) if (this.#settled?.[i] !== 1) this.settleAt(ack, i, outcome);
  }
}
