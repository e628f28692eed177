import type { Compression, DriverError, TopicPartition } from '../driver.ts';
import { decode, type EncodedBatch, RecordBatchBuilder } from '../record-batch/index.ts';
import type { Receipt } from './receipt.ts';
import type { Sequenced } from './sequences.ts';

/** Records of one sent batch inside a record batch. */
export interface Piece {
  readonly receipt: Receipt;
  /** Index of the first in the record batch. */
  readonly first: number;
  /** Index of the first in the sent batch. */
  readonly from: number;
  readonly count: number;
  readonly maxTimestamp: number;
}

type Encoded = Pick<EncodedBatch, 'bytes' | 'count' | 'uncompressedBytes' | 'memory'>;

/** A record batch on its way to its partition, and whom to tell. */
export class ProducerBatch implements Sequenced {
  readonly bytes: Buffer;
  readonly count: number;
  /** Before compression. */
  readonly uncompressedBytes: number;
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

  constructor({ bytes, count, uncompressedBytes, memory }: Encoded, pieces: readonly Piece[], deadline: number) {
    this.bytes = bytes;
    this.count = count;
    this.uncompressedBytes = uncompressedBytes;
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
    for (const { receipt, from, count } of this.pieces) receipt.refuse(error, from, count);
    this.replaced();
  }

  /** One record is refused; what becomes of the others is still open. */
  refuse(index: number, error: DriverError): void {
    for (const { receipt, first, from, count } of this.pieces)
      if (index >= first && index < first + count) receipt.refuse(error, from + index - first, 1);
  }

  /** What its receipts still wait for comes from other batches, if from any. */
  replaced(): void {
    this.settled = true;
    for (const { receipt } of this.pieces) receipt.close();
  }
}

/** From the first to before the second. */
type Run = readonly [from: number, to: number];

interface Refusal {
  readonly error: DriverError;
  /** Records, by their index in the batch, for which it was refused, where it was for some. */
  readonly named: readonly number[];
  readonly maxBytes: number;
}

interface BatchKind {
  readonly compression: Compression;
  readonly transactional: boolean;
}

/** INVALID_TIMESTAMP and INVALID_RECORD. */
const invalid: ReadonlySet<number | undefined> = new Set([32, 87]);

/**
 * What is sent in place of a refused batch: its halves, or smaller parts where batches are known to have at most `maxBytes` (before
 * compression), if it was too large or the broker does not say which records are invalid; else one of the records that are not to blame, while
 * those that are, are refused. Empty: nothing.
 */
export function replacements(
  batch: ProducerBatch,
  at: TopicPartition,
  kind: BatchKind,
  { error, named, maxBytes }: Refusal,
): readonly ProducerBatch[] {
  if (error.kind !== 'too-large' && !(named.length === 0 && invalid.has(error.code))) {
    const runs = named.length === 0 ? [] : runsBetween(named, batch.count);
    if (runs.length === 0) return [];
    const rest = rebuilt(batch, at, kind, runs);
    for (const index of named) batch.refuse(index, error);
    return [rest];
  }
  if (batch.count === 1) return [];
  return cuts(batch, maxBytes).map((run) => rebuilt(batch, at, kind, [run]));
}

function cuts({ count, pieces, uncompressedBytes }: ProducerBatch, maxBytes: number): readonly Run[] {
  const parts = Math.min(count, Math.ceil(uncompressedBytes / maxBytes));
  if (parts > 2) {
    const at = (part: number) => Math.floor((part * count) / parts);
    return Array.from({ length: parts }, (_, part) => [at(part), at(part + 1)]);
  }
  // Where a sent batch begins when there are several.
  const cut = pieces[pieces.length >> 1]?.first || count >> 1;
  return [
    [0, cut],
    [cut, count],
  ];
}

function runsBetween(indexes: readonly number[], count: number): readonly Run[] {
  const runs: Run[] = [];
  let next = 0;
  for (const index of [...indexes].sort((a, b) => a - b).concat(count)) {
    if (index > next) runs.push([next, index]);
    next = index + 1;
  }
  return runs;
}

function rebuilt(batch: ProducerBatch, at: TopicPartition, kind: BatchKind, runs: readonly Run[]): ProducerBatch {
  const { records } = decode(batch.bytes, at);
  const builder = new RecordBatchBuilder();
  const pieces: Piece[] = [];
  for (const [start, end] of runs) {
    for (const piece of batch.pieces) {
      const from = Math.max(start, piece.first);
      const to = Math.min(end, piece.first + piece.count);
      if (from >= to) continue;
      pieces.push({ ...piece, first: builder.count, from: piece.from + from - piece.first, count: to - from });
      piece.receipt.expect();
      for (const record of records.slice(from, to)) builder.append(record, record.timestamp);
    }
  }
  return new ProducerBatch(builder.build(kind), pieces, batch.deadline);
}
