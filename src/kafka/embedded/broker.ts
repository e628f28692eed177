import { Catalog } from './catalog.ts';
import { PartitionLog } from './partition-log.ts';
import type { Signal } from './signal.ts';
import type { Store } from './store.ts';
import { closedError } from './store-errors.ts';
import { WriteQueue } from './write-queue.ts';

/** What every part of the embedded broker in one thread works with. */
export class Broker {
  readonly store: Store;
  readonly signal: Signal;
  readonly catalog: Catalog;
  readonly log: PartitionLog;
  /** Partitions of a topic made on first use; 0: topics are not made. */
  readonly autoCreate: number;
  readonly #queue: WriteQueue;
  readonly #touched = new Set<number>();

  constructor(store: Store, signal: Signal, autoCreate: number) {
    this.store = store;
    this.signal = signal;
    this.autoCreate = autoCreate;
    this.catalog = new Catalog(store, signal);
    this.log = new PartitionLog(store);
    this.#queue = new WriteQueue(store, { committed: () => this.#announce(), undone: () => this.catalog.undone() });
  }

  /** Runs `work` on one snapshot, of topics too. */
  read<T>(work: () => T): T {
    return this.store.read(() => this.catalog.pinned(work));
  }

  /** Resolves with the result of `run` once it is durable: see `WriteQueue`. */
  write<T>(run: () => T, bytes?: number): Promise<T> {
    const unlessClosed = () => {
      if (this.signal.closed) throw closedError('driver');
      return run();
    };
    return this.#queue.write(unlessClosed, bytes);
  }

  /** Ends the broker in all threads: once this resolves, none of them writes any more. */
  async end(): Promise<void> {
    this.signal.close();
    // A write that began before waits for its turn with the others: when ours is through, so is it.
    await this.#queue.write(() => undefined);
  }

  /** Within a write: wakes whoever waits for a partition, once the write is durable. */
  touch(partition: number): void {
    this.#touched.add(partition);
  }

  idle(): Promise<void> {
    return this.#queue.idle();
  }

  #announce(): void {
    this.catalog.committed();
    if (this.#touched.size === 0) return;
    this.signal.changed(this.#touched);
    this.#touched.clear();
  }
}
