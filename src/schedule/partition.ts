import type { SourceOffset, SourcePartition } from '../sdk/source.ts';
import type { Entry, Queue } from './entry.ts';
import type { Ledger } from './ledger.ts';
import { Lane } from './window.ts';

/** Progress of one partition: what may be stored (I1). */
export interface Committable {
  readonly partition: SourcePartition;
  /** Of the last record of the settled prefix. */
  readonly offset: SourceOffset;
  /** Canonical key of the partition. */
  readonly key: string;
  /** Of the assignment that made the progress (I11). */
  readonly epoch: number;
  /** Records of this progress. */
  readonly records: number;
}

/**
 * One assignment of a source partition: its unsettled batches in order, and the watermark before them.
 *
 * The object is the epoch (I11): a later assignment of the same partition is another one, and nothing is compared on the hot path.
 */
export class Partition implements Queue {
  readonly key: string;
  readonly partition: SourcePartition;
  readonly epoch: number;
  readonly lane = new Lane();
  revoked = false;
  unsettled = 0;
  head: Entry | undefined = undefined;
  /** Scratch of the batch that is being divided. */
  stamp = 0;
  ordinal = 0;
  readonly #ledger: Ledger;
  #tail: Entry | undefined = undefined;
  /** Records of entries that have left the queue. */
  #passed = 0;
  /** Records before the watermark, as last told to the window. */
  #watermark = 0;
  #taken = 0;
  #offset: SourceOffset | undefined = undefined;
  #moved = false;

  constructor(key: string, partition: SourcePartition, epoch: number, ledger: Ledger) {
    this.key = key;
    this.partition = partition;
    this.epoch = epoch;
    this.#ledger = ledger;
  }

  append(entry: Entry): void {
    this.unsettled += entry.count;
    entry.previous = this.#tail;
    if (this.#tail === undefined) this.head = entry;
    else this.#tail.next = entry;
    this.#tail = entry;
    if (entry.count === 0) this.settled(entry, 0);
  }

  settled(entry: Entry, records: number): void {
    this.unsettled -= records;
    if (entry.done) {
      entry.finish();
      if (entry !== this.head) {
        this.#coalesce(entry);
        return;
      }
      this.#pop();
    } else if (entry !== this.head) return;
    this.#advance();
  }

  fail(error: unknown): void {
    this.#ledger.flow.fail(error);
  }

  /** Progress since the last take; `undefined` when there is none to store. */
  take(): Committable | undefined {
    this.#moved = false;
    if (this.revoked) return undefined;
    const partial = this.head?.offsetAtWatermark();
    const reached = this.#passed + (partial === undefined ? 0 : (this.head?.watermark ?? 0));
    const offset = partial ?? this.#offset;
    if (offset === undefined || (reached === this.#taken && this.#offset === undefined)) return undefined;
    const records = reached - this.#taken;
    this.#taken = reached;
    this.#offset = undefined;
    return { partition: this.partition, offset, key: this.key, epoch: this.epoch, records };
  }

  /** The oldest batch with an unsettled record. */
  oldest(): Entry | undefined {
    let entry = this.head;
    while (entry !== undefined && entry.left === 0) entry = entry.next;
    return entry;
  }

  /** Returns everything unsettled. What is returned blocks, so no entry leaves the queue meanwhile. */
  close(): void {
    for (let entry = this.head; entry !== undefined; entry = entry.next) if (entry.left > 0) entry.emission.close();
  }

  /** Removes the head and what is done behind it. */
  #pop(): void {
    let head = this.head;
    while (head?.done) {
      this.#passed += head.count;
      this.#offset = head.offset ?? this.#offset;
      head = head.next;
    }
    this.head = head;
    if (head === undefined) this.#tail = undefined;
    else head.previous = undefined;
  }

  /** Merges neighbours that are done, so that one open batch keeps two entries, not all that were settled behind it. */
  #coalesce(entry: Entry): void {
    const { previous, next } = entry;
    const into = previous?.done ? this.#merge(previous, entry) : entry;
    if (next?.done) this.#merge(into, next);
  }

  #merge(into: Entry, from: Entry): Entry {
    into.count += from.count;
    into.blockedAt = into.prefix = into.count;
    into.offset = from.offset ?? into.offset;
    into.next = from.next;
    if (from.next === undefined) this.#tail = into;
    else from.next.previous = into;
    return into;
  }

  #advance(): void {
    const watermark = this.#passed + (this.head?.watermark ?? 0);
    const step = watermark - this.#watermark;
    if (step > 0) {
      this.#watermark = watermark;
      this.#ledger.window.pass(this.lane, step);
    }
    if (this.#moved || (step === 0 && this.#offset === undefined)) return;
    this.#moved = true;
    this.#ledger.moved(this);
  }
}
