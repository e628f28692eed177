import type { Stage } from '../record/outcome.ts';
import type { ConnectRecord } from '../record/record.ts';
import type { Sink } from './sink.ts';
import { type Write, Writer } from './writer.ts';

export interface WriteInOrderOptions {
  /** Batches that wait for the write before are joined up to so many records; default 2,000. */
  readonly maxRecords?: number;
  /** Stage of a failed write; default `TASK_PUT`. */
  readonly stage?: Stage;
}

/** A sink of an asynchronous function that is called with one write at a time, in the order of arrival. */
export const writeInOrder = <R = ConnectRecord>(
  write: Write<R>,
  { maxRecords = 2_000, stage = 'TASK_PUT' }: WriteInOrderOptions = {},
): Sink<R> => new Writer(write, { concurrency: 1, ordered: true, maxRecords, stage });
