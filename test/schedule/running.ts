import { catchError, concat, defer, EMPTY, NEVER, type Observable, of, type SchedulerLike } from 'rxjs';
import type { Batch } from '../../src/record/batch.ts';
import { delivered } from '../../src/record/outcome.ts';
import { run } from '../../src/schedule/run.ts';
import { defaultLimits, type Limits, type RunEvent, type RunOptions, type SourcePort, type Stage } from '../../src/schedule/run-options.ts';
import type { BatchOperator } from '../../src/sdk/operator.ts';
import { pollOnDemand } from '../../src/sdk/poll-on-demand.ts';
import type { Sink } from '../../src/sdk/sink.ts';
import type { CommittedOffset, OffsetStore, SourceBatch } from '../../src/sdk/source.ts';

/** An offset store in memory: what `save` was given, as of the time it became durable. */
export class MemoryStore implements OffsetStore {
  readonly offsets = new Map<string, CommittedOffset>();
  state: Readonly<Record<string, unknown>> = {};
  saves = 0;
  readonly #delay: () => Observable<void>;

  /** `delay`: what a save waits for; it may error. */
  constructor(delay: () => Observable<void> = () => EMPTY) {
    this.#delay = delay;
  }

  load(): Observable<readonly null[]> {
    return of([]);
  }

  loadState(): Observable<Readonly<Record<string, unknown>>> {
    return of(this.state);
  }

  save(offsets: readonly CommittedOffset[], state?: Readonly<Record<string, unknown>>): Observable<void> {
    this.saves++;
    return concat(
      this.#delay(),
      defer(() => {
        for (const each of offsets) this.offsets.set(JSON.stringify(each.partition), each);
        if (state !== undefined) this.state = state;
        return EMPTY;
      }),
    );
  }

  position(name = 'p'): unknown {
    return this.offsets.get(JSON.stringify({ name }))?.offset.position;
  }
}

/** Settles as soon as it is given something, and keeps what it was given. */
export class CollectingSink<R> implements Sink<R> {
  readonly records: R[] = [];
  readonly batches: Batch<R>[] = [];
  flushed: string[] = [];
  closed = false;
  readonly #settles: boolean;

  constructor({ settles = true } = {}) {
    this.#settles = settles;
  }

  next(batch: Batch<R>): void {
    this.records.push(...batch.records);
    this.batches.push(batch);
    if (this.#settles) batch.ack.settle(delivered);
  }

  flush(reason: string): void {
    this.flushed.push(reason);
  }

  close(): void {
    this.closed = true;
  }
}

export interface Parts {
  readonly source: (port: SourcePort) => Observable<SourceBatch<unknown>>;
  readonly sink: Sink<never>;
  readonly scheduler: SchedulerLike;
  readonly macrotask?: SchedulerLike;
  readonly stages?: readonly BatchOperator<never, unknown>[];
  readonly limits?: Partial<Limits>;
  readonly store?: OffsetStore;
  readonly policy?: RunOptions['policy'];
  readonly retry?: RunOptions['retry'];
  readonly stop?: RunOptions['stop'];
}

/** Options of a run for tests: stages are called stage-1, stage-2, … */
const optionsOf = (parts: Parts): RunOptions => ({
  source: { name: 'source', open: parts.source },
  stages: (parts.stages ?? []).map((operator, i): Stage => ({ name: `stage-${i + 1}`, operator })),
  sink: { name: 'sink', sink: parts.sink },
  offsets: parts.store ?? new MemoryStore(),
  policy: parts.policy ?? ((_record, failure) => ({ kind: 'failed', failure })),
  retry: parts.retry ?? (() => undefined),
  limits: { ...defaultLimits, ...parts.limits },
  time: parts.scheduler,
  macrotask: parts.macrotask ?? parts.scheduler,
  stop: parts.stop ?? NEVER,
});

export const runOf = (parts: Parts): Observable<RunEvent> => run(optionsOf(parts));

/** Emits `batches` in order, as many as there is room for, then completes. */
export const listSource =
  (batches: readonly SourceBatch<unknown>[]) =>
  ({ demand }: SourcePort): Observable<SourceBatch<unknown>> =>
    defer(() => {
      const left = [...batches];
      return pollOnDemand(demand, () => {
        const next = left.shift();
        return next === undefined ? [] : [next];
      });
    });

/** The kinds of events, for diagrams. */
export const letters = {
  running: 'r',
  committed: 'c',
  'commit-failed': 'x',
  'record-failed': 'f',
  stalled: 's',
  moving: 'm',
  draining: 'd',
} as const;

/** Ends with completion instead of the error: for diagrams of when something fails. */
export const ignoreErrors = catchError(() => EMPTY);
