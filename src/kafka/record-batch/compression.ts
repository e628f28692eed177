/** Compresses and decompresses the records of a batch, in the framings of Kafka's wire. Synchronous: a batch is at most a few megabytes. */
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { type Compression, DriverError } from '../driver.ts';
import { corrupt } from './format.ts';
import { compressLz4, decompressLz4 } from './lz4.ts';
import { compressSnappy, decompressSnappy } from './snappy.ts';

export type CompressionType = Exclude<Compression, 'none'>;

interface Codec {
  compress(bytes: Buffer): Buffer;
  /** Throws before it holds much more than `maxBytes`. */
  decompress(bytes: Buffer, maxBytes: number): Buffer;
}

const LEAST_CHUNK = 16 * 1024;
const MOST_CHUNK = 1024 * 1024;
const USUAL_RATIO = 8;

/** One piece for all the content, as far as can be guessed: several cost a call and a buffer each, and are joined afterwards. */
const output = (bytes: Buffer, maxOutputLength: number) => ({
  maxOutputLength,
  chunkSize: Math.min(MOST_CHUNK, Math.max(LEAST_CHUNK, USUAL_RATIO * bytes.length)),
});

const codecs: Record<CompressionType, Codec> = {
  gzip: { compress: (bytes) => gzipSync(bytes), decompress: (bytes, most) => gunzipSync(bytes, output(bytes, most)) },
  snappy: { compress: compressSnappy, decompress: decompressSnappy },
  lz4: { compress: compressLz4, decompress: decompressLz4 },
  zstd: {
    compress: (bytes) => zstdCompressSync(bytes),
    decompress: (bytes, most) => zstdDecompressSync(bytes, output(bytes, most)),
  },
};

export const compress = (type: CompressionType, bytes: Buffer): Buffer => codecs[type].compress(bytes);

/** The raw records. A block that grows beyond `maxBytes`, or is not of its type, is a DriverError of kind `invalid`. */
export function decompress(type: CompressionType, bytes: Buffer, maxBytes: number): Buffer {
  try {
    return codecs[type].decompress(bytes, maxBytes);
  } catch (cause) {
    if (cause instanceof DriverError) throw cause;
    if (cause instanceof RangeError)
      throw corrupt(`its ${type} records grow beyond the limit of ${maxBytes} bytes (maxDecompressedBytes)`, cause);
    throw corrupt(`its ${type} records cannot be decompressed`, cause);
  }
}
