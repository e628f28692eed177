import { type JsonNode, type JsonObject, JsonReal } from '../../src/converters/json/node.ts';
import { exactly } from '../../src/converters/json/numbers.ts';
import { parseJson } from '../../src/converters/json/parse.ts';
import {
  arraySchema,
  bytesToDecimal,
  Decimal,
  JavaNumber,
  mapSchema,
  type NumberKind,
  type PrimitiveType,
  primitiveSchema,
  type Schema,
  type SchemaAndValue,
  structSchema,
  type Value,
  withAttributes,
} from '../../src/sdk/index.ts';

/** Reads a line of a vector file; integers beyond 2^53 are bigints, reals keep their text. */
export const parseVector = (line: string): JsonObject => parseJson(line, exactly) as JsonObject;

const members = (node: JsonNode | undefined): JsonObject => (node ?? {}) as JsonObject;
const elements = (node: JsonNode | undefined): readonly JsonNode[] => (node ?? []) as readonly JsonNode[];
const number = (node: JsonNode): number => (node instanceof JsonReal ? Number(node.text) : Number(node));

/** The schema and value of an ENV (see test/vectors/README.md), read without the code under test. */
export function readEnvelope(env: JsonObject): SchemaAndValue {
  const schema = readSchema(env.schema ?? null);
  const tags = new Map(Object.entries(members(env.javaTypes)).map(([pointer, tag]) => [pointer, String(tag)]));
  if (env.javaType !== undefined) tags.set('', String(env.javaType));
  return { schema, value: new ValueReader(tags).read(schema, env.payload ?? null, '') };
}

const types: Readonly<Record<string, PrimitiveType>> = { float: 'float32', double: 'float64' };

function readSchema(node: JsonNode): Schema | null {
  if (node === null) return null;
  const json = members(node);
  const type = String(json.type);
  const bare =
    type === 'array'
      ? arraySchema(readSchema(json.items ?? null))
      : type === 'map'
        ? mapSchema(readSchema(json.keys ?? null), readSchema(json.values ?? null))
        : type === 'struct'
          ? structSchema(
              elements(json.fields).map((field): readonly [string, Schema] => [String(members(field).field), readSchema(field) as Schema]),
            )
          : primitiveSchema(types[type] ?? (type as PrimitiveType));
  const schema = withAttributes(bare, {
    optional: json.optional === true,
    name: json.name === undefined ? null : String(json.name),
    version: json.version === undefined ? null : Number(json.version),
    doc: json.doc === undefined ? null : String(json.doc),
    parameters: json.parameters === undefined ? null : (members(json.parameters) as Readonly<Record<string, string>>),
  });
  if (json.default === undefined) return schema;
  return withAttributes(schema, { default: new ValueReader(new Map()).read(schema, json.default, '') });
}

class ValueReader {
  readonly #tags: ReadonlyMap<string, string>;

  constructor(tags: ReadonlyMap<string, string>) {
    this.#tags = tags;
  }

  read(schema: Schema | null, node: JsonNode, path: string): Value {
    const tag = this.#tags.get(path);
    if (tag !== undefined) return alignTag(this.#tagged(tag, node, path), schema);
    if (node === null) return null;
    if (schema === null) return this.#plain(node, path);
    return logical(schema, node) ?? this.#typed(schema, node, path);
  }

  #tagged(tag: string, node: JsonNode, path: string): Value {
    switch (tag) {
      case 'String':
      case 'Boolean':
        return node as Value;
      case 'java.util.Date':
        return new Date(Number(node));
      case 'BigDecimal':
        return Decimal.parse(String(node)) ?? null;
      case 'bytes':
        return Buffer.from(String(node), 'base64');
      case 'Struct':
        return readEnvelope(members(node)).value;
      case 'Map':
        return this.#pairs(null, null, node, path);
      case 'Long':
        return node as Value;
      case 'Double':
        return Number.isSafeInteger(number(node)) ? new JavaNumber('Double', number(node)) : number(node);
      case 'Float':
        return new JavaNumber('Float', Math.fround(number(node)));
      default:
        return new JavaNumber(tag as NumberKind, number(node));
    }
  }

  #plain(node: Exclude<JsonNode, null>, path: string): Value {
    if (node instanceof JsonReal) return this.#tagged('Double', node, path);
    if (Array.isArray(node)) return this.#list(null, node, path);
    if (typeof node !== 'object') return node;
    return Object.fromEntries(Object.entries(node).map(([name, member]) => [name, this.read(null, member, `${path}/${token(name)}`)]));
  }

  #typed(schema: Schema, node: Exclude<JsonNode, null>, path: string): Value {
    switch (schema.type) {
      case 'array':
        return this.#list(schema.valueSchema, elements(node), path);
      case 'map':
        if (schema.keySchema?.type !== 'string') return this.#pairs(schema.keySchema, schema.valueSchema, node, path);
        return new Map(
          Object.entries(members(node)).map(([name, member]) => [name, this.read(schema.valueSchema, member, `${path}/${token(name)}`)]),
        );
      case 'struct': {
        const fields = schema.fields ?? [];
        const read = fields.map(({ name, schema: part }) => ({
          name,
          part,
          value: this.read(part, members(node)[name] ?? null, `${path}/${token(name)}`),
        }));
        // Null in a required field with a default was never set: Java would have refused it.
        return Object.fromEntries(
          read.flatMap(({ name, part, value }) => (value === null && !part.optional && part.default !== undefined ? [] : [[name, value]])),
        );
      }
      case 'bytes':
        return Buffer.from(String(node), 'base64');
      case 'float32':
        return Math.fround(number(node));
      case 'float64':
        return number(node);
      default:
        return node as Value;
    }
  }

  #list(schema: Schema | null, nodes: readonly JsonNode[], path: string): Value {
    return nodes.map((element, i) => this.read(schema, element, `${path}/${i}`));
  }

  #pairs(keys: Schema | null, values: Schema | null, node: JsonNode, path: string): Value {
    return new Map(
      elements(node).map((pair, i) => [
        this.read(keys, elements(pair)[0] ?? null, `${path}/${i}/0`),
        this.read(values, elements(pair)[1] ?? null, `${path}/${i}/1`),
      ]),
    );
  }
}

const numberTypes: Readonly<Record<string, NumberKind>> = {
  int8: 'Byte',
  int16: 'Short',
  int32: 'Integer',
  float32: 'Float',
  float64: 'Double',
};

/** A number whose schema tells its class is a plain one: the tag was written for the schema's logical name. */
const alignTag = (value: Value, schema: Schema | null): Value =>
  value instanceof JavaNumber && schema !== null && numberTypes[schema.type] === value.kind ? value.value : value;

const token = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

function logical(schema: Schema, node: Exclude<JsonNode, null>): Value | undefined {
  // Whatever the primitive type; a struct may be called anything.
  if (schema.type === 'struct' || schema.type === 'map' || schema.type === 'array') return undefined;
  switch (schema.name) {
    case 'org.apache.kafka.connect.data.Decimal':
      return bytesToDecimal(schema, Buffer.from(String(node), 'base64'));
    case 'org.apache.kafka.connect.data.Date':
      return new Date(Number(node) * 86_400_000);
    case 'org.apache.kafka.connect.data.Time':
    case 'org.apache.kafka.connect.data.Timestamp':
      return new Date(Number(node));
    default:
      return undefined;
  }
}
