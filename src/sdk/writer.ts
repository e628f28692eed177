import { defer, Observable, type ObservableInput, Subject, type Subscription } from 'rxjs';
import { type Batch, joined } from '../record/batch.ts';
import { delivered, type Outcome, returned, type Stage } from '../record/outcome.ts';
import { BatchError } from './batch-error.ts';
import type { Sink } from './sink.ts';

/** What the target answered to a write: one receipt for all its records, or one for each. */
export interface Written {
  readonly receipt?: unknown;
  receiptAt?(index: number): unknown;
}

/**
 * Writes records and ends when they are durable. A `BatchError` fails the records it names and delivers the others; any other error
 * is of the whole write, which is retried as the run's schedule says; then it fails the task, and the records repeat.
 */
export type Write<R> = (records: readonly R[]) => ObservableInput<Written | undefined | void>;

export interface WriterOptions {
  /** Writes under way at once. */
  readonly concurrency: number;
  /**
   * Keep the order of the writes: they settle in it, and where one is retried, those that were under way behind it are written again
   * behind it, and no others begin before.
   */
  readonly ordered: boolean;
  /** Batches that wait are joined to one write up to so many records; a larger batch is written alone and whole. */
  readonly maxRecords: number;
  /** Stage of a record that a write refused. */
  readonly stage: Stage;
}

type Done = { readonly kind: 'written'; readonly written: Written | undefined } | { readonly kind: 'refused'; readonly error: BatchError };
type Answer = Done | { readonly kind: 'failed'; readonly error: unknown };

/** One call of `write`, and the batches it is for. */
interface Job<R> {
  readonly batches: readonly Batch<R>[];
  readonly records: readonly R[];
  /** The jobs under way that keep their order, this among them. */
  readonly lane: Job<R>[];
  attempt: number;
  failedSince: number;
  /** `undefined` while the call is under way. */
  answer?: Answer | undefined;
}

/** A sink of an asynchronous function: queues, joins, retries, and settles. */
export class Writer<R> implements Sink<R> {
  readonly #write: Write<R>;
  readonly #options: WriterOptions;
  readonly #queue: Batch<R>[] = [];
  /** Of an ordered writer. */
  readonly #lane: Job<R>[] = [];
  /** Jobs that wait for a retry, each the first of its lane, with their timer. */
  readonly #waiting = new Map<Job<R>, Subscription>();
  readonly #idle = new Subject<void>();
  #running = 0;
  #starting = false;
  #stopping = false;
  #closed = false;

  constructor(write: Write<R>, options: WriterOptions) {
    this.#write = write;
    this.#options = options;
  }

  next(batch: Batch<R>): void {
    this.#queue.push(batch);
    this.#start();
  }

  /** Completes when nothing is queued or under way. A stop does not wait for retries: their records are returned. */
  flush(reason: 'complete' | 'stop' | 'commit'): Observable<void> {
    if (reason === 'stop') this.#giveBackWaiting();
    return this.#settled();
  }

  /** Starts no more writes; completes when those under way have ended. */
  close(): Observable<void> {
    this.#closed = true;
    this.#queue.length = 0;
    this.#giveBackWaiting();
    return this.#settled();
  }

  #settled(): Observable<void> {
    return new Observable((subscriber) => {
      if (this.#running === 0 && this.#queue.length === 0) subscriber.complete();
      else subscriber.add(this.#idle.subscribe(() => subscriber.complete()));
    });
  }

  #start(): void {
    // A write that ends at once starts the next from this loop, not from inside itself.
    if (this.#starting) return;
    this.#starting = true;
    while (!this.#closed && this.#running < this.#options.concurrency && this.#queue.length > 0 && !this.#suspended) {
      const batches = this.#take();
      if (batches.length === 0) continue;
      this.#running++;
      const records = joined(batches);
      const job = { batches, records, lane: this.#options.ordered ? this.#lane : [], attempt: 0, failedSince: 0 };
      job.lane.push(job);
      this.#attempt(job);
    }
    this.#starting = false;
  }

  get #suspended(): boolean {
    return this.#lane.some(({ answer }) => answer?.kind === 'failed');
  }

  /** The batches of the next write. Those of revoked partitions are dropped (I11). */
  #take(): readonly Batch<R>[] {
    const taken: Batch<R>[] = [];
    let size = 0;
    while (this.#queue.length > 0) {
      const batch = this.#queue[0] as Batch<R>;
      if (taken.length > 0 && size + batch.records.length > this.#options.maxRecords) break;
      this.#queue.shift();
      if (batch.ack.stale) {
        batch.ack.settle(returned);
        continue;
      }
      taken.push(batch);
      size += batch.records.length;
    }
    return taken;
  }

  #attempt(job: Job<R>): void {
    let written: Written | undefined;
    defer(() => this.#write(job.records)).subscribe({
      next: (value) => {
        written = value ?? undefined;
      },
      error: (error) => this.#answered(job, { kind: error instanceof BatchError ? 'refused' : 'failed', error }),
      complete: () => this.#answered(job, { kind: 'written', written }),
    });
  }

  /** Settles what nothing unsettled is before. */
  #answered(job: Job<R>, answer: Answer): void {
    job.answer = answer;
    const { lane } = job;
    let [first] = lane;
    for (; first?.answer !== undefined && first.answer.kind !== 'failed'; [first] = lane) {
      lane.shift();
      this.#running--;
      this.#settle(first, first.answer);
    }
    if (first?.answer?.kind === 'failed' && !this.#waiting.has(first) && lane.every((each) => each.answer !== undefined))
      this.#failed(first, first.answer.error);
    this.#proceed();
  }

  #settle(job: Job<R>, done: Done): void {
    try {
      if (done.kind === 'refused') settleFailures(job, done.error, this.#options.stage);
      else settleWritten(job, done.written);
    } catch (error) {
      // A receipt threw, here where nobody else would catch it.
      (job.batches[0] as Batch<R>).ack.flow.fail(error);
      settleAll(job, returned);
    }
  }

  /** The first job of its lane failed, and nothing of the lane is under way any more. */
  #failed(job: Job<R>, error: unknown): void {
    const { ack } = job.batches[0] as Batch<R>;
    const { scheduler, retry } = ack.flow;
    if (job.attempt === 0) job.failedSince = scheduler.now();
    const waitMs = retry(error, job.attempt + 1, scheduler.now() - job.failedSince);
    if (waitMs === undefined || this.#stopping) {
      this.#giveBack(job);
      // No record is to blame for a write that failed as a whole: a tolerant policy must not skip what a full disk refused. Closing ends writes.
      if (waitMs === undefined && !this.#closed) ack.flow.fail(error);
      return;
    }
    job.attempt++;
    const timer = scheduler.schedule(() => {
      this.#waiting.delete(job);
      this.#again(job.lane);
    }, waitMs);
    this.#waiting.set(job, timer);
  }

  #again(lane: readonly Job<R>[]): void {
    const jobs = [...lane];
    for (const job of jobs) job.answer = undefined;
    // What waits begins behind all of them.
    this.#starting = true;
    for (const job of jobs) this.#attempt(job);
    this.#starting = false;
    this.#proceed();
  }

  #giveBackWaiting(): void {
    this.#stopping = true;
    for (const [job, timer] of this.#waiting) {
      timer.unsubscribe();
      this.#waiting.delete(job);
      this.#giveBack(job);
      this.#proceed();
    }
  }

  #giveBack({ lane }: Job<R>): void {
    const jobs = lane.splice(0);
    this.#running -= jobs.length;
    for (const job of jobs) settleAll(job, returned);
  }

  #proceed(): void {
    this.#start();
    if (this.#running === 0 && this.#queue.length === 0) this.#idle.next();
  }
}

function settleAll(job: Job<unknown>, outcome: Outcome): void {
  for (const { ack } of job.batches) ack.settle(outcome);
}

function settleWritten(job: Job<unknown>, written: Written | undefined): void {
  if (written?.receiptAt === undefined) {
    settleAll(job, written?.receipt === undefined ? delivered : { kind: 'delivered', receipt: written.receipt });
    return;
  }
  let first = 0;
  for (const { ack, records } of job.batches) {
    for (let i = 0; i < records.length; i++) ack.settleAt(i, { kind: 'delivered', receipt: written.receiptAt(first + i) });
    first += records.length;
  }
}

function settleFailures(job: Job<unknown>, { failures }: BatchError, stage: Stage): void {
  let first = 0;
  for (const { ack, records } of job.batches) {
    for (let i = 0; i < records.length; i++) {
      if (!failures.has(first + i)) continue;
      ack.settleAt(i, { kind: 'failed', failure: { stage, node: ack.node, error: failures.get(first + i) } });
    }
    ack.settle(delivered);
    first += records.length;
  }
}
