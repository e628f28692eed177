import { Decoders } from '../../converters/json/decode.ts';
import { isObjectNode, type JsonNode, type JsonObject } from '../../converters/json/node.ts';
import { exactly, schemaless } from '../../converters/json/numbers.ts';
import { parseJson } from '../../converters/json/parse.ts';
import { schemaFromJson } from '../../converters/json/schema-json.ts';
import { type Header, noHeaders } from '../../record/headers.ts';
import { type ConnectRecord, connectRecord, type Origin } from '../../record/record.ts';
import type { Value } from '../../record/value.ts';
import type { SchemaAndValue } from '../../sdk/converter.ts';

/** What records are when they do not say. */
export interface RecordDefaults {
  readonly topic: string;
  /** Records of a sink connector were consumed: they have an offset and a place they came from. */
  readonly consumed: boolean;
}

const members = ['topic', 'partition', 'offset', 'timestamp', 'key', 'value', 'headers'];
const decoders = new Decoders({ replaceNulls: false });

/** The record that a line says; `sluice try --help` tells the forms. Throws a sentence about what is wrong. */
export function readRecord(line: string, { topic, consumed }: RecordDefaults, index: number): ConnectRecord {
  const exact = parseJson(line, exactly);
  const plain = parseJson(line, schemaless);
  if (exact === undefined || plain === undefined) throw new SyntaxError('There is no JSON on the line');
  if (!isRecord(exact)) return made({ topic, consumed, index, ...connectPart(exact, plain) }, {});
  const parts = plain as { readonly [member: string]: Value };
  const part = (name: string): SchemaAndValue => connectPart(exact[name] ?? null, parts[name] ?? null);
  const key = part('key');
  return made(
    { topic: textMember(exact, 'topic') ?? topic, consumed, index: numberMember(exact, 'offset') ?? index, ...part('value') },
    {
      keySchema: key.schema,
      key: key.value,
      partition: numberMember(exact, 'partition'),
      timestamp: numberMember(exact, 'timestamp'),
      headers: headersOf(exact['headers'] ?? null, parts['headers'] ?? null),
    },
  );
}

const isRecord = (node: JsonNode): node is JsonObject =>
  isObjectNode(node) && Object.hasOwn(node, 'value') && Object.keys(node).every((name) => members.includes(name));

type Made = RecordDefaults & SchemaAndValue & { readonly index: number };

function made({ topic, consumed, index, schema, value }: Made, more: Partial<ConnectRecord>): ConnectRecord {
  const partition = more.partition ?? (consumed ? 0 : null);
  const timestampType = (more.timestamp ?? null) === null ? 'NoTimestampType' : 'CreateTime';
  const origin: Origin | null = consumed ? { topic, partition: partition ?? 0, timestampType } : null;
  return connectRecord({ ...more, topic, partition, valueSchema: schema, value, offset: consumed ? index : -1, origin });
}

function connectPart(exact: JsonNode, plain: Value): SchemaAndValue {
  if (!isEnvelope(exact)) return { schema: null, value: plain };
  if (exact['schema'] === null) return { schema: null, value: (plain as { readonly payload: Value }).payload };
  const schema = schemaFromJson(exact['schema'], decoders);
  return { schema, value: decoders.for(schema)(exact['payload']) };
}

const isEnvelope = (node: JsonNode): node is JsonObject =>
  isObjectNode(node) && Object.keys(node).length === 2 && Object.hasOwn(node, 'schema') && Object.hasOwn(node, 'payload');

function headersOf(exact: JsonNode, plain: Value): readonly Header[] {
  if (exact === null) return noHeaders;
  const list = Array.isArray(exact) ? (exact as readonly JsonNode[]) : undefined;
  if (list !== undefined) {
    return list.map((header, i): Header => {
      if (!isObjectNode(header) || typeof header['key'] !== 'string') throw new SyntaxError('A header has no key');
      const { value = null } = (plain as readonly { readonly [member: string]: Value }[])[i] ?? {};
      return { key: header['key'], ...connectPart(header['value'] ?? null, value) };
    });
  }
  if (!isObjectNode(exact)) throw new SyntaxError('headers is neither an object nor a list');
  const values = plain as { readonly [name: string]: Value };
  return Object.entries(exact).map(([key, header]) => ({ key, ...connectPart(header, values[key] ?? null) }));
}

function textMember(node: JsonObject, name: string): string | undefined {
  const found = node[name];
  if (found === undefined || typeof found === 'string') return found;
  throw new SyntaxError(`${name} is no text`);
}

function numberMember(node: JsonObject, name: string): number | null {
  const found = node[name] ?? null;
  if (found === null || (typeof found === 'number' && Number.isSafeInteger(found))) return found;
  throw new SyntaxError(`${name} is no whole number`);
}
