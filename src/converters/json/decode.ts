import {
  bytesToDecimal,
  checkField,
  Decimal,
  dataException,
  dateName,
  daysToDate,
  decimalName,
  int64,
  millisToTime,
  type Schema,
  type SchemaType,
  timeName,
  timestampName,
  type Value,
} from 'sluice/sdk';
import { fromBase64 } from './base64.ts';
import { isNumberNode, isObjectNode, type JsonNode, JsonReal, nodeType } from './node.ts';
import { doubleOf, intOf, longOf } from './numbers.ts';

/** Reads a node as a value of one schema; `undefined`: a missing member. */
export type Decoder = (node: JsonNode | undefined) => Value;
type Read = (node: Exclude<JsonNode, null>) => Value;

/** Compiles a decoder per schema, once. */
export class Decoders {
  readonly #replaceNulls: boolean;
  readonly #made = new WeakMap<Schema, Decoder>();
  /** Values read as `null` where the node was something else: a struct has to look whether it may hold them. */
  #strays = 0;

  constructor({ replaceNulls }: { readonly replaceNulls: boolean }) {
    this.#replaceNulls = replaceNulls;
  }

  for(schema: Schema): Decoder {
    let decoder = this.#made.get(schema);
    if (decoder === undefined) {
      decoder = this.#compile(schema);
      this.#made.set(schema, decoder);
    }
    return decoder;
  }

  #compile(schema: Schema): Decoder {
    const read = (schema.name === null ? undefined : logical(schema.name, schema)) ?? this.#byType[schema.type](schema);
    const { optional } = schema;
    const replacement = this.#replaceNulls ? schema.default : undefined;
    return (node) => {
      if (node !== null && node !== undefined) return read(node);
      if (replacement !== undefined) return replacement;
      if (optional) return null;
      throw dataException(`Invalid null value for required ${schema.type.toUpperCase()} field`);
    };
  }

  readonly #byType: Readonly<Record<SchemaType, (schema: Schema) => Read>> = {
    int8: () => (node) => (isNumberNode(node) ? (intOf(node) << 24) >> 24 : 0),
    int16: () => (node) => (isNumberNode(node) ? (intOf(node) << 16) >> 16 : 0),
    int32: () => (node) => (isNumberNode(node) ? intOf(node) : 0),
    int64: () => (node) => {
      if (typeof node === 'number' && Number.isInteger(node)) return node;
      return isNumberNode(node) ? int64(longOf(node)) : 0;
    },
    float32: () => (node) => (isNumberNode(node) ? Math.fround(doubleOf(node)) : 0),
    float64: () => (node) => (isNumberNode(node) ? doubleOf(node) : 0),
    boolean: () => (node) => node === true,
    string: () => (node) => (typeof node === 'string' ? node : this.#stray()),
    bytes: () => (node) => (typeof node === 'string' ? bytesOf(node) : this.#stray()),
    array: (schema) => this.#array(schema),
    map: (schema) => (schema.keySchema?.type === 'string' ? this.#stringMap(schema) : this.#pairs(schema)),
    struct: (schema) => this.#struct(schema),
  };

  #stray(): null {
    this.#strays++;
    return null;
  }

  #array(schema: Schema): Read {
    const element = this.#of(schema.valueSchema);
    return (node) => {
      if (Array.isArray(node)) return (node as readonly JsonNode[]).map(element);
      return isObjectNode(node) ? Object.values(node).map(element) : [];
    };
  }

  #stringMap(schema: Schema): Read {
    const value = this.#of(schema.valueSchema);
    return (node) => {
      if (!isObjectNode(node))
        throw dataException(`Maps with string fields should be encoded as JSON objects, but found ${nodeType(node)}`);
      return new Map(Object.entries(node).map(([key, member]) => [key, value(member)]));
    };
  }

  #pairs(schema: Schema): Read {
    const key = this.#of(schema.keySchema);
    const value = this.#of(schema.valueSchema);
    return (node) => {
      if (!Array.isArray(node)) {
        throw dataException(`Maps with non-string fields should be encoded as JSON array of tuples, but found ${nodeType(node)}`);
      }
      return new Map((node as readonly JsonNode[]).map((pair) => entryOf(pair, key, value)));
    };
  }

  #struct(schema: Schema): Read {
    const fields = schema.fields ?? [];
    const decoders = fields.map((field) => this.for(field.schema));
    const inherited = fields.map(({ name }) => name in Object.prototype);
    return (node) => {
      if (!isObjectNode(node)) throw dataException(`Structs should be encoded as JSON objects, but found ${nodeType(node)}`);
      const struct: { [name: string]: Value } = {};
      for (let i = 0; i < fields.length; i++) {
        const field = fields[i]!;
        const strays = this.#strays;
        // Names of Object.prototype are data like any other.
        const value = decoders[i]!(inherited[i] && !Object.hasOwn(node, field.name) ? undefined : node[field.name]);
        if (this.#strays !== strays) checkField(field.name, field.schema, value);
        if (field.name === '__proto__')
          Object.defineProperty(struct, field.name, { value, writable: true, enumerable: true, configurable: true });
        else struct[field.name] = value;
      }
      return struct;
    };
  }

  /** `null`: a container whose element schema is unknown cannot be read. */
  #of(schema: Schema | null): Decoder {
    return schema === null ? () => null : this.for(schema);
  }
}

function entryOf(pair: JsonNode, key: Decoder, value: Decoder): [Value, Value] {
  if (!Array.isArray(pair)) throw dataException(`Found invalid map entry instead of array tuple: ${nodeType(pair)}`);
  if (pair.length !== 2) throw dataException(`Found invalid map entry, expected length 2 but found :${pair.length}`);
  return [key(pair[0]), value(pair[1])];
}

function bytesOf(text: string): Uint8Array {
  const bytes = fromBase64(text);
  if (bytes === undefined) throw dataException('Invalid bytes field');
  return bytes;
}

function logical(name: string, schema: Schema): Read | undefined {
  switch (name) {
    case decimalName:
      return (node) => decimalOf(schema, node);
    case dateName:
      return (node) => daysToDate(smallInteger(node, 'Date'));
    case timeName:
      return (node) => millisToTime(smallInteger(node, 'Time'));
    case timestampName:
      return (node) => {
        if ((typeof node === 'number' && Number.isInteger(node)) || typeof node === 'bigint') return new Date(Number(longOf(node)));
        throw dataException(`Invalid type for Timestamp, underlying representation should be integral but was ${nodeType(node)}`);
      };
    default:
      return undefined;
  }
}

function decimalOf(schema: Schema, node: Exclude<JsonNode, null>): Decimal {
  if (typeof node === 'number' || typeof node === 'bigint' || node instanceof JsonReal) {
    const decimal = Decimal.parse(node instanceof JsonReal ? node.text : String(node));
    if (decimal !== undefined) return decimal;
  }
  if (typeof node !== 'string') {
    throw dataException(`Invalid type for Decimal, underlying representation should be numeric or bytes but was ${nodeType(node)}`);
  }
  const bytes = fromBase64(node);
  try {
    if (bytes !== undefined && bytes.length > 0) return bytesToDecimal(schema, bytes);
  } catch (error) {
    throw dataException('Invalid bytes for Decimal field', error);
  }
  throw dataException('Invalid bytes for Decimal field');
}

function smallInteger(node: Exclude<JsonNode, null>, what: string): number {
  if (typeof node === 'number' && node === (node | 0)) return node;
  throw dataException(`Invalid type for ${what}, underlying representation should be integer but was ${nodeType(node)}`);
}
