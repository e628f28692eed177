import type { InBatch, InRecord } from '../driver.ts';
import { copyOf } from './bytes.ts';
import { LazyRecord } from './lazy-record.ts';
import { COLUMNS, OFFSET_DELTA, type RecordIndex } from './record-index.ts';
import { RecordOrigin } from './record-origin.ts';

export type BatchFacts = Pick<
  InBatch,
  'topic' | 'partition' | 'byteLength' | 'nextOffset' | 'highWatermark' | 'lastStableOffset' | 'leaderEpoch' | 'timestampType'
> & {
  /** Records before it are left out. */
  readonly fromOffset: number;
};

/** The records of indexed batches that follow each other, as one batch of the port. */
export class LazyBatch implements InBatch {
  readonly topic: string;
  readonly partition: number;
  readonly byteLength: number;
  readonly nextOffset: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly leaderEpoch: number | undefined;
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  readonly count: number;
  readonly firstOffset: number;
  readonly #facts: BatchFacts;
  readonly #indexes: readonly RecordIndex[];
  #records: readonly InRecord[] | undefined;
  #onRelease: (() => void) | undefined;

  constructor(indexes: readonly RecordIndex[], facts: BatchFacts, onRelease?: () => void) {
    this.topic = facts.topic;
    this.partition = facts.partition;
    this.byteLength = facts.byteLength;
    this.nextOffset = facts.nextOffset;
    this.highWatermark = facts.highWatermark;
    this.lastStableOffset = facts.lastStableOffset;
    this.leaderEpoch = facts.leaderEpoch;
    this.timestampType = facts.timestampType;
    this.#facts = facts;
    this.#onRelease = onRelease;
    this.#indexes = indexes.filter((index) => firstRow(index, facts.fromOffset) < index.count);
    const front = this.#indexes[0];
    this.count = this.#indexes.reduce((sum, index) => sum + index.count - firstRow(index, facts.fromOffset), 0);
    this.firstOffset = front === undefined ? facts.nextOffset : offsetAt(front, firstRow(front, facts.fromOffset));
  }

  get records(): readonly InRecord[] {
    this.#records ??= this.#makeRecords();
    return this.#records;
  }

  /** The copy has no part in the fetch credit: release this batch, not the copy. */
  detach(): InBatch {
    return new LazyBatch(this.#indexes.map(owned), this.#facts);
  }

  release(): void {
    const release = this.#onRelease;
    this.#onRelease = undefined;
    release?.();
  }

  #makeRecords(): InRecord[] {
    const records = new Array<InRecord>(this.count);
    let at = 0;
    for (const index of this.#indexes) {
      const origin = new RecordOrigin(index, this);
      for (let row = firstRow(index, this.#facts.fromOffset); row < index.count; row++) records[at++] = new LazyRecord(index, row, origin);
    }
    return records;
  }
}

/** The first record at or after an offset; `count` when there is none. */
function firstRow(index: RecordIndex, fromOffset: number): number {
  if (fromOffset <= index.baseOffset) return 0;
  let row = 0;
  while (row < index.count && offsetAt(index, row) < fromOffset) row++;
  return row;
}

const offsetAt = (index: RecordIndex, row: number): number => index.baseOffset + (index.table[row * COLUMNS + OFFSET_DELTA] ?? 0);

const owned = (index: RecordIndex): RecordIndex => (index.shared ? { ...index, bytes: copyOf(index.bytes), shared: false } : index);
