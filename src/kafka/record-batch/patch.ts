import { writeInt64 } from './bytes.ts';
import { BASE_OFFSET, LEADER_EPOCH } from './format.ts';

/** Gives an encoded batch at `at` its place in the log. Both fields are outside the CRC, which stays valid. */
export function patchBatch(
  bytes: Buffer,
  { baseOffset, partitionLeaderEpoch }: { readonly baseOffset: number; readonly partitionLeaderEpoch?: number },
  at = 0,
): void {
  writeInt64(bytes, baseOffset, at + BASE_OFFSET);
  if (partitionLeaderEpoch !== undefined) bytes.writeInt32BE(partitionLeaderEpoch, at + LEADER_EPOCH);
}
