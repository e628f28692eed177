import { asyncScheduler, from, Observable, type ObservableInput, type SchedulerLike, type Subscriber, type Subscription } from 'rxjs';
import type { Log } from './context.ts';
import { isRetriable } from './retriable-error.ts';
import type { Demand, SourceBatch } from './source.ts';

/** What one poll may answer: batches, or `null` for "nothing right now". Completing without any answer ends the source. */
export type Polled<R> = ObservableInput<SourceBatch<R> | null>;

export interface PollOptions {
  /** Time in which an idle source waits; pass the scheduler of the context. */
  readonly scheduler?: SchedulerLike;
  /** Wait after a poll that found nothing, or failed with a retriable error; default 100 ms. */
  readonly idleMs?: number;
  /** Told of retriable errors; pass the log of the context. */
  readonly log?: Log;
}

/**
 * Makes a source of a function that fetches: it is called while there is room, never concurrently, and told how much room there is.
 *
 * `[batch]` or `of(batch)` answers at once, a promise or an Observable later. An empty answer (`[]`, `EMPTY`) ends the source; `[null]`
 * means that nothing is there yet. An error that is retriable is polled again, as in Connect; any other is one of the source.
 */
export const pollOnDemand = <R>(
  demand: Observable<Demand>,
  poll: (demand: Demand) => Polled<R>,
  options: PollOptions = {},
): Observable<SourceBatch<R>> =>
  new Observable((subscriber) => {
    const poller = new Poller(subscriber, poll, options);
    subscriber.add(() => poller.close());
    subscriber.add(demand.subscribe({ next: (level) => poller.offer(level), error: (error) => subscriber.error(error) }));
  });

class Poller<R> {
  readonly #out: Subscriber<SourceBatch<R>>;
  readonly #poll: (demand: Demand) => Polled<R>;
  readonly #scheduler: SchedulerLike;
  readonly #idleMs: number;
  readonly #log: Log | undefined;
  #demand: Demand | undefined;
  /** A poll is under way, or the source idles. */
  #busy = false;
  #pending: Subscription | undefined;

  constructor(
    out: Subscriber<SourceBatch<R>>,
    poll: (demand: Demand) => Polled<R>,
    { scheduler = asyncScheduler, idleMs = 100, log }: PollOptions,
  ) {
    this.#out = out;
    this.#poll = poll;
    this.#scheduler = scheduler;
    this.#idleMs = idleMs;
    this.#log = log;
  }

  offer(demand: Demand): void {
    this.#demand = demand;
    this.#pump();
  }

  close(): void {
    this.#pending?.unsubscribe();
  }

  /** Polls in a loop, not by recursion, while answers arrive synchronously. Demand falls from inside the emission, so the loop sees it. */
  #pump(): void {
    if (this.#busy) return;
    this.#busy = true;
    while (this.#demand !== undefined && this.#demand.records > 0 && !this.#out.closed) {
      if (!this.#pollOnce(this.#demand)) return;
    }
    this.#busy = false;
  }

  /** Whether the answer was complete at once, and another poll may follow. */
  #pollOnce(demand: Demand): boolean {
    let answer: ReadonlyArray<SourceBatch<R> | null> | Observable<SourceBatch<R> | null>;
    try {
      const polled = this.#poll(demand);
      answer = Array.isArray(polled) ? polled : from(polled);
    } catch (error) {
      this.#failed(error);
      return false;
    }
    return answer instanceof Observable ? this.#await(answer) : this.#take(answer);
  }

  #take(answer: ReadonlyArray<SourceBatch<R> | null>): boolean {
    let idle = false;
    for (const batch of answer) idle = this.#emit(batch);
    return this.#ended(answer.length, idle);
  }

  #await(answer: Observable<SourceBatch<R> | null>): boolean {
    let answers = 0;
    let idle = false;
    let inside = true;
    let again = false;
    const pending = answer.subscribe({
      next: (batch) => {
        answers++;
        idle = this.#emit(batch);
      },
      error: (error) => this.#failed(error),
      complete: () => {
        again = this.#ended(answers, idle);
        if (!inside && again) this.#resume();
      },
    });
    inside = false;
    if (!pending.closed) this.#pending = pending;
    return again;
  }

  /** Whether the source has nothing right now. */
  #emit(batch: SourceBatch<R> | null): boolean {
    if (batch === null || batch.records.length === 0) return true;
    this.#out.next(batch);
    return false;
  }

  #ended(answers: number, idle: boolean): boolean {
    if (answers === 0) {
      this.#out.complete();
      return false;
    }
    if (!idle) return true;
    this.#idle();
    return false;
  }

  #failed(error: unknown): void {
    if (!isRetriable(error)) {
      this.#out.error(error);
      return;
    }
    this.#log?.warn('A poll failed; it is tried again.', { reason: error.message });
    this.#idle();
  }

  #idle(): void {
    if (!this.#out.closed) this.#pending = this.#scheduler.schedule(() => this.#resume(), this.#idleMs);
  }

  #resume(): void {
    this.#busy = false;
    this.#pump();
  }
}
