import { ConnectError, dataException, decimalName, type JavaNumber, type Schema, type SchemaAndValue, type Value } from 'sluice/sdk';
import { intactText, textOfBytes } from './bytes-text.ts';
import type { Decoders } from './decode.ts';
import { isTooDeep, maxDepth } from './depth.ts';
import { Lru } from './lru.ts';
import { isObjectNode, type JsonNode, type JsonReal } from './node.ts';
import { exactly, needsCare, schemaless } from './numbers.ts';
import { parseJson } from './parse.ts';
import { schemaFromJson } from './schema-json.ts';
import { Shapes } from './shapes.ts';

/** Reads documents; the text is that of valid UTF-8. */
export interface JsonReader {
  readBytes(bytes: Uint8Array): SchemaAndValue;
  readText(text: string): SchemaAndValue;
}

const readerOf = (readText: (text: string) => SchemaAndValue): JsonReader => ({
  readText: (text) => (startsOddly(text) ? readText(textOfBytes(new TextEncoder().encode(text))) : readText(text)),
  readBytes: (bytes) => {
    let text: string;
    try {
      text = textOfBytes(bytes);
    } catch (error) {
      return readBeforeDamage(bytes, readText, unreadable(error));
    }
    return readText(text);
  },
});

/** Jackson decodes as it reads: a value that ends before the bytes that are no UTF-8 is a value. */
function readBeforeDamage(bytes: Uint8Array, readText: (text: string) => SchemaAndValue, damaged: Error): SchemaAndValue {
  const intact = intactText(bytes);
  const read = readText(intact);
  // Nothing at all, or a number or word that may go on where the damage is.
  if (/^\s*$/.test(intact) || /[\w.+-]$/.test(intact)) throw damaged;
  return read;
}

/** A mark, or zeros: the bytes may say another encoding. */
const startsOddly = (text: string): boolean => text.charCodeAt(0) === 0xfeff || text.charCodeAt(0) === 0 || text.charCodeAt(1) === 0;

/** Any JSON, as a value without schema. No text at all is `null`. */
export function plainReader(): JsonReader {
  const shapes = new Shapes(schemaless);
  return readerOf((text) => {
    const known = shapes.read(text);
    if (known !== undefined) return { schema: null, value: known };
    const value = parse(text) ?? null;
    shapes.learn(text, value);
    return { schema: null, value };
  });
}

function parse(text: string): Value | undefined {
  if (!needsCare(text)) {
    try {
      return parseFast(text) as Value;
    } catch {
      // Read again below: what Jackson takes is a little more, and errors are to say where.
    }
  }
  try {
    return parseJson(text, schemaless);
  } catch (error) {
    throw unreadable(error);
  }
}

/** `JSON.parse`, throwing for what is nested too deep, which takes two characters a level. */
function parseFast(text: string): unknown {
  const node: unknown = JSON.parse(text);
  if (text.length > 2 * maxDepth && isTooDeep(node)) throw new SyntaxError('Nested too deep');
  return node;
}

function parseExactly(text: string): JsonNode | undefined {
  try {
    return parseJson(text, exactly);
  } catch (error) {
    throw unreadable(error);
  }
}

const unreadable = (cause: unknown): Error =>
  dataException('Converting byte[] to Kafka Connect data failed due to serialization error: ', cause);

/** Any JSON, as a value of one schema known beforehand. */
export const schemaReader = (schema: Schema, decoders: Decoders): JsonReader =>
  readerOf((text) => ({ schema, value: decoders.for(schema)(parseExactly(text)) }));

/** The schema that a setting says; `undefined` where the text is `null`. */
export function parseSchema(text: string, decoders: Decoders): Schema | undefined {
  let node: JsonNode | undefined;
  try {
    node = parseJson(text, exactly);
  } catch (error) {
    throw new ConnectError('SerializationException', `${String(error)} of schema.content`, error);
  }
  return node === null ? undefined : schemaFromJson(node, decoders);
}

/** What envelopes of one schema begin with. */
interface Envelope {
  readonly head: string;
  readonly schema: Schema | null;
  /** Decimals show every digit of a number with a point. */
  readonly decimals: boolean;
  readonly shapes: Shapes<number | bigint | JsonReal | JavaNumber>;
}

const schemaStart = '{"schema":';
const payloadStart = ',"payload":';
const recentSize = 8;

/**
 * Documents of a schema and a payload.
 *
 * The schema's text is nearly always that of a record before: then it is recognised, and only the payload is parsed.
 */
export function envelopeReader(decoders: Decoders, cacheSize: number): JsonReader {
  const schemas = new Lru<string, Schema>(cacheSize);
  const recent: Envelope[] = [];
  const known = (text: string) => {
    // Not startsWith, which compares character by character: equality compares memory.
    const at = recent.findIndex(({ head }) => text.slice(0, head.length) === head);
    const found = recent[at];
    if (found !== undefined && at > 0) recent.unshift(...recent.splice(at, 1));
    return found;
  };
  const remember = (text: string, schema: Schema | null) => {
    const head = headOf(text);
    if (head === undefined) return;
    const shapes = new Shapes<number | bigint | JsonReal | JavaNumber>(schema === null ? schemaless : exactly);
    recent.unshift({ head, schema, decimals: schema !== null && hasDecimals(schema), shapes });
    if (recent.length > recentSize) recent.pop();
  };
  const schemaOf = (node: JsonNode): Schema | null => {
    if (node === null) return null;
    const text = JSON.stringify(node, (_key, value) => (typeof value === 'bigint' ? value.toString() : value));
    const schema = schemas.get(text) ?? schemaFromJson(node, decoders);
    schemas.set(text, schema);
    return schema;
  };
  return readerOf((text) => {
    const envelope = known(text);
    const fast = envelope === undefined ? undefined : readPayload(text, envelope, decoders);
    if (fast !== undefined) return fast;
    const node = parseExactly(text);
    if (!isObjectNode(node) || !isEnvelope(node)) throw noEnvelope();
    const schema = schemaOf(node.schema as JsonNode);
    if (envelope === undefined) remember(text, schema);
    else envelope.shapes.learn(payloadOf(text, envelope), node.payload);
    return { schema, value: schema === null ? (plainPayload(text) ?? null) : decoders.for(schema)(node.payload) };
  });
}

function readPayload(text: string, envelope: Envelope, decoders: Decoders): SchemaAndValue | undefined {
  if (!text.endsWith('}')) return undefined;
  const { schema, decimals, shapes } = envelope;
  const payload = payloadOf(text, envelope);
  if (decimals && payload.includes('.')) return undefined;
  const decoded = (node: unknown): SchemaAndValue => ({
    schema,
    value: schema === null ? (node as Value) : decoders.for(schema)(node as JsonNode),
  });
  const known = shapes.read(payload);
  if (known !== undefined) return decoded(known);
  if (needsCare(payload)) return undefined;
  let node: unknown;
  try {
    node = parseFast(payload);
  } catch {
    // Not one value: perhaps more members follow.
    return undefined;
  }
  shapes.learn(payload, node);
  return decoded(node);
}

const payloadOf = (text: string, { head }: Envelope): string => text.slice(head.length, -1);

/** The payload of a document without schema, its numbers read as such. */
const plainPayload = (text: string): Value | undefined => (parse(text) as { readonly payload?: Value }).payload;

const isEnvelope = (node: { readonly [member: string]: JsonNode }): boolean =>
  Object.keys(node).length === 2 && Object.hasOwn(node, 'schema') && Object.hasOwn(node, 'payload');

const noEnvelope = (): Error =>
  dataException(
    'JsonConverter with schemas.enable requires "schema" and "payload" fields and may not contain additional fields. ' +
      'If you are trying to deserialize plain JSON data, set schemas.enable=false in your converter configuration.',
  );

/** The text up to the payload, where it is written as Connect writes it. */
function headOf(text: string): string | undefined {
  if (!text.startsWith(schemaStart)) return undefined;
  const end = text.startsWith('null', schemaStart.length) ? schemaStart.length + 4 : endOfObject(text, schemaStart.length);
  return text.startsWith(payloadStart, end) ? text.slice(0, end + payloadStart.length) : undefined;
}

/** The position behind the object that starts here. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const character = text[i];
    if (character === '"') i = endOfString(text, i);
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return i + 1;
  }
  return text.length;
}

function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i;
}

function hasDecimals(schema: Schema): boolean {
  if (schema.name === decimalName) return true;
  const parts = [schema.keySchema, schema.valueSchema, ...(schema.fields ?? []).map((field) => field.schema)];
  return parts.some((part) => part !== null && hasDecimals(part));
}
