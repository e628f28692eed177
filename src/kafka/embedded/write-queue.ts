import { setTimeout as wait } from 'node:timers/promises';
import { kafkaErrors } from '../../errors/kafka.ts';
import type { Store } from './store.ts';
import { isBusy } from './store-errors.ts';

interface Job {
  readonly bytes: number;
  readonly run: () => unknown;
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

/** What the owner of a queue is told. */
export interface WriteSignals {
  /** After each transaction, before its jobs resolve. */
  committed(): void;
  /** What one job, or all of a transaction, did to the store has been undone. */
  undone(): void;
}

/** Ends a transaction that would grow too large; what is left goes into the next. */
const TRANSACTION_BYTES = 16 * 1024 * 1024;
const BUSY_LIMIT_MS = 30_000;
const BUSY_PAUSE_MS = { first: 1, most: 20 } as const;

/**
 * Writes of one thread in order: those of one turn of the event loop share a transaction, so one sync of the disk.
 *
 * A job that throws is undone alone. When the transaction fails, so do all its jobs. While another thread writes, the queue waits without
 * blocking the thread for long.
 */
export class WriteQueue {
  readonly #store: Store;
  readonly #signals: WriteSignals;
  #jobs: Job[] = [];
  #working: Promise<void> | undefined;

  constructor(store: Store, signals: WriteSignals) {
    this.#store = store;
    this.#signals = signals;
  }

  /** Resolves with the result of `run` once it is durable. `run` is called inside a transaction, again when that had to be retried. */
  write<T>(run: () => T, bytes = 0): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#jobs.push({ bytes, run, resolve, reject });
      this.#working ??= this.#work();
    });
  }

  /** Resolves when nothing is queued. Never rejects. */
  async idle(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  async #work(): Promise<void> {
    do {
      // A turn of the event loop: everybody's writes of this turn are in, and timers are never starved.
      await new Promise(setImmediate);
      await this.#commit(this.#take());
    } while (this.#jobs.length > 0);
    this.#working = undefined;
  }

  #take(): Job[] {
    let bytes = 0;
    const over = this.#jobs.findIndex((job) => {
      bytes += job.bytes;
      return bytes > TRANSACTION_BYTES;
    });
    return this.#jobs.splice(0, over === -1 ? this.#jobs.length : Math.max(1, over));
  }

  async #commit(jobs: readonly Job[]): Promise<void> {
    try {
      const settle = await this.#whenFree(() => this.#transaction(jobs));
      this.#signals.committed();
      for (const answer of settle) answer();
    } catch (error) {
      for (const job of jobs) job.reject(error);
    }
  }

  #transaction(jobs: readonly Job[]): readonly (() => void)[] {
    try {
      return this.#store.write(() => jobs.map((job) => this.#run(job)));
    } catch (error) {
      this.#signals.undone();
      throw error;
    }
  }

  /** The answer to give once the transaction is durable. */
  #run(job: Job): () => void {
    try {
      const result = this.#store.part(job.run);
      return () => job.resolve(result as never);
    } catch (error) {
      if (!this.#store.inTransaction || isBusy(error)) throw error;
      this.#signals.undone();
      return () => job.reject(error);
    }
  }

  async #whenFree<T>(work: () => T): Promise<T> {
    const since = performance.now();
    for (let pauseMs: number = BUSY_PAUSE_MS.first; ; pauseMs = Math.min(pauseMs * 2, BUSY_PAUSE_MS.most)) {
      try {
        return work();
      } catch (error) {
        if (!isBusy(error)) throw error;
        const waitedMs = Math.round(performance.now() - since);
        if (waitedMs > BUSY_LIMIT_MS) throw kafkaErrors.STORE_BUSY({ file: this.#store.file, waitedMs }, error);
        await wait(pauseMs * (0.5 + Math.random()));
      }
    }
  }
}
