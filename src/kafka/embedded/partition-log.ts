import { type EncodedBatch, patchBatch } from '../record-batch/index.ts';
import type { Query, Store } from './store.ts';

export interface PartitionState {
  readonly logStart: number;
  readonly nextOffset: number;
  readonly lastStable: number;
}

/** The producer a batch is from, where it keeps sequences. */
export interface Sequenced {
  readonly producer: number;
  readonly epoch: number;
  readonly lastSequence: number;
}

export interface BatchRow {
  readonly id: number;
  readonly base: number;
  readonly last: number;
  readonly data: Uint8Array;
}

export interface BatchSize {
  readonly last: number;
  readonly bytes: number;
}

/** The record batches of partitions, by partition id and offset. Appends run inside a write, reads inside a snapshot. */
export class PartitionLog {
  readonly #state: Query<PartitionState>;
  readonly #extend: Query;
  readonly #insert: Query;
  readonly #sequence: Query;
  readonly #sizes: Query<BatchSize>;
  readonly #rows: Query<BatchRow>;
  readonly #atTime: Query<BatchRow>;

  constructor(store: Store) {
    this.#state = store.query(
      'SELECT log_start AS logStart, next_offset AS nextOffset, last_stable AS lastStable FROM partition WHERE id = ? AND topic IS NOT NULL',
    );
    this.#extend = store.query('UPDATE partition SET next_offset = ?, last_stable = ?, bytes = bytes + ? WHERE id = ?');
    this.#insert = store.query('INSERT INTO batch (partition, base, last, max_timestamp, bytes, data) VALUES (?, ?, ?, ?, ?, ?)');
    this.#sequence = store.query(
      'INSERT INTO producer_state (partition, producer, epoch, last_sequence, last_offset) VALUES (?, ?, ?, ?, ?)' +
        ' ON CONFLICT DO UPDATE SET epoch = excluded.epoch, last_sequence = excluded.last_sequence, last_offset = excluded.last_offset',
    );
    this.#sizes = store.query('SELECT last, bytes FROM batch WHERE partition = ? AND last >= ? ORDER BY last LIMIT ?');
    this.#rows = store.query('SELECT id, base, last, data FROM batch WHERE partition = ? AND last BETWEEN ? AND ? ORDER BY last');
    this.#atTime = store.query(
      'SELECT id, base, last, data FROM batch WHERE partition = ? AND last >= ? AND max_timestamp >= ? ORDER BY last LIMIT 1',
    );
  }

  /** `undefined` once the partition is gone. */
  state(partition: number): PartitionState | undefined {
    return this.#state.get(partition);
  }

  /** Appends batches in one go; answers the offset of the first record. The base offset is written into each batch. */
  append(partition: number, batches: readonly EncodedBatch[], from?: Sequenced): number {
    const first = this.#state.get(partition)?.nextOffset ?? 0;
    let next = first;
    let bytes = 0;
    for (const { bytes: data, count, maxTimestamp } of batches) {
      patchBatch(data, { baseOffset: next, partitionLeaderEpoch: 0 });
      this.#insert.run(partition, next, next + count - 1, maxTimestamp, data.byteLength, data);
      next += count;
      bytes += data.byteLength;
    }
    this.#extend.run(next, next, bytes, partition);
    if (from !== undefined) this.#sequence.run(partition, from.producer, from.epoch, from.lastSequence, next - 1);
    return first;
  }

  /** Sizes of the batches from the one that holds `offset`. */
  sizes(partition: number, offset: number, limit: number): readonly BatchSize[] {
    return this.#sizes.all(partition, offset, limit);
  }

  /** Batches that end in `first` to `last`. */
  rows(partition: number, first: number, last: number): readonly BatchRow[] {
    return this.#rows.all(partition, first, last);
  }

  /** The first batch from `offset` on that has a record of `timestamp` or later. */
  atTime(partition: number, offset: number, timestamp: number): BatchRow | undefined {
    return this.#atTime.get(partition, offset, timestamp);
  }
}
