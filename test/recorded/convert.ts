import type { JsonObject } from '../../src/converters/json/node.ts';
import { type SchemaAndValue, schemaEquals, valueEquals } from '../../src/sdk/index.ts';
import { convertFrom, convertTo } from '../../src/testing/index.ts';
import { readEnvelope } from './envelope.ts';
import { type Difference, deepDifference, errorDifference, show, type Vector } from './vector.ts';

export interface ConverterVector extends Vector {
  readonly converter: string;
  readonly config: Readonly<Record<string, string>>;
  readonly isKey?: boolean;
  readonly headerKey?: string;
  readonly topic: string;
  readonly direction: 'from' | 'to';
  readonly input: JsonObject | string | null;
}

/** Converts the input of a case by the converters of a connector config and compares the whole answer. */
export async function converterDifference(vector: ConverterVector): Promise<Difference> {
  const { expect, direction } = vector;
  let answer: Uint8Array | SchemaAndValue | null;
  try {
    answer = direction === 'from' ? await write(vector) : await read(vector);
  } catch (error) {
    const expected = expect.configError ?? expect.error;
    return expected === undefined ? `threw ${String(error)}` : errorDifference(error, expected as JsonObject);
  }
  if (direction === 'to') return readDifference(answer as SchemaAndValue | null, expect);
  const bytes = answer === null ? null : Buffer.from(answer as Uint8Array).toString('base64');
  if (expect.unordered === true) return deepDifference(meaning(bytes), meaning(expect.bytes));
  return deepDifference({ bytes }, expect);
}

/** A map whose keys are no texts. */
const isPairs = (part: unknown): part is readonly unknown[][] =>
  Array.isArray(part) && part.every((pair) => Array.isArray(pair) && pair.length === 2);

const sorted = (part: unknown): unknown =>
  typeof part === 'object' && part !== null && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort()) : part;

/** Of a text that is no JSON, its characters in order: as much as can be said of members in any order. */
function meaning(base64: unknown): unknown {
  const text = Buffer.from(String(base64), 'base64').toString();
  try {
    return JSON.parse(text, (_name, part: unknown) => (isPairs(part) ? part.map((pair) => JSON.stringify(pair)).sort() : sorted(part)));
  } catch {
    return [...text].sort().join('');
  }
}

function connectorConfig({ converter, config }: ConverterVector, role: string): Record<string, string> {
  const own = Object.entries(config).map(([key, value]) => [`${role}.converter.${key}`, value]);
  return { [`${role}.converter`]: converter, ...Object.fromEntries(own) };
}

function subjectOf({ topic, headerKey, isKey }: ConverterVector) {
  return headerKey === undefined
    ? { topic, role: isKey === true ? ('key' as const) : ('value' as const) }
    : { topic, role: 'header' as const, header: headerKey };
}

function write(vector: ConverterVector): Promise<Uint8Array | null> {
  const subject = subjectOf(vector);
  return convertFrom(connectorConfig(vector, subject.role), { ...subject, ...readEnvelope(vector.input as JsonObject) });
}

function read(vector: ConverterVector): Promise<SchemaAndValue | null> {
  const subject = subjectOf(vector);
  const bytes = vector.input === null ? null : Buffer.from(String(vector.input), 'base64');
  return convertTo(connectorConfig(vector, subject.role), { ...subject, bytes });
}

function readDifference(actual: SchemaAndValue | null, expect: JsonObject): Difference {
  if (expect.env === undefined) return `gave ${show(actual)}, expected ${show(expect)}`;
  const wanted = expect.env === null ? null : readEnvelope(expect.env as JsonObject);
  if (actual === null || wanted === null) return actual === wanted ? undefined : `gave ${show(actual)}, expected ${show(wanted)}`;
  const same = schemaEquals(actual.schema, wanted.schema) && valueEquals(actual.value, wanted.value);
  return same ? undefined : `gave ${show(actual)}, expected ${show(wanted)}`;
}
