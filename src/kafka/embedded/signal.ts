/** Words of the shared memory. */
const CHANGES = 0;
const TOPICS = 1;
const CLOSED = 2;
const SLOTS_AT = 4;
const SLOTS = 1_024;

/**
 * Tells every thread of the owner's process what the others wrote: that partitions grew, that topics changed, that the owner closed.
 *
 * Partitions share 1,024 counters by their id, so that a consumer asks the store only for partitions that may have grown. Waiting for
 * changes does not keep the process alive.
 */
export class Signal {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #listeners = new Set<() => void>();
  #armed = false;

  constructor(memory = new SharedArrayBuffer((SLOTS_AT + SLOTS) * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#words = new Int32Array(memory);
  }

  /** Moves whenever a partition that shares the counter of `partition` changes. */
  version(partition: number): number {
    return Atomics.load(this.#words, SLOTS_AT + (partition % SLOTS));
  }

  /** Moves whenever topics, partitions or settings change. */
  get topicsVersion(): number {
    return Atomics.load(this.#words, TOPICS);
  }

  get closed(): boolean {
    return Atomics.load(this.#words, CLOSED) === 1;
  }

  changed(partitions: Iterable<number>): void {
    for (const partition of partitions) Atomics.add(this.#words, SLOTS_AT + (partition % SLOTS), 1);
    this.#notify();
  }

  /** Called inside the write that changes topics, so that whoever writes next sees it. */
  topicsChanged(): void {
    Atomics.add(this.#words, TOPICS, 1);
  }

  /** Everything may have changed: for a process that cannot see what its owner writes. */
  allChanged(): void {
    this.topicsChanged();
    for (let slot = 0; slot < SLOTS; slot++) Atomics.add(this.#words, SLOTS_AT + slot, 1);
    this.#notify();
  }

  close(): void {
    Atomics.store(this.#words, CLOSED, 1);
    this.#notify();
  }

  /** Calls `listener` after changes, until the returned function is called. Several changes may be one call. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#arm();
    return () => this.#listeners.delete(listener);
  }

  #notify(): void {
    Atomics.add(this.#words, CHANGES, 1);
    Atomics.notify(this.#words, CHANGES);
  }

  #arm(seen = Atomics.load(this.#words, CHANGES)): void {
    if (this.#armed || this.#listeners.size === 0) return;
    this.#armed = true;
    const change = Atomics.waitAsync(this.#words, CHANGES, seen);
    void Promise.resolve(change.value).then(() => this.#fire());
  }

  #fire(): void {
    this.#armed = false;
    // Read before the listeners look: what changes after this line wakes them again.
    const seen = Atomics.load(this.#words, CHANGES);
    for (const listener of this.#listeners) listener();
    this.#arm(seen);
  }
}
