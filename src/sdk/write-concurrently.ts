import type { Stage } from '../record/outcome.ts';
import type { ConnectRecord } from '../record/record.ts';
import type { Sink } from './sink.ts';
import { type Write, Writer } from './writer.ts';

export interface WriteConcurrentlyOptions {
  /** Writes under way at once. */
  readonly concurrency: number;
  /**
   * For a target that takes writes in the order of the calls: they settle in it, and where one is retried, those that were under way behind
   * it are written again behind it, and no others begin before. Default false: order does not matter.
   */
  readonly ordered?: boolean;
  /** Batches that wait for a free write are joined up to so many records; default 2,000. */
  readonly maxRecords?: number;
  /** Stage of a failed write; default `TASK_PUT`. */
  readonly stage?: Stage;
}

/** A sink of an asynchronous function that is called with several writes at a time. */
export const writeConcurrently = <R = ConnectRecord>(
  write: Write<R>,
  { concurrency, ordered = false, maxRecords = 2_000, stage = 'TASK_PUT' }: WriteConcurrentlyOptions,
): Sink<R> => new Writer(write, { concurrency, ordered, maxRecords, stage });
