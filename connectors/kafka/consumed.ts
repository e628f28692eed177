import type { InBatch, InRecord } from 'sluice/kafka';
import type { ConsumedRecord, Origin, RawRecord } from 'sluice/sdk';

/** A record of a fetched batch, and where the batch came from. Everything else is read from the batch when it is asked for. */
export class Consumed implements ConsumedRecord {
  readonly origin: Origin;
  readonly #record: InRecord;

  constructor(origin: Origin, record: InRecord) {
    this.origin = origin;
    this.#record = record;
  }

  get offset(): number {
    return this.#record.offset;
  }

  get timestamp(): number {
    return this.#record.timestamp;
  }

  get key(): Uint8Array | null {
    return this.#record.key;
  }

  get value(): Uint8Array | null {
    return this.#record.value;
  }

  get headers(): InRecord['headers'] {
    return this.#record.headers;
  }

  keyText(): string | null {
    return this.#record.keyText();
  }

  valueText(): string | null {
    return this.#record.valueText();
  }
}

/** Where the records of a batch came from; `raw` repeats one of them, until the batch is released. */
export const originOf = (batch: InBatch): Origin => ({
  topic: batch.topic,
  partition: batch.partition,
  timestampType: batch.timestampType,
  raw: (offset) => rawOf(recordAt(batch.records, offset)),
});

/** Offsets rise, with gaps where a topic is compacted. */
function recordAt(records: readonly InRecord[], offset: number): InRecord | undefined {
  let from = 0;
  let to = records.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((records[middle]?.offset ?? 0) < offset) from = middle + 1;
    else to = middle;
  }
  const found = records[from];
  return found?.offset === offset ? found : undefined;
}

const rawOf = (record: InRecord | undefined): RawRecord | undefined =>
  record === undefined ? undefined : { key: record.key, value: record.value, headers: record.headers, timestamp: record.timestamp };
