import { concat, defer, EMPTY, Observable, type SchedulerLike, Subject, type Subscription, tap, throwError, timeout } from 'rxjs';
import { catchError, finalize, ignoreElements } from 'rxjs/operators';
import { scheduleErrors } from '../errors/schedule.ts';
import type { CommittedOffset, OffsetStore } from '../sdk/source.ts';
import type { Committable } from './partition.ts';

export interface CommitOptions {
  readonly store: OffsetStore;
  readonly time: SchedulerLike;
  readonly intervalMs: number;
  /** A save that takes longer counts as failed. */
  readonly timeoutMs: number;
  /** Takes offsets and node state in one synchronous step; never called from inside a settle. */
  take(): { readonly offsets: readonly Committable[]; readonly state: Readonly<Record<string, unknown>> | undefined };
  /** Whether the assignment that made the progress still stands (I11). */
  isCurrent(committable: Committable): boolean;
  /** Offsets became durable. */
  committed(offsets: readonly CommittedOffset[], records: number): void;
  failed(error: unknown): void;
}

/**
 * Stores the progress of a run: what was taken stays pending until it is durable, and is tried again with the next commit.
 *
 * One save at a time. Nobody is told before the store has answered (I2).
 */
export class Commits {
  readonly #options: CommitOptions;
  readonly #pending = new Map<string, Committable>();
  readonly #ended = new Subject<void>();
  #saving = false;
  #closed = false;
  #tick: Subscription | undefined;
  #save: Subscription | undefined;

  constructor(options: CommitOptions) {
    this.#options = options;
  }

  /** Commits on the interval until `close`. A failed one is reported, and its offsets are tried again. */
  start(): void {
    const { time, intervalMs } = this.#options;
    this.#tick = time.schedule(() => {
      this.start();
      if (!this.#saving) this.#save = this.#commit().subscribe({ error: () => undefined });
    }, intervalMs);
  }

  /**
   * Takes and stores all progress, after the commit that may be under way; completes when durable, errors when the store does. Once
   * closed, nothing more is stored.
   */
  now(): Observable<void> {
    return defer(() => {
      if (this.#closed) return EMPTY;
      return this.#saving ? concat(this.#end(), this.now()) : this.#commit();
    });
  }

  close(): void {
    this.#closed = true;
    this.#tick?.unsubscribe();
    this.#save?.unsubscribe();
  }

  #end(): Observable<void> {
    return new Observable((subscriber) => this.#ended.subscribe(() => subscriber.complete()));
  }

  #commit(): Observable<void> {
    return defer(() => {
      const { store, time, timeoutMs, take, isCurrent, committed, failed } = this.#options;
      const { offsets: taken, state } = take();
      for (const each of taken) this.#merge(each);
      for (const [key, each] of this.#pending) if (!isCurrent(each)) this.#pending.delete(key);
      const saved = [...this.#pending.values()];
      if (saved.length === 0) return EMPTY;
      this.#saving = true;
      const offsets = saved.map(({ partition, offset }) => ({ partition, offset }));
      return defer(() => store.save(offsets, state)).pipe(
        ignoreElements(),
        timeout({ each: timeoutMs, scheduler: time, with: () => throwError(() => scheduleErrors.COMMIT_TIMEOUT({ timeoutMs })) }),
        tap({
          complete: () => {
            this.#forget(saved);
            committed(
              offsets,
              saved.reduce((sum, { records }) => sum + records, 0),
            );
          },
        }),
        catchError((error) => {
          failed(error);
          return throwError(() => error);
        }),
        finalize(() => {
          this.#saving = false;
          this.#ended.next();
        }),
      );
    });
  }

  #merge(taken: Committable): void {
    const before = this.#pending.get(taken.key);
    const records = before !== undefined && before.epoch === taken.epoch ? before.records + taken.records : taken.records;
    this.#pending.set(taken.key, { ...taken, records });
  }

  /** What is durable is not pending, unless it has moved on meanwhile. */
  #forget(saved: readonly Committable[]): void {
    for (const each of saved) if (this.#pending.get(each.key) === each) this.#pending.delete(each.key);
  }
}
