import { crc32c } from '@node-rs/crc32';
import type { Compression } from '../driver.ts';
import { bufferOf, readInt64 } from './bytes.ts';
import * as format from './format.ts';

const LEAST_LENGTH = format.HEADER_BYTES - format.LOG_OVERHEAD;

/** The header of one record batch, read where it lies: nothing is copied, and its records are not looked at. */
export class RecordBatch {
  /** The bytes it lies in, from `start` to `end`. */
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;
  readonly baseOffset: number;
  readonly #attributes: number;

  /** The caller has checked that the bytes are a whole batch of format 2: see `readBatches`. */
  constructor(buffer: Buffer, start: number, end: number) {
    this.buffer = buffer;
    this.start = start;
    this.end = end;
    this.baseOffset = readInt64(buffer, start + format.BASE_OFFSET);
    this.#attributes = buffer.readInt16BE(start + format.ATTRIBUTES);
    if (!Number.isSafeInteger(this.baseOffset + this.lastOffsetDelta + 1) || this.baseOffset < 0)
      throw format.corrupt('its offset is out of range');
    if (this.count < 0 || this.lastOffsetDelta < 0) throw format.corrupt(`it claims ${this.count} records up to ${this.lastOffsetDelta}`);
  }

  get byteLength(): number {
    return this.end - this.start;
  }

  get count(): number {
    return this.buffer.readInt32BE(this.start + format.RECORD_COUNT);
  }

  /** Offset of the last record, less the base offset; stays when compaction removes that record. */
  get lastOffsetDelta(): number {
    return this.buffer.readInt32BE(this.start + format.LAST_OFFSET_DELTA);
  }

  get lastOffset(): number {
    return this.baseOffset + this.lastOffsetDelta;
  }

  get nextOffset(): number {
    return this.lastOffset + 1;
  }

  get partitionLeaderEpoch(): number {
    return this.buffer.readInt32BE(this.start + format.LEADER_EPOCH);
  }

  get compression(): Compression {
    const code = this.#attributes & format.COMPRESSION_MASK;
    const compression = format.compressionByCode[code];
    if (compression === undefined) throw format.unknownCompression(code);
    return compression;
  }

  get timestampType(): 'CreateTime' | 'LogAppendTime' {
    return (this.#attributes & format.LOG_APPEND_TIME) === 0 ? 'CreateTime' : 'LogAppendTime';
  }

  get transactional(): boolean {
    return (this.#attributes & format.TRANSACTIONAL) !== 0;
  }

  /** Its records are markers for the client, not data. */
  get control(): boolean {
    return (this.#attributes & format.CONTROL) !== 0;
  }

  /** What record times are relative to. */
  get baseTimestamp(): number {
    return readInt64(this.buffer, this.start + format.BASE_TIMESTAMP);
  }

  get maxTimestamp(): number {
    return readInt64(this.buffer, this.start + format.MAX_TIMESTAMP);
  }

  /** -1 without an idempotent producer. */
  get producerId(): bigint {
    return this.buffer.readBigInt64BE(this.start + format.PRODUCER_ID);
  }

  get producerEpoch(): number {
    return this.buffer.readInt16BE(this.start + format.PRODUCER_EPOCH);
  }

  get baseSequence(): number {
    return this.buffer.readInt32BE(this.start + format.BASE_SEQUENCE);
  }

  /** The records as they lie, compressed or not. */
  get body(): Buffer {
    return this.buffer.subarray(this.start + format.HEADER_BYTES, this.end);
  }

  /** Throws when the bytes are not those that were written. */
  checkCrc(): void {
    const stored = this.buffer.readUInt32BE(this.start + format.CRC);
    const found = crc32c(this.buffer.subarray(this.start + format.ATTRIBUTES, this.end));
    if (stored !== found) throw format.corrupt(`its checksum is ${found}, and ${stored} was written`);
  }
}

/**
 * The record batches that lie one behind the other, as Fetch answers and log segments hold them.
 *
 * A batch that is cut off at the end is left out, since a broker fills an answer to the byte. Returns the position up to
 * which whole batches were found. Throws a DriverError of kind `invalid` at bytes that no batch can begin with.
 */
export function* readBatches(bytes: Uint8Array): Generator<RecordBatch, number> {
  const buffer = bufferOf(bytes);
  let at = 0;
  while (buffer.length - at > format.MAGIC) {
    const magic = buffer.readInt8(at + format.MAGIC);
    if (magic !== format.MAGIC_2) throw format.unsupportedMagic(magic);
    const length = buffer.readInt32BE(at + format.BATCH_LENGTH);
    if (length < LEAST_LENGTH) throw format.corrupt(`it claims ${length} bytes, and its header alone has ${LEAST_LENGTH}`);
    const end = at + format.LOG_OVERHEAD + length;
    if (end > buffer.length) break;
    yield new RecordBatch(buffer, at, end);
    at = end;
  }
  return at;
}
