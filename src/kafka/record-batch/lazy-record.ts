import type { Origin } from '../../record/record.ts';
import type { Bytes, InRecord } from '../driver.ts';
import { COLUMNS, KEY, KEY_SIZE, OFFSET_DELTA, type RecordIndex, TIMESTAMP, VALUE, VALUE_SIZE } from './record-index.ts';
import { VarintCursor } from './varint.ts';

const noHeaders: InRecord['headers'] = Object.freeze([]);

/** One record of an indexed batch: three fields, and every part read from the bytes when it is asked for. */
export class LazyRecord implements InRecord {
  readonly origin: Origin;
  readonly #index: RecordIndex;
  readonly #row: number;

  constructor(index: RecordIndex, at: number, origin: Origin) {
    this.origin = origin;
    this.#index = index;
    this.#row = at * COLUMNS;
  }

  get offset(): number {
    return this.#index.baseOffset + this.#at(OFFSET_DELTA);
  }

  get timestamp(): number {
    const { appendTime, baseTimestamp, bytes } = this.#index;
    if (appendTime !== undefined) return appendTime;
    const at = this.#at(TIMESTAMP);
    const first = bytes[at] as number;
    if (first < 0x80) return baseTimestamp + ((first >>> 1) ^ -(first & 1));
    return baseTimestamp + new VarintCursor(bytes, at).long();
  }

  get key(): Bytes | null {
    return view(this.#index, this.#at(KEY), this.#at(KEY_SIZE));
  }

  get value(): Bytes | null {
    return view(this.#index, this.#at(VALUE), this.#at(VALUE_SIZE));
  }

  keyText(): string | null {
    return text(this.#index, this.#at(KEY), this.#at(KEY_SIZE));
  }

  valueText(): string | null {
    return text(this.#index, this.#at(VALUE), this.#at(VALUE_SIZE));
  }

  /** Made anew at each use. */
  get headers(): ReadonlyArray<readonly [key: string, value: Bytes | null]> {
    const { bytes } = this.#index;
    const at = this.#at(VALUE) + Math.max(0, this.#at(VALUE_SIZE));
    if (bytes[at] === 0) return noHeaders;
    const cursor = new VarintCursor(bytes, at);
    const count = cursor.int();
    const headers: (readonly [string, Bytes | null])[] = [];
    for (let i = 0; i < count; i++) {
      const keySize = cursor.int();
      const key = bytes.utf8Slice(cursor.position, cursor.position + keySize);
      cursor.position += keySize;
      const valueSize = cursor.int();
      headers.push([key, view(this.#index, cursor.position, valueSize)]);
      if (valueSize > 0) cursor.position += valueSize;
    }
    return headers;
  }

  // The row is inside the table: an index is made whole, and records only for its rows.
  #at(column: number): number {
    return this.#index.table[this.#row + column] as number;
  }
}

function view({ bytes }: RecordIndex, at: number, size: number): Bytes | null {
  return size < 0 ? null : new Uint8Array(bytes.buffer, bytes.byteOffset + at, size);
}

function text({ bytes }: RecordIndex, at: number, size: number): string | null {
  return size < 0 ? null : bytes.utf8Slice(at, at + size);
}
