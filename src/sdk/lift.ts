import { ignoreElements, Observable, observeOn, type Subscriber, type Subscription } from 'rxjs';
import type { Batch } from '../record/batch.ts';
import { returned } from '../record/outcome.ts';
import { Waiting } from './converter.ts';
import type { BatchOperator } from './operator.ts';
import { Progress } from './progress.ts';

/**
 * What a lift does with the records of one batch: goes on at `progress.index`, moves it past each finished record, and throws at the one
 * that failed.
 */
export type Body<A, B> = (records: readonly A[], progress: Progress<B>) => void;

/** Passes on what a finished batch has become. */
export type Finish<A, B, C> = (batch: Batch<A>, progress: Progress<B>, subscriber: Subscriber<Batch<C>>) => void;

/**
 * Lifts work on records to an operator on batches: it owns acks, failures, retries and teardown, so that an operator is only its function.
 *
 * A throw concerns its record: it is retried as the run's schedule says, and what comes behind waits meanwhile, so order holds (I5).
 * When the run stops, a batch that waits for a retry and those behind it are returned.
 */
export const lift =
  <A, B, C = B>(body: Body<A, B>, finish: Finish<A, B, C>): BatchOperator<A, C> =>
  (source) =>
    new Observable((subscriber) => {
      const node = new LiftedNode(body, finish, subscriber);
      subscriber.add(() => node.close());
      subscriber.add(
        source.subscribe({
          next: (batch) => node.next(batch),
          error: (error) => subscriber.error(error),
          complete: () => node.complete(),
        }),
      );
    });

/** One batch under way. */
interface Work<A, B> {
  readonly batch: Batch<A>;
  readonly progress: Progress<B>;
  /** Retries of the record at `progress.index`, and when it first failed. */
  attempt: number;
  failedSince: number;
  /** What a wait for its record ended with. */
  failure: { readonly error: unknown } | undefined;
}

type Step = 'go on' | 'suspended' | 'given back';

class LiftedNode<A, B, C> {
  readonly #body: Body<A, B>;
  readonly #finish: Finish<A, B, C>;
  readonly #subscriber: Subscriber<Batch<C>>;
  /** Batches behind the one that is under way or waits for its retry. */
  #behind: Batch<A>[] = [];
  #busy = false;
  #completed = false;
  #stopped = false;
  #suspended: Work<A, B> | undefined;
  #pending: Subscription | undefined;
  #ending: Subscription | undefined;

  constructor(body: Body<A, B>, finish: Finish<A, B, C>, subscriber: Subscriber<Batch<C>>) {
    this.#body = body;
    this.#finish = finish;
    this.#subscriber = subscriber;
  }

  next(batch: Batch<A>): void {
    if (this.#busy) {
      this.#behind.push(batch);
      return;
    }
    this.#busy = true;
    if (this.#work(begin(batch))) this.#goOn();
  }

  complete(): void {
    this.#completed = true;
    if (!this.#busy) this.#subscriber.complete();
  }

  close(): void {
    this.#pending?.unsubscribe();
    this.#ending?.unsubscribe();
    this.#behind = [];
  }

  /** Takes what has queued up behind a finished batch. */
  #goOn(): void {
    while (this.#behind.length > 0) {
      const behind = this.#behind;
      this.#behind = [];
      for (let i = 0; i < behind.length; i++) {
        if (this.#work(begin(behind[i] as Batch<A>))) continue;
        this.#behind = [...behind.slice(i + 1), ...this.#behind];
        return;
      }
    }
    this.#rest();
  }

  #rest(): void {
    this.#busy = false;
    if (this.#completed) this.#subscriber.complete();
  }

  /** Whether the batch is done with; otherwise a retry will go on with it. Never throws: that would strand the batch. */
  #work(work: Work<A, B>): boolean {
    const { batch, progress } = work;
    try {
      while (progress.index < batch.records.length) {
        const step = this.#advance(work);
        if (step !== 'go on') return step === 'given back';
      }
      this.#finish(batch, progress, this.#subscriber);
    } catch (error) {
      this.#subscriber.error(error);
    }
    return true;
  }

  /** Runs the body up to its end or its next failure. */
  #advance(work: Work<A, B>): Step {
    const from = work.progress.index;
    if (work.failure !== undefined) {
      const { error } = work.failure;
      work.failure = undefined;
      return this.#failed(work, error);
    }
    try {
      this.#body(work.batch.records, work.progress);
      return 'go on';
    } catch (error) {
      if (work.progress.index !== from) work.attempt = 0;
      return error instanceof Waiting ? this.#wait(work, error) : this.#failed(work, error);
    }
  }

  /** Suspends the batch until what its record waits for is there; an error of the wait is the record's. */
  #wait(work: Work<A, B>, { ready }: Waiting): Step {
    const { scheduler } = work.batch.ack.flow;
    return this.#suspend(work, () =>
      // Scheduled even when ready at once: a converter that always waits must not hold the thread.
      ready.pipe(ignoreElements(), observeOn(scheduler)).subscribe({
        error: (error) => {
          work.failure = { error };
          this.#resume(work);
        },
        complete: () => this.#resume(work),
      }),
    );
  }

  #failed(work: Work<A, B>, error: unknown): Step {
    const { flow } = work.batch.ack;
    const now = flow.scheduler.now();
    if (work.attempt === 0) work.failedSince = now;
    const waitMs = flow.retry(error, work.attempt + 1, now - work.failedSince);
    if (waitMs === undefined) {
      work.progress.fail(error);
      work.attempt = 0;
      return 'go on';
    }
    work.attempt++;
    return this.#suspend(work, () => flow.scheduler.schedule(() => this.#resume(work), waitMs));
  }

  #suspend(work: Work<A, B>, start: () => Subscription): Step {
    this.#ending ??= work.batch.ack.flow.ending.subscribe((reason) => {
      if (reason === 'stop') this.#stop();
    });
    if (this.#stopped) {
      work.batch.ack.settle(returned);
      return 'given back';
    }
    this.#suspended = work;
    this.#pending = start();
    return 'suspended';
  }

  #resume(work: Work<A, B>): void {
    this.#suspended = undefined;
    this.#pending = undefined;
    if (this.#work(work)) this.#goOn();
  }

  /** A stop does not wait for retries or schemas: the batch and what is behind it will be replayed. */
  #stop(): void {
    this.#stopped = true;
    if (this.#suspended === undefined) return;
    this.#pending?.unsubscribe();
    const given = [this.#suspended.batch, ...this.#behind];
    this.#suspended = undefined;
    this.#behind = [];
    for (const { ack } of given) ack.settle(returned);
    this.#rest();
  }
}

const begin = <A, B>(batch: Batch<A>): Work<A, B> => ({
  batch,
  progress: new Progress(batch.records),
  attempt: 0,
  failedSince: 0,
  failure: undefined,
});
