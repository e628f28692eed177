import { bufferOf } from './bytes.ts';
import { type ControlType, controlType, corrupt } from './format.ts';
import { LazyRecord } from './lazy-record.ts';
import type { RecordBatch } from './record-batch.ts';
import { indexRecords } from './record-index.ts';
import { RecordOrigin } from './record-origin.ts';

export interface ControlMarker {
  readonly type: ControlType;
  readonly coordinatorEpoch: number;
}

/**
 * How a transaction of the batch's producer ended.
 *
 * Undefined for a data batch, whatever its keys look like, and for markers of other kinds (Raft's own).
 */
export function readControlMarker(batch: RecordBatch): ControlMarker | undefined {
  if (!batch.control || batch.count === 0) return undefined;
  const index = indexRecords(batch);
  const record = new LazyRecord(index, 0, new RecordOrigin(index, { topic: '', partition: -1 }));
  const key = bufferOf(record.key ?? new Uint8Array());
  const value = bufferOf(record.value ?? new Uint8Array());
  if (key.length < 4) throw corrupt(`a control record has a key of ${key.length} bytes`);
  const code = key.readInt16BE(2);
  const type = code === controlType.abort ? 'abort' : code === controlType.commit ? 'commit' : undefined;
  if (type === undefined) return undefined;
  if (value.length < 6) throw corrupt(`a control record has a value of ${value.length} bytes`);
  return { type, coordinatorEpoch: value.readInt32BE(2) };
}
