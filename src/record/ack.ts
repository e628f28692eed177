import type { Observable, SchedulerLike } from 'rxjs';
import type { Failure, Outcome } from './outcome.ts';

/**
 * The obligation of a batch: whoever holds it accounts for each record once. Index = position in `records`.
 *
 * Linear: open, then spent by its owner (use again is a bug that fails the task, naming the node) or closed by the runtime (late use is
 * ignored). Passing the ack on inside a new batch hands the obligation on.
 */
export interface Ack {
  readonly size: number;
  /** Records not settled yet through this ack. */
  readonly left: number;
  readonly flow: Flow;
  /** Every origin partition of these records was revoked: their work is for nobody (I11). */
  readonly stale: boolean;
  /** Name of the node that holds the batch now, for failures and the watchdog. */
  readonly node: string;
  /** Names the holder, for the watchdog. */
  at(node: string): void;
  /** "I account for this data now": slots, bytes and fetch credit go back to the source. Idempotent; does not spend the ack. */
  release(): void;
  /** Settles every record not settled yet, whatever the size, in one step. Spends the ack. */
  settle(outcome: Outcome): void;
  /** Settles one record; twice for one index is a bug. */
  settleAt(index: number, outcome: Outcome): void;
  /** For the runtime only: settles the rest; later use is silent. */
  close(outcome: Outcome): void;
}

/** How a lifted operator reaches the run it is part of. The same object for every ack of a run; `fork` and `gather` inherit it. */
export interface Flow {
  readonly scheduler: SchedulerLike;
  /** What becomes of a failed record: fail the task, skip, or dead letter. */
  readonly policy: Policy;
  /** Fails the task: for misuse of an ack, and for whatever else no record is to blame for. Takes effect once; never throws. */
  fail(error: unknown): void;
  /** Retries inside the failing node; `undefined` when an error must not be retried (any more). */
  readonly retry: RetrySchedule;
  /** Fires when the run asks nodes to let go of what they hold. */
  readonly ending: Observable<EndReason>;
  /** What `keepState` of this node had kept when the offsets of the last run were stored. */
  stateOf(node: string): unknown;
  /** Registers the snapshot that is taken in the same step as the offsets and stored in the same write. */
  keepState(node: string, snapshot: () => unknown): void;
}

/** `complete`: the source is exhausted, windows close. `stop`: what is open is returned, nothing partial is emitted. */
export type EndReason = 'complete' | 'stop';

export type Policy = (record: unknown, failure: Failure) => Outcome | Observable<Outcome>;

/** Milliseconds to wait before retry `attempt` (1 = first retry) of an error that began `elapsedMs` ago; `undefined`: give up. */
export type RetrySchedule = (error: unknown, attempt: number, elapsedMs: number) => number | undefined;
