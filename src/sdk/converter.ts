import type { Observable } from 'rxjs';
import type { Schema } from '../record/schema.ts';
import type { Value } from '../record/value.ts';
import type { ConfigDefinition } from './config.ts';

/** What a converter writes: bytes, UTF-8 text (the codec encodes it straight into the batch), or nothing (a tombstone). */
export type Payload = Uint8Array | string | null;

/** A value and its schema; what a converter reads. */
export interface SchemaAndValue {
  readonly schema: Schema | null;
  readonly value: Value;
}

/** "Not yet": a schema is being looked up. The lift suspends the batch until `ready` completes, then asks again. */
export class Waiting {
  readonly ready: Observable<unknown>;

  constructor(ready: Observable<unknown>) {
    this.ready = ready;
  }
}

/** Kafka headers in wire form; a converter may add to them. */
export type WireHeaders = Array<readonly [key: string, value: Payload]>;

/** The three converters of a connector. */
export interface Converters {
  readonly key: Converter;
  readonly value: Converter;
  readonly header: Converter;
}

/** Connect data ↔ bytes, for keys, values or headers of one connector. Synchronous per record: no promise on the hot path. */
export interface Converter {
  fromConnect(topic: string, schema: Schema | null, value: Value, headers?: WireHeaders): Payload | Waiting;
  /** `bytes` is a view: copy what you keep. */
  toConnect(topic: string, bytes: Uint8Array | null, headers?: WireHeaders): SchemaAndValue | Waiting;
  fromConnectHeader?(topic: string, key: string, schema: Schema | null, value: Value): Payload | Waiting;
  /** `null`: no schema and no value. */
  toConnectHeader?(topic: string, key: string, bytes: Uint8Array | null): SchemaAndValue | Waiting | null;
  /**
   * Decodes straight from a UTF-8 text where that is all the converter does (`StringConverter`): lets the decoder skip the view.
   * Absent: `toConnect` is used.
   */
  readonly text?: { readonly schema: Schema };
  /** `fromConnect` may add to the headers of a record: it is then given a list even where the record has none. */
  readonly addsHeaders?: boolean;
  /** As `toConnect`, from the text of valid UTF-8 bytes: for converters that would decode them first. */
  toConnectText?(topic: string, text: string): SchemaAndValue | Waiting;
}

export interface ConverterDefinition<C = unknown> {
  readonly kind: 'converter';
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly version?: string;
  /** What it can convert. Default: keys, values and headers. */
  readonly roles?: readonly ConverterRole[];
  readonly config: ConfigDefinition<C>;
  /** `role` is Connect's `converter.type`. */
  create(config: C, role: ConverterRole): Converter;
}

export type ConverterRole = 'key' | 'value' | 'header';
