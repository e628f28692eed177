import type { Broker } from './broker.ts';
import type { Query } from './store.ts';
import type { TopicSettings } from './topic-settings.ts';

/** Batches looked at, and bytes removed, in one write. */
const STEP = { batches: 256, bytes: 8 * 1024 * 1024 } as const;

interface OldBatch {
  readonly last: number;
  readonly bytes: number;
  readonly maxTimestamp: number;
}

interface Extent {
  readonly topic: number | null;
  readonly logStart: number;
  readonly bytes: number;
}

/** Removes batches from the front of partitions: those before the start of the log, those past retention, those of deleted topics. */
export class Retention {
  readonly #broker: Broker;
  readonly #extent: Query<Extent>;
  readonly #oldest: Query<OldBatch>;
  readonly #remove: Query;
  readonly #shorten: Query;
  readonly #forget: readonly Query[];

  constructor(broker: Broker) {
    const { store } = broker;
    this.#broker = broker;
    this.#extent = store.query('SELECT topic, log_start AS logStart, bytes FROM partition WHERE id = ?');
    this.#oldest = store.query('SELECT last, bytes, max_timestamp AS maxTimestamp FROM batch WHERE partition = ? ORDER BY last LIMIT ?');
    this.#remove = store.query('DELETE FROM batch WHERE partition = ? AND last <= ?');
    this.#shorten = store.query('UPDATE partition SET log_start = max(log_start, ?), bytes = bytes - ? WHERE id = ?');
    this.#forget = [store.query('DELETE FROM producer_state WHERE partition = ?'), store.query('DELETE FROM partition WHERE id = ?')];
  }

  /** One step of bounded work; `true` when there may be more to do. `settings` are absent for a deleted topic. */
  step(partition: number, settings: TopicSettings | undefined, now: number): Promise<boolean> {
    return this.#broker.write(() => {
      const extent = this.#extent.get(partition);
      if (extent === undefined) return false;
      const { last, bytes, more } = this.#removable(partition, extent, settings, now);
      if (last !== undefined) {
        this.#remove.run(partition, last);
        this.#shorten.run(last + 1, bytes, partition);
      }
      if (extent.topic === null && !more) for (const statement of this.#forget) statement.run(partition);
      return more;
    });
  }

  #removable(partition: number, extent: Extent, settings: TopicSettings | undefined, now: number) {
    const oldest = this.#oldest.all(partition, STEP.batches);
    const expired = settings?.remove === true ? now - settings.retentionMs : Number.NEGATIVE_INFINITY;
    let excess = settings?.remove === true ? extent.bytes - settings.retentionBytes : Number.NEGATIVE_INFINITY;
    let last: number | undefined;
    let bytes = 0;
    for (const batch of oldest) {
      const removable = extent.topic === null || batch.last < extent.logStart || batch.maxTimestamp < expired || excess >= batch.bytes;
      if (!removable) return { last, bytes, more: false };
      if (bytes > 0 && bytes + batch.bytes > STEP.bytes) return { last, bytes, more: true };
      last = batch.last;
      bytes += batch.bytes;
      excess -= batch.bytes;
    }
    return { last, bytes, more: oldest.length === STEP.batches };
  }
}
