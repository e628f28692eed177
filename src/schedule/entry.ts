import { bits, hasBit, setBit } from '../record/bits.ts';
import type { SourceOffset } from '../sdk/source.ts';
import type { Lane } from './window.ts';

/** What an entry knows of its batch. */
export interface Emission {
  readonly since: number;
  /** Settles what is left as returned; later settles are silent. */
  close(): void;
  /** Node that holds what is unsettled. */
  holder(): string;
}

/** The partition queue an entry stands in. */
export interface Queue {
  readonly lane: Lane;
  /** Records of the entry have settled. */
  settled(entry: Entry, records: number): void;
  /** A callback of the source threw: fails the task. */
  fail(error: unknown): void;
}

/**
 * The records of one partition in one batch: whole until the first single settle, exact to the record after (I1).
 *
 * Positions count within the entry, not within the batch.
 */
export class Entry {
  readonly queue: Queue;
  readonly emission: Emission;
  readonly bytes: number;
  count: number;
  left: number;
  /** First unsettled position. */
  prefix = 0;
  /** First position that settled without success; `count`: none. */
  blockedAt: number;
  /** Of the last record, once known. */
  offset: SourceOffset | undefined;
  previous: Entry | undefined = undefined;
  next: Entry | undefined = undefined;
  /** Entry of another partition in the same batch. */
  sibling: Entry | undefined = undefined;
  /** Index in the batch of each position; `undefined`: the same. */
  rows: Uint32Array | undefined = undefined;
  #offsetAt: ((this: void, index: number) => SourceOffset) | undefined;
  readonly #lastRow: number;
  #settled: Uint32Array | undefined = undefined;

  constructor(queue: Queue, emission: Emission, at: EntryFacts) {
    this.queue = queue;
    this.emission = emission;
    this.count = at.count;
    this.left = at.count;
    this.blockedAt = at.count;
    this.bytes = at.bytes;
    this.offset = at.offset;
    this.#offsetAt = at.count === 0 ? undefined : at.offsetAt;
    this.#lastRow = at.lastRow;
    // A single record needs its offset only: what `offsetAt` keeps alive can go.
    if (at.count === 1) this.#keepOffset();
  }

  /** Every record has settled well. */
  get done(): boolean {
    return this.left === 0 && this.blockedAt === this.count;
  }

  /** Records before the first that is unsettled or blocked. */
  get watermark(): number {
    return Math.min(this.prefix, this.blockedAt);
  }

  /** Offset at the watermark of an entry that is not done; `undefined` when it is committable only as a whole. */
  offsetAtWatermark(): SourceOffset | undefined {
    const position = this.watermark - 1;
    if (position < 0 || this.#offsetAt === undefined) return undefined;
    const offsetAt = this.#offsetAt;
    return offsetAt(this.rows === undefined ? position : this.rows[position]!);
  }

  /** Settles what is left, without telling the queue. */
  rest(blocks: boolean): number {
    const settled = this.left;
    if (blocks && settled > 0) this.blockedAt = Math.min(this.blockedAt, this.prefix);
    this.prefix = this.count;
    this.left = 0;
    return settled;
  }

  /** Settles one position, without telling the queue; `false` when it was settled before. */
  one(position: number, blocks: boolean): boolean {
    if (this.left === 0) return false;
    if (this.count > 1) {
      this.#settled ??= bits(this.count);
      if (!setBit(this.#settled, position)) return false;
    }
    this.left -= 1;
    if (blocks && position < this.blockedAt) this.blockedAt = position;
    if (position === this.prefix) this.prefix = this.left === 0 ? this.count : this.#firstUnsettled(position + 1);
    return true;
  }

  /** Lets go of everything but the last offset. */
  finish(): void {
    this.#keepOffset();
    this.#settled = undefined;
    this.rows = undefined;
  }

  #keepOffset(): void {
    const offsetAt = this.#offsetAt;
    if (offsetAt === undefined) return;
    this.#offsetAt = undefined;
    try {
      this.offset ??= offsetAt(this.#lastRow);
    } catch (error) {
      this.queue.fail(error);
    }
  }

  #firstUnsettled(from: number): number {
    const settled = this.#settled;
    let position = from;
    if (settled === undefined) return position;
    while (position < this.count && hasBit(settled, position)) position++;
    return position;
  }
}

export interface EntryFacts {
  readonly count: number;
  readonly bytes: number;
  readonly offset: SourceOffset | undefined;
  readonly offsetAt: ((this: void, index: number) => SourceOffset) | undefined;
  /** Index in the batch of the last record. */
  readonly lastRow: number;
}
