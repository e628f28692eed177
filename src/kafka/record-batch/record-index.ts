import { bufferOf, type TextBuffer } from './bytes.ts';
import { decompress } from './compression.ts';
import { corrupt } from './format.ts';
import type { RecordBatch } from './record-batch.ts';
import { VarintCursor } from './varint.ts';

export interface DecodeOptions {
  /** Compare the checksum first. Default: true. */
  readonly checkCrc?: boolean;
  /** Largest size of one batch's records after decompression. Default: 256 MiB. */
  readonly maxDecompressedBytes?: number;
}

/** Columns of the table, one row for each record: where its parts begin, counted from the first record, and their sizes (-1: null). */
export const TIMESTAMP = 0;
export const OFFSET_DELTA = 1;
export const KEY = 2;
export const KEY_SIZE = 3;
export const VALUE = 4;
export const VALUE_SIZE = 5;
export const COLUMNS = 6;

const LEAST_RECORD_BYTES = 7;
const LEAST_BODY_BYTES = LEAST_RECORD_BYTES - 1;
const MAX_DECOMPRESSED_BYTES = 256 * 1024 * 1024;

/** Where the parts of a batch's records lie. Whatever the bytes are, each position in it is inside them. */
export interface RecordIndex {
  readonly bytes: TextBuffer;
  readonly table: Int32Array;
  readonly count: number;
  readonly baseOffset: number;
  readonly baseTimestamp: number;
  /** The time of all records, where the broker set it. */
  readonly appendTime: number | undefined;
  /** The bytes lie in the batch's own buffer. */
  readonly shared: boolean;
}

/** Reads the whole batch once and checks each length in it; a DriverError of kind `invalid` says what does not fit. */
export function indexRecords(batch: RecordBatch, options: DecodeOptions = {}): RecordIndex {
  if (options.checkCrc !== false) batch.checkCrc();
  const compression = batch.compression;
  const shared = compression === 'none';
  const limit = options.maxDecompressedBytes ?? MAX_DECOMPRESSED_BYTES;
  const bytes = shared ? batch.body : decompress(compression, batch.body, limit);
  const count = batch.count;
  if (count * LEAST_RECORD_BYTES > bytes.length) throw corrupt(`it claims ${count} records in ${bytes.length} bytes`);
  return {
    bytes: bufferOf(bytes),
    table: tableOf(bytes, count, batch.lastOffsetDelta),
    count,
    baseOffset: batch.baseOffset,
    baseTimestamp: batch.baseTimestamp,
    appendTime: batch.timestampType === 'LogAppendTime' ? batch.maxTimestamp : undefined,
    shared,
  };
}

function tableOf(bytes: Uint8Array, count: number, lastOffsetDelta: number): Int32Array {
  const table = new Int32Array(count * COLUMNS);
  const cursor = new VarintCursor(bytes, 0);
  let previous = -1;
  for (let row = 0; row < table.length; row += COLUMNS) {
    const length = cursor.int();
    const end = cursor.position + length;
    if (length < LEAST_BODY_BYTES || end > bytes.length) throw corrupt(`a record claims ${length} bytes`);
    cursor.position++;
    table[row + TIMESTAMP] = cursor.position;
    cursor.skipLong();
    const offset = cursor.int();
    if (offset <= previous || offset > lastOffsetDelta) throw corrupt(`offset ${offset} follows ${previous} of ${lastOffsetDelta}`);
    table[row + OFFSET_DELTA] = offset;
    previous = offset;
    const keySize = payload(cursor);
    table[row + KEY] = cursor.position;
    table[row + KEY_SIZE] = keySize;
    if (keySize > 0) cursor.position += keySize;
    const valueSize = payload(cursor);
    table[row + VALUE] = cursor.position;
    table[row + VALUE_SIZE] = valueSize;
    if (valueSize > 0) cursor.position += valueSize;
    const headers = cursor.int();
    if (headers !== 0) skipHeaders(cursor, headers);
    if (cursor.position !== end) throw corrupt(`a record of ${length} bytes ends ${cursor.position - end} bytes off`);
  }
  if (cursor.position !== bytes.length) throw corrupt(`${bytes.length - cursor.position} bytes follow its last record`);
  return table;
}

function payload(cursor: VarintCursor): number {
  const size = cursor.int();
  if (size < -1) throw corrupt(`a key or value claims ${size} bytes`);
  return size;
}

function skipHeaders(cursor: VarintCursor, count: number): void {
  if (count < 0) throw corrupt(`a record claims ${count} headers`);
  for (let i = 0; i < count; i++) {
    const keySize = cursor.int();
    if (keySize < 0) throw corrupt(`a header key claims ${keySize} bytes`);
    cursor.position += keySize;
    const valueSize = payload(cursor);
    if (valueSize > 0) cursor.position += valueSize;
  }
}
