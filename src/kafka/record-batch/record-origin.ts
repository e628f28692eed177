import type { Origin, RawRecord } from '../../record/record.ts';
import type { InBatch } from '../driver.ts';
import { LazyRecord } from './lazy-record.ts';
import { COLUMNS, OFFSET_DELTA, type RecordIndex } from './record-index.ts';

/** Where the records of one indexed batch come from; finds the bytes of each again by its offset. */
export class RecordOrigin implements Origin {
  readonly topic: string;
  readonly partition: number;
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  readonly #index: RecordIndex;

  constructor(index: RecordIndex, { topic, partition }: Pick<InBatch, 'topic' | 'partition'>) {
    this.topic = topic;
    this.partition = partition;
    this.timestampType = index.appendTime === undefined ? 'CreateTime' : 'LogAppendTime';
    this.#index = index;
  }

  raw(offset: number): RawRecord | undefined {
    const row = rowOf(this.#index, offset - this.#index.baseOffset);
    return row === undefined ? undefined : new LazyRecord(this.#index, row, this);
  }
}

/** Offsets rise from row to row, not always by one. */
function rowOf({ table, count }: RecordIndex, delta: number): number | undefined {
  let low = 0;
  let high = count - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = table[middle * COLUMNS + OFFSET_DELTA] ?? 0;
    if (found === delta) return middle;
    if (found < delta) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}
