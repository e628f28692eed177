import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { booleanConverter } from '../../src/converters/boolean.ts';
import { byteArrayConverter } from '../../src/converters/byte-array.ts';
import { doubleConverter } from '../../src/converters/double.ts';
import { floatConverter } from '../../src/converters/float.ts';
import { integerConverter } from '../../src/converters/integer.ts';
import type { JsonObject } from '../../src/converters/json/node.ts';
import { jsonConverter } from '../../src/converters/json.ts';
import { longConverter } from '../../src/converters/long.ts';
import { shortConverter } from '../../src/converters/short.ts';
import { simpleHeaderConverter } from '../../src/converters/simple-header.ts';
import { stringConverter } from '../../src/converters/string.ts';
import {
  ConnectError,
  type Converter,
  type ConverterDefinition,
  createConverter,
  type SchemaAndValue,
  SluiceError,
  schemaEquals,
  valueEquals,
  Waiting,
} from '../../src/sdk/index.ts';
import { parseVector, readEnvelope } from '../recorded/envelope.ts';

const definitions = [
  stringConverter,
  jsonConverter,
  byteArrayConverter,
  simpleHeaderConverter,
  booleanConverter,
  shortConverter,
  integerConverter,
  longConverter,
  floatConverter,
  doubleConverter,
] as unknown as readonly ConverterDefinition[];
const lines = readFileSync(new URL('../vectors/converters.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean);

interface Vector {
  readonly id: string;
  readonly converter: string;
  readonly config: Readonly<Record<string, string>>;
  readonly isKey?: boolean;
  readonly headerKey?: string;
  readonly topic: string;
  readonly direction: 'from' | 'to';
  readonly input: JsonObject | string | null;
  readonly expect: JsonObject;
}

const vectors = lines.map((line) => parseVector(line) as unknown as Vector);
const implemented = new Map(definitions.flatMap((definition) => (definition.aliases ?? []).map((alias) => [alias, definition] as const)));

/** The answer of a converter in the shape of `expect`; an env is compared by itself. */
function answer(vector: Vector, definition: ConverterDefinition): { bytes: string | null } | { read: SchemaAndValue | null } | JsonObject {
  let converter: Converter;
  try {
    converter = createConverter(definition, vector.config, vector.headerKey === undefined ? (vector.isKey ? 'key' : 'value') : 'header');
  } catch (error) {
    return { configError: describeError(error) };
  }
  try {
    return vector.direction === 'from' ? { bytes: written(converter, vector) } : { read: read(converter, vector) };
  } catch (error) {
    return { error: describeError(error) };
  }
}

function written(converter: Converter, { topic, input, headerKey }: Vector): string | null {
  const { schema, value } = readEnvelope(input as JsonObject);
  const payload =
    headerKey === undefined ? converter.fromConnect(topic, schema, value) : converter.fromConnectHeader?.(topic, headerKey, schema, value);
  if (payload === undefined) throw new Error('the converter takes no headers');
  if (payload instanceof Waiting) throw new Error('no converter here waits');
  return payload === null ? null : Buffer.from(payload).toString('base64');
}

function read(converter: Converter, { topic, input, headerKey }: Vector): SchemaAndValue | null {
  const bytes = input === null ? null : Buffer.from(String(input), 'base64');
  const result = headerKey === undefined ? converter.toConnect(topic, bytes) : converter.toConnectHeader?.(topic, headerKey, bytes);
  if (result === undefined) throw new Error('the converter takes no headers');
  if (result instanceof Waiting) throw new Error('no converter here waits');
  return result;
}

function describeError(error: unknown): JsonObject {
  if (error instanceof ConnectError) return { class: error.javaClass, message: error.message };
  if (!(error instanceof SluiceError)) throw error;
  const [problem] = error.facts.problems as readonly { message: string }[];
  return { class: 'org.apache.kafka.common.config.ConfigException', message: problem?.message ?? '' };
}

function check(vector: Vector, definition: ConverterDefinition): void {
  const actual = answer(vector, definition);
  if (!('read' in actual)) {
    if (vector.expect.unordered === true) expect(meaning(actual as JsonObject), vector.id).toEqual(meaning(vector.expect));
    else expect(actual, vector.id).toEqual(vector.expect);
    return;
  }
  expect(vector.expect, vector.id).toHaveProperty('env');
  const wanted = vector.expect.env === null ? null : readEnvelope(vector.expect.env as JsonObject);
  if (actual.read === null || wanted === null) {
    expect(actual.read, vector.id).toEqual(wanted);
    return;
  }
  const { schema, value } = actual.read as SchemaAndValue;
  if (schemaEquals(schema, wanted.schema) && valueEquals(value, wanted.value)) return;
  expect(actual.read, vector.id).toEqual(wanted);
  throw new Error(`${vector.id}: equal to the eye, but of another kind`);
}

function problemOf(vector: Vector, definition: ConverterDefinition): readonly string[] {
  try {
    check(vector, definition);
    return [];
  } catch (error) {
    return [`${vector.id}: ${String(error)}`];
  }
}

const meaning = ({ bytes }: JsonObject): unknown => JSON.parse(Buffer.from(String(bytes), 'base64').toString());

describe.each(definitions.map((definition) => [definition.aliases?.[0] ?? '', definition] as const))('%s', (name, definition) => {
  const cases = vectors.filter((vector) => vector.converter === name);

  test(`answers all ${cases.length} recorded cases as Kafka Connect does`, () => {
    expect(cases.length).toBeGreaterThan(0);
    expect(cases.flatMap((vector) => problemOf(vector, definition))).toEqual([]);
  });
});

test('a corrupted vector is noticed, in each direction', () => {
  const of = (id: string, expectation: JsonObject) => ({ ...(vectors.find((vector) => vector.id === id) as Vector), expect: expectation });
  expect(() => check(of('StringConverter/from-0001', { bytes: 'eA==' }), definitions[0] as ConverterDefinition)).toThrow();
  expect(() => check(of('JsonConverter/to-0030', { env: { schema: null, payload: 1 } }), definitions[1] as ConverterDefinition)).toThrow();
  expect(() =>
    check(of('JsonConverter/to-0009', { error: { class: 'x', message: 'y' } }), definitions[1] as ConverterDefinition),
  ).toThrow();
});

test('no recorded case is left out', () => {
  expect(vectors.filter(({ converter }) => !implemented.has(converter)).map(({ id }) => id)).toEqual([]);
});
