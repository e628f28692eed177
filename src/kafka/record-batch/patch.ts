import { crc32c } from '@node-rs/crc32';
import { writeInt64 } from './bytes.ts';
import * as format from './format.ts';

/** Gives an encoded batch at `at` its place in the log. Both fields are outside the CRC, which stays valid. */
export function patchBatch(
  bytes: Buffer,
  { baseOffset, partitionLeaderEpoch }: { readonly baseOffset: number; readonly partitionLeaderEpoch?: number },
  at = 0,
): void {
  writeInt64(bytes, baseOffset, at + format.BASE_OFFSET);
  if (partitionLeaderEpoch !== undefined) bytes.writeInt32BE(partitionLeaderEpoch, at + format.LEADER_EPOCH);
}

/** Gives an encoded batch its producer and its place among the records of that producer; the CRC is made anew. */
export function stampProducer(
  bytes: Buffer,
  { id, epoch, baseSequence }: { readonly id: bigint; readonly epoch: number; readonly baseSequence: number },
): void {
  bytes.writeBigInt64BE(id, format.PRODUCER_ID);
  bytes.writeInt16BE(epoch, format.PRODUCER_EPOCH);
  bytes.writeInt32BE(baseSequence, format.BASE_SEQUENCE);
  bytes.writeUInt32BE(crc32c(bytes.subarray(format.ATTRIBUTES)), format.CRC);
}
