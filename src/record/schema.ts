import { ConnectError } from '../errors/connect-error.ts';
import { checkValue } from './check-value.ts';
import type { Value } from './value.ts';

export type PrimitiveType = 'int8' | 'int16' | 'int32' | 'int64' | 'float32' | 'float64' | 'boolean' | 'string' | 'bytes';
export type SchemaType = PrimitiveType | 'array' | 'map' | 'struct';

/** A field of a struct schema. */
export interface Field {
  readonly name: string;
  readonly index: number;
  readonly schema: Schema;
}

/**
 * Type and attributes of a value, as Kafka Connect's `Schema`. Immutable: caches are keyed by identity.
 *
 * All members always exist (one hidden class). `null` stands for "not set".
 */
export interface Schema {
  readonly type: SchemaType;
  readonly optional: boolean;
  readonly name: string | null;
  readonly version: number | null;
  readonly doc: string | null;
  readonly parameters: ReadonlyMap<string, string> | null;
  /** `undefined`: no default. */
  readonly default: Value | undefined;
  /** Of a map; `null` also where a parser could not tell. */
  readonly keySchema: Schema | null;
  /** Of a map's values or an array's elements; `null` also where a parser could not tell. */
  readonly valueSchema: Schema | null;
  /** Of a struct, in order. */
  readonly fields: readonly Field[] | null;
}

/** What may be said of a schema besides its type. */
export interface SchemaAttributes {
  readonly optional?: boolean;
  readonly name?: string | null;
  readonly version?: number | null;
  readonly doc?: string | null;
  readonly parameters?: ReadonlyMap<string, string> | Readonly<Record<string, string>> | null;
  readonly default?: Value | undefined;
}

type Parts = Pick<Schema, 'type'> & Partial<Pick<Schema, 'keySchema' | 'valueSchema' | 'fields'>> & SchemaAttributes;

/** A schema of these parts. A default that does not fit is refused with Connect's `Invalid default value`. */
export function makeSchema(parts: Parts): Schema {
  const { type, optional = false, name = null, version = null, doc = null, keySchema = null, valueSchema = null, fields = null } = parts;
  const schema = {
    type,
    optional,
    name,
    version,
    doc,
    parameters: toMap(parts.parameters),
    default: undefined,
    keySchema,
    valueSchema,
    fields,
  };
  return Object.freeze(parts.default === undefined ? schema : { ...schema, default: checkedDefault(schema, parts.default) });
}

/** A schema of one of the nine types that hold no other. */
export const primitiveSchema = (type: PrimitiveType, attributes: SchemaAttributes = {}): Schema => makeSchema({ ...attributes, type });

/** A list of elements of one schema; `null`: elements of unknown schema. */
export const arraySchema = (valueSchema: Schema | null, attributes: SchemaAttributes = {}): Schema =>
  makeSchema({ ...attributes, type: 'array', valueSchema });

/** A map from keys of one schema to values of one; `null`: unknown. */
export const mapSchema = (keySchema: Schema | null, valueSchema: Schema | null, attributes: SchemaAttributes = {}): Schema =>
  makeSchema({ ...attributes, type: 'map', keySchema, valueSchema });

/** Named fields in order. A name may occur once, and is not empty. */
export function structSchema(
  fields: Readonly<Record<string, Schema>> | ReadonlyArray<readonly [name: string, schema: Schema]>,
  attributes: SchemaAttributes = {},
): Schema {
  const entries: ReadonlyArray<readonly [string, Schema]> = Array.isArray(fields) ? fields : Object.entries(fields);
  const seen = new Set<string>();
  for (const [name] of entries) {
    if (name === '') throw new ConnectError('SchemaBuilderException', 'fieldName cannot be null.');
    if (seen.has(name)) throw new ConnectError('SchemaBuilderException', `Cannot create field because of field name duplication ${name}`);
    seen.add(name);
  }
  const made = entries.map(([name, schema], index): Field => Object.freeze({ name, index, schema }));
  return makeSchema({ ...attributes, type: 'struct', fields: Object.freeze(made) });
}

/** The same schema with other attributes. */
export const withAttributes = (schema: Schema, attributes: SchemaAttributes): Schema => makeSchema({ ...schema, ...attributes });

/** Other fields under the name, version, doc and parameters of a schema; neither optional nor with a default, unless said. */
export const structLike = (
  { name, version, doc, parameters }: Schema,
  fields: ReadonlyArray<readonly [name: string, schema: Schema]>,
  attributes: Pick<SchemaAttributes, 'optional' | 'default'> = {},
): Schema => structSchema(fields, { name, version, doc, parameters, ...attributes });

/** The field of a struct schema with this name. */
export function fieldNamed(schema: Schema, name: string): Field | undefined {
  const { fields } = schema;
  if (fields === null) return undefined;
  let byName = fieldsByName.get(fields);
  if (byName === undefined) {
    byName = new Map(fields.map((field) => [field.name, field]));
    fieldsByName.set(fields, byName);
  }
  return byName.get(name);
}

const fieldsByName = new WeakMap<readonly Field[], ReadonlyMap<string, Field>>();

function toMap(parameters: SchemaAttributes['parameters']): ReadonlyMap<string, string> | null {
  if (parameters === undefined || parameters === null) return null;
  return parameters instanceof Map ? parameters : new Map(Object.entries(parameters));
}

function checkedDefault(schema: Schema, value: Value): Value {
  try {
    checkValue(schema, value);
    return value;
  } catch (error) {
    throw new ConnectError('SchemaBuilderException', 'Invalid default value', error);
  }
}

export const int8Schema = primitiveSchema('int8');
export const optionalInt8Schema = primitiveSchema('int8', { optional: true });
export const int16Schema = primitiveSchema('int16');
export const optionalInt16Schema = primitiveSchema('int16', { optional: true });
export const int32Schema = primitiveSchema('int32');
export const optionalInt32Schema = primitiveSchema('int32', { optional: true });
export const int64Schema = primitiveSchema('int64');
export const optionalInt64Schema = primitiveSchema('int64', { optional: true });
export const float32Schema = primitiveSchema('float32');
export const optionalFloat32Schema = primitiveSchema('float32', { optional: true });
export const float64Schema = primitiveSchema('float64');
export const optionalFloat64Schema = primitiveSchema('float64', { optional: true });
export const booleanSchema = primitiveSchema('boolean');
export const optionalBooleanSchema = primitiveSchema('boolean', { optional: true });
export const stringSchema = primitiveSchema('string');
export const optionalStringSchema = primitiveSchema('string', { optional: true });
export const bytesSchema = primitiveSchema('bytes');
export const optionalBytesSchema = primitiveSchema('bytes', { optional: true });
