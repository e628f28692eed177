import { type Headers, noHeaders } from './headers.ts';
import type { Schema } from './schema.ts';
import type { Value } from './value.ts';

/** Where a consumed record came from, before any operator changed its topic or partition. Shared by the records of one fetched batch. */
export interface Origin {
  readonly topic: string;
  readonly partition: number;
  readonly timestampType: 'NoTimestampType' | 'CreateTime' | 'LogAppendTime';
  /** The record as it was consumed: readable until the release of its batch. */
  raw?(offset: number): RawRecord | undefined;
}

/** Key, value and headers as bytes: what a dead letter must repeat unchanged. */
export interface RawRecord {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: ReadonlyArray<readonly [key: string, value: Uint8Array | null]>;
  readonly timestamp: number;
}

/**
 * One record between converters: what sources emit, operators map and sinks take.
 *
 * A plain object whose members always exist, in this order (one hidden class keeps hot loops fast); make one with `connectRecord`
 * or copy one with a spread. `offset` is -1 and `origin` null unless the record was consumed from Kafka.
 */
export interface ConnectRecord<V = Value, K = Value> {
  readonly topic: string;
  /** `null`: the producer chooses. */
  readonly partition: number | null;
  readonly keySchema: Schema | null;
  readonly key: K;
  readonly valueSchema: Schema | null;
  readonly value: V;
  /** Milliseconds since the epoch; `null` when unknown. */
  readonly timestamp: number | null;
  readonly headers: Headers;
  readonly offset: number;
  readonly origin: Origin | null;
}

/** A record of the fixed shape: what is left out is `null` (no headers, offset -1). Sources and tests make records with it. */
export const connectRecord = <V extends Value = Value>(
  given: Pick<ConnectRecord<V>, 'topic' | 'value'> & Partial<ConnectRecord<V>>,
): ConnectRecord<V> => ({
  topic: given.topic,
  partition: given.partition ?? null,
  keySchema: given.keySchema ?? null,
  key: given.key ?? null,
  valueSchema: given.valueSchema ?? null,
  value: given.value,
  timestamp: given.timestamp ?? null,
  headers: given.headers ?? noHeaders,
  offset: given.offset ?? -1,
  origin: given.origin ?? null,
});
