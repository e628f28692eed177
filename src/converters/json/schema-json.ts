import {
  arraySchema,
  ConnectError,
  dataException,
  mapSchema,
  type PrimitiveType,
  primitiveSchema,
  type Schema,
  structSchema,
  type Value,
  withAttributes,
} from 'sluice/sdk';
import type { Decoders } from './decode.ts';
import type { Encoders } from './encode.ts';
import { isNumberNode, isObjectNode, type JsonNode, JsonReal } from './node.ts';
import { intOf } from './numbers.ts';
import { quote } from './text.ts';

const names = { float32: 'float', float64: 'double' } as const;
const primitives: Readonly<Record<string, PrimitiveType>> = {
  boolean: 'boolean',
  int8: 'int8',
  int16: 'int16',
  int32: 'int32',
  int64: 'int64',
  float: 'float32',
  double: 'float64',
  bytes: 'bytes',
  string: 'string',
};

/** A schema as Connect writes it into envelopes; `null` where it is unknown. */
export function schemaToJson(schema: Schema | null, encoders: Encoders, field?: string): string {
  if (schema === null) return 'null';
  const { type, optional, name, version, doc, parameters } = schema;
  const parts = [`"type":"${type === 'float32' || type === 'float64' ? names[type] : type}"`];
  if (type === 'array') parts.push(`"items":${schemaToJson(schema.valueSchema, encoders)}`);
  if (type === 'map') {
    parts.push(`"keys":${schemaToJson(schema.keySchema, encoders)}`, `"values":${schemaToJson(schema.valueSchema, encoders)}`);
  }
  if (schema.fields !== null)
    parts.push(`"fields":[${schema.fields.map((part) => schemaToJson(part.schema, encoders, part.name)).join(',')}]`);
  parts.push(`"optional":${optional}`);
  if (name !== null) parts.push(`"name":${quote(name)}`);
  if (version !== null) parts.push(`"version":${version}`);
  if (doc !== null) parts.push(`"doc":${quote(doc)}`);
  if (parameters !== null) parts.push(`"parameters":{${[...parameters].map(([key, value]) => `${quote(key)}:${quote(value)}`).join(',')}}`);
  if (schema.default !== undefined && schema.default !== null) parts.push(`"default":${encoders.for(schema)(schema.default)}`);
  if (field !== undefined) parts.push(`"field":${quote(field)}`);
  return `{${parts.join(',')}}`;
}

/** The schema that a parsed envelope names; throws Connect's messages for what is none. */
export function schemaFromJson(node: JsonNode | undefined, decoders: Decoders): Schema {
  const type = isObjectNode(node) ? node.type : undefined;
  if (!isObjectNode(node) || typeof type !== 'string') throw dataException("Schema must contain 'type' field");
  const bare = bareSchema(type, node, decoders);
  const { optional, name, version, doc } = node;
  const schema = withAttributes(bare, {
    optional: optional === true,
    name: typeof name === 'string' ? name : null,
    version: version !== undefined && isNumberNode(version) && !(version instanceof JsonReal) ? intOf(version) : null,
    doc: typeof doc === 'string' ? doc : null,
    parameters: parametersOf(node.parameters),
  });
  return node.default === undefined ? schema : withDefault(schema, decoders.for(schema)(node.default));
}

function withDefault(schema: Schema, value: Value): Schema {
  if (value === null && schema.optional) return schema;
  // Nothing is no default of a required value. A struct's schema is not yet what its default was made with: Connect refuses every one.
  if (value === null || schema.type === 'struct') throw new ConnectError('SchemaBuilderException', 'Invalid default value');
  return withAttributes(schema, { default: value });
}

function bareSchema(type: string, node: { readonly [member: string]: JsonNode }, decoders: Decoders): Schema {
  switch (type) {
    case 'array':
      return arraySchema(partOf(node.items ?? undefined, 'Array schema did not specify the element type', decoders));
    case 'map':
      return mapOf(
        partOf(node.keys, 'Map schema did not specify the key type', decoders),
        partOf(node.values, 'Map schema did not specify the value type', decoders),
      );
    case 'struct':
      return structSchema(fieldsOf(node.fields, decoders));
  }
  const primitive = Object.hasOwn(primitives, type) ? primitives[type] : undefined;
  if (primitive === undefined) throw dataException(`Unknown schema type: ${type}`);
  return primitiveSchema(primitive);
}

function mapOf(keys: Schema | null, values: Schema | null): Schema {
  const missing = keys === null ? 'keySchema' : values === null ? 'valueSchema' : undefined;
  if (missing !== undefined) throw new ConnectError('SchemaBuilderException', `${missing} cannot be null.`);
  return mapSchema(keys, values);
}

/** Connect takes a part that is absent and one that is null for two things. */
function partOf(node: JsonNode | undefined, problem: string, decoders: Decoders): Schema | null {
  if (node === undefined) throw dataException(problem);
  return node === null ? null : schemaFromJson(node, decoders);
}

function fieldsOf(nodes: JsonNode | undefined, decoders: Decoders): (readonly [string, Schema])[] {
  if (!Array.isArray(nodes)) throw dataException('Struct schema\'s "fields" argument is not an array.');
  return (nodes as readonly JsonNode[]).map((node) => {
    const name = isObjectNode(node) ? node.field : undefined;
    if (typeof name !== 'string') throw dataException("Struct schema's field name not specified properly");
    return [name, schemaFromJson(node, decoders)];
  });
}

function parametersOf(node: JsonNode | undefined): ReadonlyMap<string, string> | null {
  if (!isObjectNode(node)) return null;
  const entries = Object.entries(node).map(([key, value]): [string, string] => {
    if (typeof value !== 'string') throw dataException('Schema parameters must have string values.');
    return [key, value];
  });
  return entries.length === 0 ? null : new Map(entries);
}
