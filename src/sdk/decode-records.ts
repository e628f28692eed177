import { ConnectError } from '../errors/connect-error.ts';
import { type Header, type Headers, noHeaders } from '../record/headers.ts';
import type { Stage } from '../record/outcome.ts';
import type { ConnectRecord, Origin } from '../record/record.ts';
import { type Converter, type Converters, type SchemaAndValue, Waiting } from './converter.ts';
import { type Body, lift } from './lift.ts';
import type { BatchOperator } from './operator.ts';
import { passOn } from './pass-on.ts';

/** A record as a consumer has it: bytes that are read when they are asked for. */
export interface ConsumedRecord {
  readonly origin: Origin;
  readonly offset: number;
  /** Milliseconds; -1: none. */
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  keyText(): string | null;
  valueText(): string | null;
  readonly headers: ReadonlyArray<readonly [key: string, value: Uint8Array | null]>;
}

/**
 * Turns consumed records into records by the converters of a sink connector: key, then value, then headers, as Connect does.
 *
 * A failure has the stage of its converter. While a converter waits for a schema, the batch and what is behind it wait in their order.
 */
export const decodeRecords = (converters: Converters): BatchOperator<ConsumedRecord, ConnectRecord> => lift(decodeBody(converters), passOn);

function decodeBody({ key, value, header }: Converters): Body<ConsumedRecord, ConnectRecord> {
  const keySchema = key.text?.schema;
  const valueSchema = value.text?.schema;
  return (records, progress) => {
    let stage: Stage = 'KEY_CONVERTER';
    let i = progress.index;
    if (i === 0) progress.out = [];
    const out = progress.out as ConnectRecord[];
    try {
      for (; i < records.length; i++) {
        const record = records[i] as ConsumedRecord;
        const { origin } = record;
        stage = 'KEY_CONVERTER';
        const keyText = keySchema === undefined ? undefined : wellFormed(record.keyText());
        const readKey = keyText === undefined ? decodeKey(key, origin.topic, record) : undefined;
        stage = 'VALUE_CONVERTER';
        const valueText = valueSchema === undefined ? undefined : wellFormed(record.valueText());
        const readValue = valueText === undefined ? decodeValue(value, origin.topic, record) : undefined;
        stage = 'HEADER_CONVERTER';
        const found = record.headers;
        const { timestamp } = record;
        if (timestamp < -1) throw new ConnectError('ConnectException', `Invalid record timestamp ${timestamp}`);
        out.push({
          topic: origin.topic,
          partition: origin.partition,
          keySchema: readKey === undefined ? (keySchema ?? null) : readKey.schema,
          key: readKey === undefined ? (keyText ?? null) : readKey.value,
          valueSchema: readValue === undefined ? (valueSchema ?? null) : readValue.schema,
          value: readValue === undefined ? (valueText ?? null) : readValue.value,
          timestamp: timestamp === -1 ? null : timestamp,
          headers: found.length === 0 ? noHeaders : decodeHeaders(header, origin.topic, found),
          offset: record.offset,
          origin,
        });
        progress.parents?.push(i);
      }
    } finally {
      progress.index = i;
      progress.count = out.length;
      progress.stage = stage;
    }
  };
}

/** The text, unless something in it was malformed or may have been: then Java's reading of the bytes counts. */
const wellFormed = (text: string | null): string | null | undefined => (text?.includes('\ufffd') ? undefined : text);

function decodeKey(converter: Converter, topic: string, record: ConsumedRecord): SchemaAndValue {
  const text = converter.toConnectText === undefined ? undefined : wellFormed(record.keyText());
  return ready(typeof text === 'string' ? converter.toConnectText?.(topic, text) : converter.toConnect(topic, record.key));
}

function decodeValue(converter: Converter, topic: string, record: ConsumedRecord): SchemaAndValue {
  const text = converter.toConnectText === undefined ? undefined : wellFormed(record.valueText());
  return ready(typeof text === 'string' ? converter.toConnectText?.(topic, text) : converter.toConnect(topic, record.value));
}

const decodeHeaders = (converter: Converter, topic: string, headers: ConsumedRecord['headers']): Headers =>
  headers.map(([key, bytes]): Header => {
    const read = converter.toConnectHeader === undefined ? converter.toConnect(topic, bytes) : converter.toConnectHeader(topic, key, bytes);
    if (read === null) return { key, schema: null, value: null };
    const { schema, value } = ready(read);
    return { key, schema, value };
  });

const nothing: SchemaAndValue = { schema: null, value: null };

function ready(read: SchemaAndValue | Waiting | undefined): SchemaAndValue {
  // Caught by the lift, which suspends the batch at this record.
  if (read instanceof Waiting) throw read;
  return read ?? nothing;
}
