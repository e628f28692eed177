import { partitionKey, type TopicPartition } from '../driver.ts';
import type { Broker } from './broker.ts';
import type { BatchRow, PartitionState } from './partition-log.ts';
import { refuse } from './store-errors.ts';

export type Start = 'earliest' | 'latest' | 'error';

/** Small record batches are handed out together up to this size. */
const TOGETHER_BYTES = 128 * 1024;
/** Sizes looked at in one query. */
const SIZES = 256;

/** Adjacent record batches as they lie in the store, not decoded yet. */
export interface Chunk {
  readonly cursor: Cursor;
  readonly rows: readonly BatchRow[];
  readonly bytes: number;
  /** Where the reader stood before it. */
  readonly from: number;
  readonly state: PartitionState;
}

/** What a read found: chunks, or the size of the next batch, which is larger than the room there was. */
export interface Read {
  readonly chunks: readonly Chunk[];
  readonly starved: number;
}

export interface Room {
  /** Bytes to read, unless the first batch is larger. */
  readonly bytes: number;
  /** Bytes that the first batch may not exceed. */
  readonly credit: number;
}

/** Where a consumer stands in one partition. */
export class Cursor {
  readonly partition: TopicPartition;
  readonly key: string;
  paused = false;
  /** Since when it is paused, of `performance.now`. */
  pausedAt = 0;
  /** Next offset to hand out. */
  position: number | undefined;
  /** Chunks read and not handed out. */
  buffered = 0;
  readonly #broker: Broker;
  readonly #reset: Start;
  #id: number | undefined;
  #readAt: number | undefined;
  /** Version of the partition at the last look. */
  #version = 0;
  /** Version of the partition when it was last read to its end. */
  #exhausted: number | undefined;

  constructor(broker: Broker, partition: TopicPartition, reset: Start) {
    this.#broker = broker;
    this.partition = partition;
    this.key = partitionKey(partition);
    this.#reset = reset;
  }

  /** Nothing was written since it was read to its end. */
  get idle(): boolean {
    return this.#id !== undefined && this.#exhausted === this.#broker.signal.version(this.#id);
  }

  /** Goes to an offset, or to an end of the log as it is now. Unknown partitions are met when they are read. */
  seek(offset: number | 'earliest' | 'latest'): void {
    this.#exhausted = undefined;
    this.position = this.#readAt = typeof offset === 'number' ? offset : this.#end(offset);
  }

  pause(): void {
    if (!this.paused) this.pausedAt = performance.now();
    this.paused = true;
  }

  /** What was read last is to be read again. */
  giveUp({ from }: Chunk): void {
    this.buffered--;
    this.#readAt = from;
    this.#exhausted = undefined;
  }

  /** Notes what there is to read. Before the snapshot of the read, so that what is written in between is looked at twice, never missed. */
  look(): void {
    const { catalog, signal } = this.#broker;
    const id = catalog.partition(this.partition);
    // A topic that was deleted and made again is another log.
    if (id !== this.#id && this.#id !== undefined) this.seek('earliest');
    this.#id = id;
    this.#version = id === undefined ? 0 : signal.version(id);
  }

  /** Reads on behind what was read before. Runs inside a snapshot, after `look`. */
  read(room: Room): Read {
    const { id, state } = this.#state();
    const from = this.#inRange(state);
    if (from >= state.nextOffset) return this.#atEnd(from);
    const sizes = this.#broker.log.sizes(id, from, SIZES);
    const first = sizes[0];
    if (first === undefined) return this.#atEnd(state.nextOffset);
    if (first.bytes > room.credit) return { chunks: [], starved: first.bytes };
    let last = first.last;
    let bytes = first.bytes;
    for (const next of sizes.slice(1)) {
      bytes += next.bytes;
      if (bytes > room.bytes) break;
      last = next.last;
    }
    const chunks = this.#chunks(this.#broker.log.rows(id, from, last), from, state);
    this.#readAt = last + 1;
    this.buffered += chunks.length;
    return { chunks, starved: 0 };
  }

  /** What was removed behind `position` leaves nothing to hand out: the position moves. */
  #atEnd(offset: number): Read {
    this.#exhausted = this.#version;
    this.#readAt = offset;
    if (this.buffered === 0) this.position = offset;
    return { chunks: [], starved: 0 };
  }

  #chunks(rows: readonly BatchRow[], from: number, state: PartitionState): readonly Chunk[] {
    const chunks: Chunk[] = [];
    let together: BatchRow[] = [];
    let bytes = 0;
    let at = from;
    const push = () => {
      if (together.length === 0) return;
      chunks.push({ cursor: this, rows: together, bytes, from: at, state });
      at = (together.at(-1)?.last ?? at) + 1;
      together = [];
      bytes = 0;
    };
    for (const row of rows) {
      if (bytes + row.data.byteLength > TOGETHER_BYTES) push();
      together.push(row);
      bytes += row.data.byteLength;
    }
    push();
    return chunks;
  }

  #state(): { readonly id: number; readonly state: PartitionState } {
    const id = this.#id;
    const state = id === undefined ? undefined : this.#broker.log.state(id);
    if (id === undefined || state === undefined)
      throw refuse.unknownTopic(`There is no partition ${this.partition.partition} of topic ${this.partition.topic}.`);
    return { id, state };
  }

  #inRange({ logStart, nextOffset }: PartitionState): number {
    const at = this.#readAt;
    if (at !== undefined && at >= logStart && at <= nextOffset) return at;
    if (this.#reset === 'error') {
      throw refuse.outOfRange(
        at === undefined
          ? `There is no position for ${this.key}, and none is to be chosen (reset: error). Seek to an offset from ${logStart} to ${nextOffset}.`
          : `Offset ${at} of ${this.key} is out of range: it has ${logStart} to ${nextOffset}. Seek to one of them, or set reset to earliest or latest.`,
      );
    }
    this.#readAt = this.#reset === 'earliest' ? logStart : nextOffset;
    if (this.buffered === 0) this.position = this.#readAt;
    return this.#readAt;
  }

  #end(end: 'earliest' | 'latest'): number | undefined {
    const id = this.#broker.catalog.partition(this.partition);
    const state = id === undefined ? undefined : this.#broker.log.state(id);
    return end === 'earliest' ? state?.logStart : state?.nextOffset;
  }
}
