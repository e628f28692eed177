import type { Ack } from './ack.ts';
import type { ConnectRecord } from './record.ts';

/** Records that travel together, and the one ack through which each of them settles exactly once. `ack.size === records.length`. */
export interface Batch<R = ConnectRecord> {
  readonly records: readonly R[];
  readonly ack: Ack;
}
