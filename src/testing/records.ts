import { noHeaders } from '../record/headers.ts';
import type { ConnectRecord } from '../record/record.ts';
import type { Value } from '../record/value.ts';
import type { SourceBatch, SourceOffset, SourcePartition } from '../sdk/source.ts';

/** A record with this value; everything else is empty unless given. */
export const record = (value: Value, members: Partial<ConnectRecord> = {}): ConnectRecord => ({
  topic: 'test',
  partition: null,
  keySchema: null,
  key: null,
  valueSchema: null,
  value,
  timestamp: null,
  headers: noHeaders,
  offset: -1,
  origin: null,
  ...members,
});

/** A batch of one partition whose records are at successive positions, the first at `from`: what a test source emits. */
export const sourceBatch = <R>(records: readonly R[], from = 0, partition: SourcePartition = { name: 'p' }): SourceBatch<R> => ({
  records,
  partition,
  offsetAt: (index): SourceOffset => ({ position: from + index + 1 }),
});
