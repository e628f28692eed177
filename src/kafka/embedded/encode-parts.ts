import type { DriverError, OutBatch, OutRecord } from '../driver.ts';
import { type BatchOptions, type EncodedBatch, type RecordBatchBuilder, timeError } from '../record-batch/index.ts';
import { refuse } from './store-errors.ts';

export interface EncodeOptions {
  /** Empty, with limits of its own. */
  readonly builder: RecordBatchBuilder;
  readonly maxMessageBytes: number;
  /** Every record needs a key. */
  readonly compact: boolean;
  /** Milliseconds, for records without a time of their own. */
  readonly now: number;
  /** Of the part before which so many records are written. */
  readonly options: (written: number) => BatchOptions;
}

export interface Parts {
  readonly parts: readonly EncodedBatch[];
  /** Records that cannot be written, by their position. */
  readonly refused: ReadonlyMap<number, DriverError>;
}

/** Record batches of those records that the topic takes. */
export function encodeParts({ topic, records }: OutBatch, { builder, maxMessageBytes, compact, now, options }: EncodeOptions): Parts {
  const parts: EncodedBatch[] = [];
  const refused = new Map<number, DriverError>();
  let written = 0;
  for (let index = 0; index < records.length; index++) {
    const record = records[index] as OutRecord;
    const error = timeError(record) ?? (compact && record.key === null ? keyMissing(topic) : undefined);
    if (error !== undefined) refused.set(index, error);
  }
  const encode = (from: number, to: number): void => {
    let first = from;
    for (let index = from; index < to; index++) {
      const record = records[index] as OutRecord;
      if (refused.has(index) || builder.append(record, now)) continue;
      seal(first, index);
      first = index;
      builder.append(record, now);
    }
    seal(first, to);
  };
  const seal = (from: number, to: number): void => {
    if (builder.count === 0) return;
    const part = builder.build(options(written));
    if (part.bytes.byteLength <= maxMessageBytes) {
      written += part.count;
      parts.push(part);
    } else if (to - from === 1) refused.set(from, tooLarge(topic, part, maxMessageBytes));
    else {
      // Compressed it can be larger than it was; and around a record that is too large by itself are others that were refused before.
      const middle = (from + to) >> 1;
      encode(from, middle);
      encode(middle, to);
    }
  };
  encode(0, records.length);
  return { parts, refused };
}

const keyMissing = (topic: string) => refuse.invalidRecord(`Topic ${topic} is compacted, so every record needs a key, and one has none.`);

const tooLarge = (topic: string, part: EncodedBatch, limit: number) =>
  refuse.tooLarge(
    `A record for topic ${topic} takes ${part.bytes.byteLength} bytes, more than its max.message.bytes of ${limit}. Raise that setting of the topic, or send less.`,
  );
