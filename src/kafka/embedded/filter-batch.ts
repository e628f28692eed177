import { crc32c } from '@node-rs/crc32';
import { compress, decompress } from '../record-batch/compression.ts';
import { ATTRIBUTES, BATCH_LENGTH, CRC, HEADER_BYTES, LOG_OVERHEAD, RECORD_COUNT } from '../record-batch/format.ts';
import type { RecordBatch } from '../record-batch/index.ts';
import { VarintCursor } from '../record-batch/varint.ts';

const MAX_DECOMPRESSED_BYTES = 256 * 1024 * 1024;

/**
 * The batch without the records for which `keep` (by index) is false, as Kafka's log cleaner writes it.
 *
 * Offsets, times and the range of offsets of the batch stay. The caller has read its records before, which checks every length in it.
 */
export function filterBatch(batch: RecordBatch, keep: readonly boolean[]): Buffer {
  const { compression } = batch;
  const raw = compression === 'none' ? batch.body : decompress(compression, batch.body, MAX_DECOMPRESSED_BYTES);
  const records = Buffer.concat(kept(raw, keep));
  const body = compression === 'none' ? records : compress(compression, records);
  const header = batch.buffer.subarray(batch.start, batch.start + HEADER_BYTES);
  const filtered = Buffer.concat([header, body]);
  filtered.writeInt32BE(filtered.length - LOG_OVERHEAD, BATCH_LENGTH);
  filtered.writeInt32BE(keep.filter(Boolean).length, RECORD_COUNT);
  filtered.writeUInt32BE(crc32c(filtered.subarray(ATTRIBUTES)), CRC);
  return filtered;
}

function kept(records: Buffer, keep: readonly boolean[]): Buffer[] {
  const cursor = new VarintCursor(records, 0);
  return keep.flatMap((wanted) => {
    const start = cursor.position;
    const length = cursor.int();
    cursor.position += length;
    return wanted ? [records.subarray(start, cursor.position)] : [];
  });
}
