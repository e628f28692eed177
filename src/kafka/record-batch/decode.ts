import type { InBatch, TopicPartition } from '../driver.ts';
import { LazyBatch } from './lazy-batch.ts';
import { type RecordBatch, readBatches } from './record-batch.ts';
import { type DecodeOptions, indexRecords } from './record-index.ts';

export interface BatchContext extends TopicPartition, DecodeOptions {
  /** Position of the reader: records before it are left out. Default: all records. */
  readonly fromOffset?: number;
  /** Where the reader stands afterwards. Default: behind the batches. */
  readonly nextOffset?: number;
  /** Default: the offset behind the batches. */
  readonly highWatermark?: number;
  /** Default: the high watermark. */
  readonly lastStableOffset?: number;
  /** Default: not known. */
  readonly leaderEpoch?: number | undefined;
  /** Called once, when the batch is released. */
  readonly onRelease?: () => void;
}

/**
 * Record batches of one partition that follow each other, as one batch of lazy records; control batches only move its end.
 *
 * Every byte is checked here, so that no record throws later. Throws a DriverError of kind `invalid`.
 */
export function decodeBatches(batches: readonly RecordBatch[], context: BatchContext): InBatch {
  const data = batches.filter((batch) => !batch.control);
  const fromOffset = context.fromOffset ?? 0;
  const nextOffset = Math.max(fromOffset, context.nextOffset ?? batches.at(-1)?.nextOffset ?? 0);
  const highWatermark = context.highWatermark ?? nextOffset;
  return new LazyBatch(
    data.map((batch) => indexRecords(batch, context)),
    {
      topic: context.topic,
      partition: context.partition,
      byteLength: batches.reduce((sum, batch) => sum + batch.byteLength, 0),
      fromOffset,
      nextOffset,
      highWatermark,
      lastStableOffset: context.lastStableOffset ?? highWatermark,
      leaderEpoch: context.leaderEpoch,
      timestampType: data[0]?.timestampType ?? 'CreateTime',
    },
    context.onRelease,
  );
}

/** `decodeBatches` of all whole batches in the bytes. */
export const decode = (bytes: Uint8Array, context: BatchContext): InBatch => decodeBatches([...readBatches(bytes)], context);
