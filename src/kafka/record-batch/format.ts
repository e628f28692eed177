/**
 * Kafka's record batch, format 2: positions of the header fields, attribute bits and codes.
 *
 * The CRC covers everything from `ATTRIBUTES` on, so base offset and leader epoch can be patched without it.
 */
import { type Compression, DriverError } from '../driver.ts';

export const BASE_OFFSET = 0;
export const BATCH_LENGTH = 8;
export const LEADER_EPOCH = 12;
export const MAGIC = 16;
export const CRC = 17;
export const ATTRIBUTES = 21;
export const LAST_OFFSET_DELTA = 23;
export const BASE_TIMESTAMP = 27;
export const MAX_TIMESTAMP = 35;
export const PRODUCER_ID = 43;
export const PRODUCER_EPOCH = 51;
export const BASE_SEQUENCE = 53;
export const RECORD_COUNT = 57;
export const HEADER_BYTES = 61;

/** What precedes the bytes that `batchLength` counts. */
export const LOG_OVERHEAD = 12;
export const MAGIC_2 = 2;

export const COMPRESSION_MASK = 0b111;
export const LOG_APPEND_TIME = 0b1000;
export const TRANSACTIONAL = 0b1_0000;
export const CONTROL = 0b10_0000;

/** Compression types at the place of their wire code. */
export const compressionByCode = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const satisfies readonly Compression[];
export const compressionCode = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const satisfies Record<Compression, number>;

/** Types of the control record that ends a transaction. */
export const controlType = { abort: 0, commit: 1 } as const;
export type ControlType = keyof typeof controlType;

const CORRUPT_MESSAGE = 2;
const UNSUPPORTED_FOR_MESSAGE_FORMAT = 43;
const UNSUPPORTED_COMPRESSION_TYPE = 76;

/** Bytes that are not a record batch, as Kafka's CORRUPT_MESSAGE. */
export const corrupt = (what: string, cause?: unknown): DriverError =>
  new DriverError('invalid', `The record batch is corrupt: ${what}. Read on behind it, or restore the partition from a replica.`, {
    code: CORRUPT_MESSAGE,
    ...(cause === undefined ? {} : { cause }),
  });

export const unsupportedMagic = (magic: number): DriverError =>
  new DriverError(
    'invalid',
    `The record batch has format ${magic}, and only format 2 (Kafka 0.11 and newer) is read. Rewrite the topic with a broker that converts it.`,
    { code: UNSUPPORTED_FOR_MESSAGE_FORMAT },
  );

export const unknownCompression = (code: number): DriverError =>
  new DriverError('invalid', `The record batch is compressed by type ${code}, which is none of ${compressionByCode.join(', ')}.`, {
    code: UNSUPPORTED_COMPRESSION_TYPE,
  });
