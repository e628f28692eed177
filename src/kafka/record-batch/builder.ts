import { crc32c } from '@node-rs/crc32';
import { type Compression, DriverError, type OutRecord } from '../driver.ts';
import { allocate, type TextBuffer, writeInt64 } from './bytes.ts';
import { compress } from './compression.ts';
import * as format from './format.ts';
import { RecordWriter } from './record-writer.ts';

export interface BatchOptions {
  /** Default: none. */
  readonly compression?: Compression;
  /** Offset of the first record. Default: 0, which a broker replaces. */
  readonly baseOffset?: number;
  /** Of an idempotent or transactional producer. */
  readonly producer?: { readonly id: bigint; readonly epoch: number; readonly baseSequence: number };
  readonly transactional?: boolean;
  /** Marks the end of a transaction: see `encodeControlBatch`. */
  readonly control?: boolean;
  /** Default: -1, unknown. */
  readonly partitionLeaderEpoch?: number;
  /** When the broker appended it: replaces the time of every record. */
  readonly logAppendTime?: number;
  /** The checksum is made by `stampProducer`, later. Default: false. */
  readonly unstamped?: boolean;
}

export interface EncodedBatch {
  readonly bytes: Buffer;
  readonly count: number;
  readonly maxTimestamp: number;
  /** Size before compression, header included. */
  readonly uncompressedBytes: number;
  /** What the bytes lie in, where it may be used again when they are not needed any more. */
  readonly memory?: TextBuffer | undefined;
}

export interface BuilderLimits {
  /** Before compression, header included. A single record may exceed it. Default: no limit. */
  readonly maxBytes?: number;
  readonly maxRecords?: number;
  /** Where memory comes from for batches that fill most of it: they leave without a copy. Default: each batch is copied out. */
  readonly memory?: BatchMemory;
}

export interface BatchMemory {
  /** Size of the memory that is handed over, and used again when it is not needed any more. */
  readonly size: number;
  take(): TextBuffer | undefined;
}

/** What a producer costs that sends next to nothing: there may be thousands. */
const FIRST_CAPACITY = 1024;
/** A builder that has held more gives the memory back, unless it takes as much for every batch. */
const KEPT_CAPACITY = 4 * 1024 * 1024;

/** Gathers records until a limit, then makes the batch of them; used again for the next one. */
export class RecordBatchBuilder {
  readonly #maxBytes: number;
  readonly #maxRecords: number;
  readonly #memory: BuilderLimits['memory'];
  #writer: RecordWriter;
  #count = 0;
  #baseTimestamp = -1;
  #maxTimestamp = -1;

  constructor(limits: BuilderLimits = {}) {
    this.#maxBytes = limits.maxBytes ?? Number.POSITIVE_INFINITY;
    this.#maxRecords = limits.maxRecords ?? 0x7fff_ffff;
    this.#memory = limits.memory;
    this.#writer = this.#newWriter();
  }

  get count(): number {
    return this.#count;
  }

  /** Size before compression, header included; what `maxBytes` limits. */
  get byteLength(): number {
    return this.#writer.end;
  }

  /**
   * Adds a record at the next offset; false, and nothing added, when the batch has no room for it. The first always has.
   *
   * @param now milliseconds, for a record without a time of its own
   * @param maxBytes where this one batch may have less than others
   */
  append(record: OutRecord, now: number, maxBytes: number = this.#maxBytes): boolean {
    const timestamp = record.timestamp ?? now;
    if (!Number.isSafeInteger(timestamp)) throw timeError({ timestamp });
    if (this.#count >= this.#maxRecords) return false;
    const first = this.#count === 0;
    const writer = this.#writer;
    const before = writer.end;
    let fits = false;
    try {
      writer.write(record, first ? 0 : timestamp - this.#baseTimestamp, this.#count);
      fits = first || writer.end <= maxBytes;
    } finally {
      if (!fits) writer.end = before;
    }
    if (!fits) return false;
    if (first) this.#baseTimestamp = timestamp;
    if (first || timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp;
    this.#count++;
    return true;
  }

  /** The batch of what was added, in memory of its own. The builder is empty afterwards. */
  build(options: BatchOptions = {}): EncodedBatch {
    if (this.#count === 0) throw new DriverError('invalid', 'A record batch needs at least one record. Add one before building.');
    const uncompressedBytes = this.#writer.end;
    const compression = options.compression ?? 'none';
    const memory = compression === 'none' ? this.#handOver() : undefined;
    const bytes = memory === undefined ? this.#copy(compression) : (memory.subarray(0, uncompressedBytes) as TextBuffer);
    const maxTimestamp = options.logAppendTime ?? this.#maxTimestamp;
    this.#writeHeader(bytes, options, maxTimestamp);
    const batch = { bytes, count: this.#count, maxTimestamp, uncompressedBytes, memory };
    this.clear();
    return batch;
  }

  /** The memory that was written to, when most of it is used. */
  #handOver(): TextBuffer | undefined {
    const { buffer, end } = this.#writer;
    if (this.#memory === undefined || end * 2 < buffer.length) return undefined;
    this.#writer = this.#newWriter();
    return buffer;
  }

  #copy(compression: Compression): TextBuffer {
    const records = this.#writer.buffer.subarray(format.HEADER_BYTES, this.#writer.end);
    const body = compression === 'none' ? records : compress(compression, records);
    const bytes = allocate(format.HEADER_BYTES + body.length);
    bytes.set(body, format.HEADER_BYTES);
    return bytes;
  }

  #newWriter(): RecordWriter {
    return new RecordWriter(this.#memory?.take() ?? allocate(FIRST_CAPACITY), format.HEADER_BYTES, this.#memory?.size);
  }

  /** Forgets what was added. */
  clear(): void {
    this.#count = 0;
    // Twice: the record that did not fit was written before it was taken back.
    if (this.#writer.buffer.length > Math.max(KEPT_CAPACITY, 2 * (this.#memory?.size ?? 0))) this.#writer = this.#newWriter();
    else this.#writer.end = format.HEADER_BYTES;
  }

  #writeHeader(bytes: TextBuffer, options: BatchOptions, maxTimestamp: number): void {
    writeInt64(bytes, options.baseOffset ?? 0, format.BASE_OFFSET);
    bytes.writeInt32BE(bytes.length - format.LOG_OVERHEAD, format.BATCH_LENGTH);
    bytes.writeInt32BE(options.partitionLeaderEpoch ?? -1, format.LEADER_EPOCH);
    bytes.writeInt8(format.MAGIC_2, format.MAGIC);
    bytes.writeInt16BE(attributes(options), format.ATTRIBUTES);
    bytes.writeInt32BE(this.#count - 1, format.LAST_OFFSET_DELTA);
    writeInt64(bytes, this.#baseTimestamp, format.BASE_TIMESTAMP);
    writeInt64(bytes, maxTimestamp, format.MAX_TIMESTAMP);
    bytes.writeBigInt64BE(options.producer?.id ?? -1n, format.PRODUCER_ID);
    bytes.writeInt16BE(options.producer?.epoch ?? -1, format.PRODUCER_EPOCH);
    bytes.writeInt32BE(options.producer?.baseSequence ?? -1, format.BASE_SEQUENCE);
    bytes.writeInt32BE(this.#count, format.RECORD_COUNT);
    if (options.unstamped !== true) bytes.writeUInt32BE(crc32c(bytes.subarray(format.ATTRIBUTES)), format.CRC);
  }
}

const attributes = (options: BatchOptions): number =>
  format.compressionCode[options.compression ?? 'none'] |
  (options.logAppendTime === undefined ? 0 : format.LOG_APPEND_TIME) |
  (options.transactional === true ? format.TRANSACTIONAL : 0) |
  (options.control === true ? format.CONTROL : 0);

/** What is wrong with the time of a record, if it has one. */
export const timeError = ({ timestamp }: Pick<OutRecord, 'timestamp'>): DriverError | undefined =>
  timestamp === undefined || Number.isSafeInteger(timestamp)
    ? undefined
    : new DriverError(
        'invalid',
        `The time of a record must be a whole number of milliseconds, and is ${timestamp}. Leave it out to use the current time.`,
        { code: 32 },
      );
