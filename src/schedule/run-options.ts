import type { Observable, SchedulerLike } from 'rxjs';
import type { EndReason, Policy, RetrySchedule } from '../record/ack.ts';
import type { Failure } from '../record/outcome.ts';
import type { BatchOperator } from '../sdk/operator.ts';
import type { Sink } from '../sdk/sink.ts';
import type { Assignments, CommittedOffset, Demand, OffsetStore, SourceBatch } from '../sdk/source.ts';

/** What the run lends to a source that it opens. */
export interface SourcePort {
  readonly demand: Observable<Demand>;
  readonly committed: Observable<readonly CommittedOffset[]>;
  readonly ending: Observable<EndReason>;
  readonly assignments: Assignments;
}

/** One stage of a linear graph. `name` is what failures, the watchdog and statuses call it. */
export interface Stage {
  readonly name: string;
  readonly operator: BatchOperator<never, unknown>;
}

/** Everything `run` needs of one task: opened plugins, limits, and the seams to the outside. Pure: no promise, no clock (I7). */
export interface RunOptions {
  readonly source: { readonly name: string; open(port: SourcePort): Observable<SourceBatch<unknown>> };
  readonly stages: readonly Stage[];
  readonly sink: { readonly name: string; readonly sink: Sink<never> };
  readonly offsets: OffsetStore;
  readonly policy: Policy;
  readonly retry: RetrySchedule;
  readonly limits: Limits;
  /**
   * Time and trampoline of the run: what has no delay must run in a microtask, as with `asapScheduler`; a timer would cost each turn a
   * millisecond. Marble tests pass the TestScheduler as both.
   */
  readonly time: SchedulerLike;
  /** Yields to I/O between slices. */
  readonly macrotask: SchedulerLike;
  /** First emission: drain within `deadlineMs`, then end. */
  readonly stop: Observable<{ readonly deadlineMs: number }>;
}

export interface Limits {
  /** Unreleased records in flight (I4). */
  readonly windowRecords: number;
  readonly windowBytes: number;
  /** Longest run of unsettled records behind the watermark of one source partition. */
  readonly span: number;
  readonly commitIntervalMs: number;
  /** A commit that takes longer counts as failed and is tried again. */
  readonly commitTimeoutMs: number;
  /** Age of the oldest unsettled record at which the watchdog fails the task (I3); `Infinity`: never. */
  readonly watchdogMs: number;
  /** How long a run may hold records without releasing one until it is told as stalled; `Infinity`: for ever. */
  readonly stallMs: number;
  /** Longest stretch of work between two yields to I/O. */
  readonly sliceMs: number;
}

export const defaultLimits: Limits = Object.freeze({
  windowRecords: 10_000,
  windowBytes: 16 * 1024 * 1024,
  span: 100_000,
  commitIntervalMs: 1_000,
  commitTimeoutMs: 5_000,
  watchdogMs: 600_000,
  stallMs: Number.POSITIVE_INFINITY,
  sliceMs: 5,
});

/**
 * What `run` emits. The Observable completes after the last commit of a drained run and errors when the task fails, after what was
 * settled is committed. Unsubscribing is a kill: everything unsettled is returned, nothing more is committed.
 */
export type RunEvent =
  /** The first event, also where the state of nodes is waited for: the source is opened behind it. */
  | { readonly kind: 'running' }
  | { readonly kind: 'committed'; readonly offsets: readonly CommittedOffset[]; readonly records: number }
  | { readonly kind: 'commit-failed'; readonly error: unknown }
  | { readonly kind: 'record-failed'; readonly failure: Failure; readonly record: unknown }
  /** It stands still; `moving` follows when it goes on. */
  | { readonly kind: 'stalled'; readonly forMs: number }
  | { readonly kind: 'moving' }
  | { readonly kind: 'draining'; readonly reason: EndReason };
