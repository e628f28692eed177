import { recordErrors } from '../errors/record.ts';
import type { Batch } from '../record/batch.ts';
import type { Demand, SourceBatch, SourcePartition } from '../sdk/source.ts';
import { Entry } from './entry.ts';
import { Ledger, type TrackerOptions } from './ledger.ts';
import { divide } from './mixture.ts';
import { Origin } from './origin.ts';
import type { Committable, Partition } from './partition.ts';
import { PartitionTable } from './partition-table.ts';

/** The longest unsettled record of a run. */
export interface Oldest {
  /** When its batch was tracked. */
  readonly since: number;
  /** Node that holds it. */
  readonly node: string;
  readonly partition: SourcePartition;
}

/**
 * Follows every record of a run from its source to its settling, and knows which offsets are committable (I1, I3, I11).
 *
 * Costs one entry per batch and partition until a record settles alone.
 */
export class AckTracker {
  /** The free room, live: push this object whenever the window says that it changed. */
  readonly demand: Demand;
  readonly #ledger: Ledger;
  readonly #partitions: PartitionTable;
  readonly #source: string;

  /** `source`: name of the node that emits. */
  constructor(source: string, options: TrackerOptions) {
    this.#source = source;
    this.#ledger = new Ledger(options);
    const partitions = new PartitionTable(this.#ledger);
    this.#partitions = partitions;
    const { window } = options;
    this.demand = {
      get records() {
        return window.records;
      },
      room: (partition) => window.room(partitions.of(partition).lane),
    };
  }

  /** Unreleased records. */
  get held(): number {
    return this.#ledger.window.held;
  }

  /** Records not settled yet, of revoked partitions too. */
  get unsettled(): number {
    return this.#ledger.unsettled;
  }

  /** Records of these partitions that are not settled yet, of their current assignment. */
  unsettledOf(partitions: readonly SourcePartition[]): number {
    return partitions.reduce((sum, partition) => sum + this.#partitions.of(partition).unsettled, 0);
  }

  /** Takes an emission into the window and gives it its ack. `now`: time for the watchdog. */
  track<R>(batch: SourceBatch<R>, now: number): Batch<R> {
    const { records } = batch;
    const origin = new Origin(this.#ledger, batch, this.#source, now);
    if (batch.partition !== undefined) this.#trackWhole(origin, batch, this.#partitions.of(batch.partition));
    else this.#trackMixed(origin, batch);
    this.#ledger.window.changed();
    return { records, ack: origin.handle };
  }

  /** Starts an epoch of each partition (rebalance, rewind, altered offsets). */
  assign(partitions: readonly SourcePartition[]): void {
    this.#partitions.assign(partitions);
  }

  /** Ends their epochs: take and commit first. Their batches are stale; their settles free slots and nothing else. */
  revoke(partitions: readonly SourcePartition[]): void {
    this.#partitions.revoke(partitions);
  }

  /**
   * Takes the newest committable offset of each partition; a second call returns only progress made since.
   *
   * At most one per partition. O(partitions with progress).
   */
  takeCommittable(): readonly Committable[] {
    const taken: Committable[] = [];
    for (const partition of this.#ledger.takeMoved()) {
      const committable = partition.take();
      if (committable !== undefined) taken.push(committable);
    }
    return taken;
  }

  /** Whether what was taken may still be stored: its assignment has not ended (I11). */
  isCurrent({ key, epoch }: Committable): boolean {
    return this.#partitions.isCurrent(key, epoch);
  }

  /** O(partitions). */
  oldest(): Oldest | undefined {
    let oldest: { readonly entry: Entry; readonly in: Partition } | undefined;
    for (const partition of this.#partitions.unsettled()) {
      const entry = partition.oldest();
      if (entry !== undefined && (oldest === undefined || entry.emission.since < oldest.entry.emission.since)) {
        oldest = { entry, in: partition };
      }
    }
    if (oldest === undefined) return undefined;
    const { emission } = oldest.entry;
    return { since: emission.since, node: emission.holder(), partition: oldest.in.partition };
  }

  /** Returns everything unsettled and frees the window; what settles afterwards is ignored. */
  close(): void {
    this.#ledger.closed = true;
    for (const partition of [...this.#partitions.unsettled()]) partition.close();
    this.#ledger.tellNow();
  }

  #trackWhole(origin: Origin, batch: SourceBatch<unknown>, partition: Partition): void {
    const count = batch.records.length;
    const { offset, offsetAt } = batch;
    const entry = new Entry(partition, origin, { count, bytes: batch.bytes ?? 0, offset, offsetAt, lastRow: count - 1 });
    origin.start(entry, undefined);
    if (partition.revoked) this.#partitions.keep(partition);
  }

  #trackMixed(origin: Origin, batch: SourceBatch<unknown>): void {
    if (batch.partitionAt === undefined) throw recordErrors.NO_PARTITION({ node: this.#source });
    const partitionAt = (index: number) => this.#partitions.of(batch.partitionAt?.(index) ?? {});
    const { entries, mixture } = divide(batch, partitionAt, origin);
    origin.start(entries[0], mixture);
    for (const { queue } of entries) this.#partitions.keep(queue as Partition);
  }
}
