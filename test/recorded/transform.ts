import type { JsonNode, JsonObject } from '../../src/converters/json/node.ts';
import { type ConnectRecord, type Header, type Origin, schemaEquals, valueEquals } from '../../src/sdk/index.ts';
import { ChainError, transformRecord } from '../../src/testing/index.ts';
import { readEnvelope } from './envelope.ts';
import { type Difference, deepDifference, errorDifference, show, type Vector } from './vector.ts';

export interface TransformVector extends Vector {
  readonly recordType: 'sink' | 'source';
  readonly config: Readonly<Record<string, string>>;
  readonly input: JsonObject;
}

/** Runs the chain of a case on its record and compares the whole answer. */
export async function transformDifference({ config, input, recordType, expect }: TransformVector): Promise<Difference> {
  let out: readonly ConnectRecord[];
  try {
    out = await transformRecord(config, readRecord(input, recordType));
  } catch (error) {
    return failureDifference(error, expect);
  }
  const [record] = out;
  if (expect.dropped === true) return record === undefined ? undefined : `gave ${show(record)}, expected nothing`;
  if (expect.record === undefined) return `gave ${show(record)}, expected ${show(expect)}`;
  if (record === undefined) return 'dropped the record';
  return recordDifference(record, readRecord(expect.record as JsonObject, recordType));
}

function failureDifference(error: unknown, { configError, error: thrown }: JsonObject): Difference {
  if (configError !== undefined) {
    const expected = configError as JsonObject;
    const at = error instanceof ChainError ? error.at : 'validate';
    return errorDifference(error, expected) ?? deepDifference(at, expected.at);
  }
  if (thrown !== undefined && !(error instanceof ChainError)) return errorDifference(error, thrown as JsonObject);
  return `threw ${error instanceof Error ? error.stack : String(error)}`;
}

function readRecord(json: JsonObject, recordType: TransformVector['recordType']): ConnectRecord {
  const key = readEnvelope(json.key as JsonObject);
  const value = readEnvelope(json.value as JsonObject);
  const headers = (json.headers as readonly JsonObject[]).map((header): Header => {
    const read = readEnvelope(header.value as JsonObject);
    return { key: String(header.key), schema: read.schema, value: read.value };
  });
  return {
    topic: String(json.topic),
    partition: numberOr(json.partition, null),
    keySchema: key.schema,
    key: key.value,
    valueSchema: value.schema,
    value: value.value,
    timestamp: numberOr(json.timestamp, null),
    headers,
    offset: numberOr(json.offset, -1),
    origin: recordType === 'source' ? null : originOf(json),
  };
}

const originOf = (json: JsonObject): Origin => ({
  topic: String(json.topic),
  partition: numberOr(json.partition, 0),
  timestampType: json.timestampType as Origin['timestampType'],
});

const numberOr = <T>(node: JsonNode | undefined, otherwise: T): number | T =>
  node === null || node === undefined ? otherwise : Number(node);

function recordDifference(actual: ConnectRecord, expected: ConnectRecord): Difference {
  for (const part of ['topic', 'partition', 'timestamp', 'offset'] as const) {
    if (actual[part] !== expected[part]) return `${part} is ${actual[part]}, expected ${expected[part]}`;
  }
  if (actual.origin?.timestampType !== expected.origin?.timestampType) return 'timestampType differs';
  if (actual.headers.length !== expected.headers.length) return `headers are ${show(actual.headers)}, expected ${show(expected.headers)}`;
  const halves = [
    ['key', actual.keySchema, actual.key, expected.keySchema, expected.key],
    ['value', actual.valueSchema, actual.value, expected.valueSchema, expected.value],
    ...expected.headers.map((header, i) => {
      const own = actual.headers[i] as Header;
      return [`header ${own.key}`, own.schema, own.value, own.key === header.key ? header.schema : undefined, header.value] as const;
    }),
  ] as const;
  for (const [part, schema, value, wantedSchema, wanted] of halves) {
    if (wantedSchema === undefined || !schemaEquals(schema, wantedSchema)) {
      return `schema of ${part} is ${show(schema)}, expected ${show(wantedSchema)}`;
    }
    if (!valueEquals(value, wanted)) return `${part} is ${show(value)}, expected ${show(wanted)}`;
  }
  return undefined;
}
