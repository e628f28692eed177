import type { Compression, DriverError, TopicPartition } from '../driver.ts';
import { decode, type EncodedBatch, RecordBatchBuilder } from '../record-batch/index.ts';
import type { Receipt } from './receipt.ts';
import type { Sequenced } from './sequences.ts';

/** Records of one sent batch inside a record batch. */
export interface Piece {
  readonly receipt: Receipt;
  /** Index of the first in the record batch. */
  readonly first: number;
  readonly maxTimestamp: number;
}

/** A record batch on its way to its partition, and whom to tell. */
export class ProducerBatch implements Sequenced {
  readonly bytes: Buffer;
  readonly count: number;
  readonly pieces: readonly Piece[];
  /** On the clock of `performance.now()`. */
  readonly deadline: number;
  /** What the bytes lie in, where it may be used again. */
  readonly memory: EncodedBatch['memory'];
  /** Its place among the batches of its partition. */
  order = -1;
  sequence = -1;
  attempts = 0;
  /** An attempt ended without an answer that tells whether the broker has it. */
  uncertain = false;
  /** Its receipts are told; only its sequence number is still of interest. */
  settled = false;

  constructor({ bytes, count, memory }: Pick<EncodedBatch, 'bytes' | 'count' | 'memory'>, pieces: readonly Piece[], deadline: number) {
    this.bytes = bytes;
    this.count = count;
    this.memory = memory;
    this.pieces = pieces;
    this.deadline = deadline;
  }

  /** `logAppendTime` -1: the times of the records stand. */
  appended(baseOffset: number, logAppendTime: number): void {
    if (this.settled) return;
    this.settled = true;
    for (const { receipt, first, maxTimestamp } of this.pieces)
      receipt.appended(baseOffset < 0 ? -1 : baseOffset + first, logAppendTime < 0 ? maxTimestamp : logAppendTime);
  }

  refused(error: DriverError): void {
    if (this.settled) return;
    this.settled = true;
    for (const { receipt } of this.pieces) receipt.refused(error);
  }
}

/** Two batches with the same records, cut where a sent batch begins when there are several. */
export function splitBatch(
  batch: ProducerBatch,
  at: TopicPartition,
  options: { readonly compression: Compression; readonly transactional: boolean },
): readonly [ProducerBatch, ProducerBatch] {
  const cut = batch.pieces[batch.pieces.length >> 1]?.first || batch.count >> 1;
  const { records } = decode(batch.bytes, at);
  const half = (from: number, to: number): ProducerBatch => {
    const builder = new RecordBatchBuilder();
    for (const record of records.slice(from, to)) builder.append(record, record.timestamp);
    const pieces = batch.pieces.flatMap((piece, index) => {
      const end = batch.pieces[index + 1]?.first ?? batch.count;
      if (piece.first >= to || end <= from) return [];
      if (piece.first < from) piece.receipt.expect();
      return [{ ...piece, first: Math.max(0, piece.first - from) }];
    });
    return new ProducerBatch(builder.build(options), pieces, batch.deadline);
  };
  return [half(0, cut), half(cut, batch.count)];
}
