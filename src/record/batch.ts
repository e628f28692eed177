import type { Ack } from './ack.ts';
import type { ConnectRecord } from './record.ts';

/** Records that travel together, and the one ack through which each of them settles exactly once. `ack.size === records.length`. */
export interface Batch<R = ConnectRecord> {
  readonly records: readonly R[];
  readonly ack: Ack;
}

/** The records of all `batches`, one behind the other. */
export function joined<R>(batches: readonly Batch<R>[]): readonly R[] {
  const [first] = batches;
  if (batches.length === 1 && first !== undefined) return first.records;
  const all: R[] = [];
  for (const { records } of batches) for (let i = 0; i < records.length; i++) all.push(records[i] as R);
  return all;
}
