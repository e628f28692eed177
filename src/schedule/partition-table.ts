import type { SourcePartition } from '../sdk/source.ts';
import { canonicalKey } from './canonical-key.ts';
import type { Ledger } from './ledger.ts';
import { Partition } from './partition.ts';

/** A source partition, and its newest assignment. */
interface Slot {
  readonly key: string;
  readonly partition: SourcePartition;
  current: Partition | undefined;
}

/**
 * The assignments of source partitions (I11), found by identity where the source reuses its objects, else by value.
 *
 * A partition that was never assigned is assigned by its first batch. After a revocation it stays revoked until it is assigned again, so
 * that a late batch is stale instead of starting an epoch.
 */
export class PartitionTable {
  readonly #ledger: Ledger;
  readonly #byKey = new Map<string, Slot>();
  readonly #byObject = new WeakMap<SourcePartition, Slot>();
  readonly #live = new Set<Partition>();
  /** Revoked, with records that have not settled yet. */
  readonly #revoked = new Set<Partition>();
  #epoch = 0;
  #lastObject: SourcePartition | undefined = undefined;
  #lastSlot: Slot | undefined = undefined;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  of(partition: SourcePartition): Partition {
    return this.#slot(partition).current ?? this.#assignOne(partition);
  }

  /** Starts an epoch of each partition; one that was assigned is revoked first. */
  assign(partitions: readonly SourcePartition[]): void {
    this.revoke(partitions);
    const assigned = partitions.map((partition) => this.#start(this.#slot(partition)));
    this.#ledger.window.join(assigned.map(({ lane }) => lane));
  }

  revoke(partitions: readonly SourcePartition[]): void {
    const left: Partition[] = [];
    for (const partition of partitions) {
      const current = this.#slot(partition).current;
      if (current === undefined || current.revoked) continue;
      current.revoked = true;
      this.#live.delete(current);
      if (current.unsettled > 0) this.#revoked.add(current);
      left.push(current);
    }
    if (left.length > 0) this.#ledger.window.leave(left.map(({ lane }) => lane));
  }

  /** A stale batch arrived: it is unsettled like any other. */
  keep(partition: Partition): void {
    if (partition.revoked && partition.unsettled > 0) this.#revoked.add(partition);
  }

  isCurrent(key: string, epoch: number): boolean {
    const current = this.#byKey.get(key)?.current;
    return current !== undefined && !current.revoked && current.epoch === epoch;
  }

  /** Every assignment with unsettled records, revoked ones included. */
  *unsettled(): IterableIterator<Partition> {
    for (const partition of this.#live) if (partition.unsettled > 0) yield partition;
    for (const partition of this.#revoked) {
      if (partition.unsettled > 0) yield partition;
      else this.#revoked.delete(partition);
    }
  }

  #slot(partition: SourcePartition): Slot {
    if (partition === this.#lastObject && this.#lastSlot !== undefined) return this.#lastSlot;
    let slot = this.#byObject.get(partition);
    if (slot === undefined) {
      const key = canonicalKey(partition);
      slot = this.#byKey.get(key) ?? { key, partition, current: undefined };
      this.#byKey.set(key, slot);
      this.#byObject.set(partition, slot);
    }
    this.#lastObject = partition;
    this.#lastSlot = slot;
    return slot;
  }

  #assignOne(partition: SourcePartition): Partition {
    const assigned = this.#start(this.#slot(partition));
    this.#ledger.window.join([assigned.lane]);
    return assigned;
  }

  #start(slot: Slot): Partition {
    this.#epoch += 1;
    const started = new Partition(slot.key, slot.partition, this.#epoch, this.#ledger);
    slot.current = started;
    this.#live.add(started);
    return started;
  }
}
