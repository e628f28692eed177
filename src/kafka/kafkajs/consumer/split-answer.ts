import { type RecordBatch, readBatches, readControlMarker } from '../../record-batch/index.ts';
import type { FetchedPartition } from '../requests/fetch.ts';

/** Record batches of one leader epoch, to be handed out together. */
export interface Portion {
  /** Without those of aborted transactions. */
  readonly batches: readonly RecordBatch[];
  /** Size on the wire. */
  readonly bytes: number;
  /** Where the reader stands before and after it: also behind what is left out. */
  readonly from: number;
  readonly next: number;
  /** Of the last batch. */
  readonly epoch: number;
}

export interface SplitAnswer {
  readonly portions: readonly Portion[];
  /** Where to fetch next. */
  readonly next: number;
  /** Of the leader that took the last batch; undefined without one. */
  readonly epoch: number | undefined;
}

/** Small record batches are handed out together up to this size. */
const TOGETHER_BYTES = 128 * 1024;

/**
 * Divides what was fetched of one partition into portions, and leaves out what a reader of committed records must not see.
 *
 * The list of aborted transactions decides, which a broker sends only to readers of committed records. A batch cut off at the end is left for
 * the next fetch.
 */
export function splitAnswer({ records, aborted }: Pick<FetchedPartition, 'records' | 'aborted'>, from: number): SplitAnswer {
  const portions: Portion[] = [];
  const isAborted = abortedBatches(aborted);
  let batches: RecordBatch[] = [];
  let bytes = 0;
  let start = from;
  let next = from;
  let epoch: number | undefined;
  const cut = () => {
    if (next > start) portions.push({ batches, bytes, from: start, next, epoch: epoch ?? -1 });
    [batches, bytes, start] = [[], 0, next];
  };
  for (const batch of records === null ? [] : readBatches(records)) {
    if (bytes > 0 && (bytes + batch.byteLength > TOGETHER_BYTES || batch.partitionLeaderEpoch !== epoch)) cut();
    // Looked at also when it lies before the position: it may end a transaction.
    if (!isAborted(batch) && batch.nextOffset > from) {
      batches.push(batch);
      bytes += batch.byteLength;
    }
    next = Math.max(next, batch.nextOffset);
    epoch = batch.partitionLeaderEpoch;
  }
  cut();
  return { portions, next, epoch };
}

/** Tells for one batch after the other whether it belongs to an aborted transaction. */
function abortedBatches(aborted: FetchedPartition['aborted']): (batch: RecordBatch) => boolean {
  if (aborted.length === 0) return () => false;
  const begins = aborted.toSorted((a, b) => a.firstOffset - b.firstOffset);
  const open = new Set<bigint>();
  let at = 0;
  return (batch) => {
    if (!batch.transactional) return false;
    for (; (begins[at]?.firstOffset ?? Number.POSITIVE_INFINITY) <= batch.lastOffset; at++) open.add(begins[at]?.producerId ?? -1n);
    // Batches of records that are not data say so themselves: a key may look like anything.
    if (!batch.control) return open.has(batch.producerId);
    if (readControlMarker(batch)?.type === 'abort') open.delete(batch.producerId);
    return false;
  };
}
