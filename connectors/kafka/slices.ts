import type { InBatch } from 'sluice/kafka';
import type { ConsumedRecord, SourceBatch, SourcePartition } from 'sluice/sdk';
import { ofEpoch, type TopicOffset } from './topic-offset.ts';

/** A fetched batch on its way out, in as many pieces as demand cuts it into. The fetch credit returns when all of them are released. */
export class Slices {
  readonly #batch: InBatch;
  readonly #partition: SourcePartition;
  #next = 0;
  #unreleased = 0;

  constructor(batch: InBatch, partition: SourcePartition) {
    this.#batch = batch;
    this.#partition = partition;
  }

  get left(): number {
    return this.#batch.count - this.#next;
  }

  /** The next records, at most `max`. */
  take(max: number): SourceBatch<ConsumedRecord> {
    const from = this.#next;
    const to = Math.min(this.#batch.count, from + max);
    this.#next = to;
    this.#unreleased++;
    const { records } = this.#batch;
    return {
      records: to - from === this.#batch.count ? records : records.slice(from, to),
      partition: this.#partition,
      offsetAt: offsetsAfter(this.#batch, from, to),
      bytes: Math.ceil((this.#batch.byteLength * (to - from)) / this.#batch.count),
      released: () => this.#released(),
    };
  }

  /** Gives back what was not emitted. */
  drop(): void {
    this.#next = this.#batch.count;
    if (this.#unreleased === 0) this.#batch.release();
  }

  #released(): void {
    this.#unreleased--;
    if (this.#unreleased === 0 && this.left === 0) this.#batch.release();
  }
}

/**
 * Where the partition goes on behind each record: behind the last one of the batch also lie control records.
 *
 * Of a scope of its own, without the batch: it outlives its bytes.
 */
function offsetsAfter(batch: InBatch, from: number, to: number): (index: number) => TopicOffset {
  const offsetOf = ofEpoch(batch.leaderEpoch);
  const end = to - from - 1;
  const last = to === batch.count ? batch.nextOffset : (batch.records[to - 1]?.offset ?? 0) + 1;
  const first = (batch.records[from]?.offset ?? 0) + 1;
  if ((batch.records[to - 1]?.offset ?? 0) + 1 - first === end) return (index) => offsetOf(index === end ? last : first + index);
  const offsets = Float64Array.from(batch.records.slice(from, to), ({ offset }) => offset + 1);
  return (index) => offsetOf(index === end ? last : (offsets[index] ?? last));
}
