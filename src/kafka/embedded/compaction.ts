import type { TopicPartition } from '../driver.ts';
import { decodeBatches, type RecordBatch, readBatches } from '../record-batch/index.ts';
import type { Broker } from './broker.ts';
import { filterBatch } from './filter-batch.ts';
import type { BatchRow } from './partition-log.ts';
import type { Query } from './store.ts';
import { corruptBatch } from './store-errors.ts';
import type { TopicSettings } from './topic-settings.ts';

/** Bytes read, and rewritten, in one step. A larger batch is a step of its own. */
const STEP_BYTES = 512 * 1024;
const STEP_BATCHES = 256;
/** Keys remembered in one pass; what is behind them waits for the next. */
const MAX_KEYS = 500_000;

interface Extent {
  readonly logStart: number;
  readonly nextOffset: number;
  readonly compactedTo: number;
}

type Row = BatchRow & { readonly maxTimestamp: number; readonly horizon: number | null };

/** A batch as compaction leaves it; no data: nothing of it is left. */
interface Rewrite {
  readonly row: Row;
  readonly data: Uint8Array | undefined;
  readonly horizon: number | null;
}

/**
 * Keeps the latest record of each key of a partition, at its offset.
 *
 * A pass learns the latest offset of each key written since the last pass, then goes through the log from its start. Tombstones are kept for
 * `delete.retention.ms` after the first pass that met them, as Kafka's delete horizon does, so that slow readers see them.
 */
export class Compaction {
  readonly #broker: Broker;
  readonly #extent: Query<Extent>;
  readonly #share: Query<{ dirty: number; all: number }>;
  readonly #expired: Query<{ found: number }>;
  readonly #rows: Query<Row>;
  readonly #replace: Query;
  readonly #remove: Query;
  readonly #shrink: Query;
  readonly #done: Query;

  constructor(broker: Broker) {
    const { store } = broker;
    this.#broker = broker;
    this.#extent = store.query(
      'SELECT log_start AS logStart, next_offset AS nextOffset, compacted_to AS compactedTo FROM partition WHERE id = ?',
    );
    this.#share = store.query(
      'SELECT coalesce(sum(bytes) FILTER (WHERE last >= ?), 0) AS dirty, coalesce(sum(bytes), 0) AS "all" FROM batch WHERE partition = ?',
    );
    this.#expired = store.query('SELECT EXISTS (SELECT 1 FROM batch WHERE partition = ? AND delete_horizon <= ?) AS found');
    this.#rows = store.query(
      'SELECT id, base, last, max_timestamp AS maxTimestamp, delete_horizon AS horizon, data FROM batch WHERE partition = ? AND last BETWEEN ? AND ? ORDER BY last',
    );
    // The id of a removed row may be given again: partition and offset make sure that it is still the same batch.
    this.#replace = store.query('UPDATE batch SET data = ?, bytes = ?, delete_horizon = ? WHERE id = ? AND partition = ? AND last = ?');
    this.#remove = store.query('DELETE FROM batch WHERE id = ? AND partition = ? AND last = ?');
    this.#shrink = store.query('UPDATE partition SET bytes = bytes - ? WHERE id = ?');
    this.#done = store.query('UPDATE partition SET compacted_to = max(compacted_to, ?) WHERE id = ?');
  }

  /** Worth a pass: enough was written since the last one, or tombstones have had their time. */
  due(partition: number, settings: TopicSettings, now: number): boolean {
    const extent = this.#extent.get(partition);
    if (extent === undefined) return false;
    if (this.#expired.get(partition, now)?.found === 1) return true;
    const { dirty, all } = this.#share.get(extent.compactedTo, partition) ?? { dirty: 0, all: 0 };
    return dirty > 0 && dirty / all >= settings.minDirtyRatio;
  }

  /** One pass in steps; `turn` is awaited between them, and ends the pass when it answers `false`. */
  async run(partition: number, where: TopicPartition, settings: TopicSettings, now: number, turn: () => Promise<boolean>): Promise<void> {
    const extent = this.#extent.get(partition);
    if (extent === undefined) return;
    const latest = new Map<string, number>();
    let end = Math.max(extent.compactedTo, extent.logStart);
    for (const youngest = now - settings.minCompactionLagMs; end < extent.nextOffset && latest.size < MAX_KEYS; ) {
      const rows = this.#step(partition, end, extent.nextOffset - 1);
      const old = rows.findIndex(({ maxTimestamp }) => maxTimestamp > youngest);
      for (const row of old === -1 ? rows : rows.slice(0, old)) end = this.#learn(row, where, latest);
      if (old !== -1) break;
      if (rows.length === 0) end = extent.nextOffset;
      if (!(await turn())) return;
    }
    for (let at = extent.logStart; at < end; ) {
      const rows = this.#step(partition, at, end - 1);
      const rewrites = rows.flatMap((row) => this.#rewrite(row, where, latest, settings.deleteRetentionMs, now));
      if (rewrites.length > 0) await this.#broker.write(() => this.#apply(partition, rewrites));
      at = (rows.at(-1)?.last ?? end) + 1;
      if (!(await turn())) return;
    }
    await this.#broker.write(() => this.#done.run(end, partition));
  }

  #step(partition: number, from: number, to: number): readonly Row[] {
    const sizes = this.#broker.log.sizes(partition, from, STEP_BATCHES).filter(({ last }) => last <= to);
    let bytes = 0;
    const over = sizes.findIndex((size) => {
      bytes += size.bytes;
      return bytes > STEP_BYTES;
    });
    const last = sizes[over === -1 ? sizes.length - 1 : Math.max(0, over - 1)]?.last;
    return last === undefined ? [] : this.#rows.all(partition, from, last);
  }

  /** Remembers where each key was last; answers the offset behind the batch. */
  #learn(row: Row, where: TopicPartition, latest: Map<string, number>): number {
    for (const { key, offset } of this.#read(row, where).records) {
      if (key !== null) latest.set(keyOf(key), offset);
    }
    return row.last + 1;
  }

  #rewrite(
    row: Row,
    where: TopicPartition,
    latest: ReadonlyMap<string, number>,
    deleteRetentionMs: number,
    now: number,
  ): readonly Rewrite[] {
    const { records, batch } = this.#read(row, where);
    const dropTombstones = row.horizon !== null && row.horizon <= now;
    let tombstones = 0;
    const keep = records.map(({ key, value, offset }) => {
      if (key === null) return true;
      if ((latest.get(keyOf(key)) ?? -1) > offset) return false;
      if (value !== null) return true;
      if (!dropTombstones) tombstones++;
      return !dropTombstones;
    });
    const horizon = tombstones === 0 ? null : (row.horizon ?? now + deleteRetentionMs);
    if (!keep.includes(true)) return [{ row, data: undefined, horizon }];
    if (!keep.includes(false)) return horizon === row.horizon ? [] : [{ row, data: row.data, horizon }];
    return [{ row, data: filterBatch(batch, keep), horizon }];
  }

  #read(row: Row, { topic, partition }: TopicPartition) {
    try {
      const batches: readonly RecordBatch[] = [...readBatches(row.data)];
      const batch = batches[0];
      if (batch === undefined) throw new RangeError('the row holds no record batch');
      return { batch, records: decodeBatches(batches, { topic, partition }).records };
    } catch (error) {
      throw corruptBatch(error, this.#broker.store.file, `${topic}-${partition} at offset ${row.base}`);
    }
  }

  #apply(partition: number, rewrites: readonly Rewrite[]): void {
    let freed = 0;
    for (const { row, data, horizon } of rewrites) {
      const { id, last } = row;
      const changed =
        data === undefined ? this.#remove.run(id, partition, last) : this.#replace.run(data, data.byteLength, horizon, id, partition, last);
      if (changed > 0) freed += row.data.byteLength - (data?.byteLength ?? 0);
    }
    this.#shrink.run(freed, partition);
  }
}

/** Any bytes as a text of the same length, for a map. */
const keyOf = (key: Uint8Array): string => Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
