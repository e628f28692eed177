import type { Stage } from '../record/outcome.ts';
import type { ConnectRecord } from '../record/record.ts';
import type { Sink } from './sink.ts';
import { type Write, Writer } from './writer.ts';

export interface WriteConcurrentlyOptions {
  /** Writes under way at once. */
  readonly concurrency: number;
  /** Batches that wait for a free write are joined up to so many records; default 2,000. */
  readonly maxRecords?: number;
  /** Stage of a failed write; default `TASK_PUT`. */
  readonly stage?: Stage;
}

/** A sink of an asynchronous function that is called with several writes at a time: for targets where order does not matter. */
export const writeConcurrently = <R = ConnectRecord>(
  write: Write<R>,
  { concurrency, maxRecords = 2_000, stage = 'TASK_PUT' }: WriteConcurrentlyOptions,
): Sink<R> => new Writer(write, { concurrency, maxRecords, stage });
