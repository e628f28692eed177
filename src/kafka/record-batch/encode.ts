import type { OutRecord } from '../driver.ts';
import { type BatchOptions, type EncodedBatch, RecordBatchBuilder } from './builder.ts';
import { type ControlType, controlType } from './format.ts';

export interface EncodeOptions extends BatchOptions {
  /** Milliseconds, for records without a time of their own. */
  readonly now: number;
}

// Encoding is synchronous and a batch leaves in memory of its own, so that one builder serves every caller of the thread.
const shared = new RecordBatchBuilder();

/** One record batch of all the records, at consecutive offsets. */
export function encodeBatch(records: readonly OutRecord[], options: EncodeOptions): EncodedBatch {
  shared.clear();
  for (const record of records) shared.append(record, options.now);
  return shared.build(options);
}

export interface ControlOptions {
  readonly type: ControlType;
  readonly producer: { readonly id: bigint; readonly epoch: number };
  /** Milliseconds. */
  readonly timestamp: number;
  readonly baseOffset?: number;
  readonly partitionLeaderEpoch?: number;
  /** Default: 0. */
  readonly coordinatorEpoch?: number;
}

/** The marker that ends a transaction of a producer in a partition; it takes one offset. */
export function encodeControlBatch(options: ControlOptions): EncodedBatch {
  const key = Buffer.alloc(4);
  key.writeInt16BE(controlType[options.type], 2);
  const value = Buffer.alloc(6);
  value.writeInt32BE(options.coordinatorEpoch ?? 0, 2);
  const { baseOffset = 0, partitionLeaderEpoch = -1 } = options;
  return encodeBatch([{ key, value }], {
    now: options.timestamp,
    baseOffset,
    partitionLeaderEpoch,
    producer: { ...options.producer, baseSequence: -1 },
    transactional: true,
    control: true,
  });
}
