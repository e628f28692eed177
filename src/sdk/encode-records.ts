import type { Stage } from '../record/outcome.ts';
import type { ConnectRecord } from '../record/record.ts';
import { type Converter, type Converters, type Payload, Waiting, type WireHeaders } from './converter.ts';
import { type Body, lift } from './lift.ts';
import type { BatchOperator } from './operator.ts';
import { passOn } from './pass-on.ts';

/** A record as a producer takes it. */
export interface EncodedRecord {
  readonly topic: string;
  /** `null`: the producer chooses. */
  readonly partition: number | null;
  readonly key: Payload;
  readonly value: Payload;
  /** `undefined`: none. */
  readonly headers: WireHeaders | undefined;
  /** Milliseconds; `undefined`: now. */
  readonly timestamp: number | undefined;
}

/**
 * Turns records into keys, values and headers for a producer by the converters of a source connector: headers, then key, then value, as
 * Connect does. A key or value converter may add headers.
 *
 * A failure has the stage of its converter. While a converter waits for a schema, the batch and what is behind it wait in their order.
 */
export const encodeRecords = (converters: Converters): BatchOperator<ConnectRecord, EncodedRecord> => lift(encodeBody(converters), passOn);

function encodeBody({ key, value, header }: Converters): Body<ConnectRecord, EncodedRecord> {
  const adds = key.addsHeaders === true || value.addsHeaders === true;
  return (records, progress) => {
    let stage: Stage = 'HEADER_CONVERTER';
    let i = progress.index;
    if (i === 0) progress.out = [];
    const out = progress.out as EncodedRecord[];
    try {
      for (; i < records.length; i++) {
        const record = records[i] as ConnectRecord;
        const { topic } = record;
        stage = 'HEADER_CONVERTER';
        const headers = record.headers.length > 0 || adds ? encodeHeaders(header, record) : undefined;
        stage = 'KEY_CONVERTER';
        const keyPayload = key.fromConnect(topic, record.keySchema, record.key, headers);
        if (keyPayload instanceof Waiting) throw keyPayload;
        stage = 'VALUE_CONVERTER';
        const valuePayload = value.fromConnect(topic, record.valueSchema, record.value, headers);
        if (valuePayload instanceof Waiting) throw valuePayload;
        out.push({
          topic,
          partition: record.partition,
          key: keyPayload,
          value: valuePayload,
          headers,
          timestamp: record.timestamp ?? undefined,
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

function encodeHeaders(converter: Converter, { topic, headers }: ConnectRecord): WireHeaders {
  const wire: WireHeaders = [];
  for (const { key, schema, value } of headers) {
    const payload =
      converter.fromConnectHeader === undefined
        ? converter.fromConnect(topic, schema, value)
        : converter.fromConnectHeader(topic, key, schema, value);
    if (payload instanceof Waiting) throw payload;
    wire.push([key, payload]);
  }
  return wire;
}
