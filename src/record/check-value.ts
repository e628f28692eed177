import { dataException } from '../errors/connect-error.ts';
import { Decimal } from './decimal.ts';
import { fits, javaClassName } from './java-class.ts';
import { JavaNumber } from './java-number.ts';
import type { Schema, SchemaType } from './schema.ts';
import type { Value } from './value.ts';

/**
 * Throws Connect's DataException when a value does not fit its schema.
 *
 * `null` fits optional schemas only, whatever the default; a struct field that is unset takes its default. Logical names want their
 * class. Containers are checked to the last element.
 */
export function checkValue(schema: Schema, value: Value, location = 'value'): void {
  if (value === null) {
    if (schema.optional) return;
    throw dataException(`Invalid value: null used for required ${location}, schema type: ${schema.type.toUpperCase()}`);
  }
  if (!hasClass(schema, value)) {
    const name = schema.name === null ? '' : ` "${schema.name}"`;
    throw dataException(
      `Invalid Java object for schema${name} with type ${schema.type.toUpperCase()}: class ${javaClassName(value, schema)} for ${location}`,
    );
  }
  checkParts(schema, value, location);
}

/** Throws Connect's DataException when the value of a struct's field does not fit. */
export const checkField = (name: string, schema: Schema, value: Value): void => checkValue(schema, value, `field: "${name}"`);

/** Whether a plain object: what stands for a struct and for a map without schema. */
export const isObject = (value: Value): value is { readonly [member: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isLeaf(value) && !(value instanceof Map);

const isLeaf = (value: object): boolean =>
  value instanceof Uint8Array || value instanceof Date || value instanceof Decimal || value instanceof JavaNumber;

const isDate = (value: Value): boolean => value instanceof Date;
const classes: Readonly<Record<string, (value: Value) => boolean>> = {
  'org.apache.kafka.connect.data.Decimal': (value) => value instanceof Decimal,
  'org.apache.kafka.connect.data.Date': isDate,
  'org.apache.kafka.connect.data.Time': isDate,
  'org.apache.kafka.connect.data.Timestamp': isDate,
};

const byType = {
  int8: (value) => fits(value, 'int8'),
  int16: (value) => fits(value, 'int16'),
  int32: (value) => fits(value, 'int32'),
  int64: (value) => fits(value, 'int64'),
  float32: (value) => fits(value, 'float32'),
  float64: (value) => fits(value, 'float64'),
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  bytes: (value) => value instanceof Uint8Array,
  array: (value) => Array.isArray(value),
  map: (value) => value instanceof Map || isObject(value),
  struct: isObject,
} as const satisfies Record<SchemaType, (value: Value) => boolean>;

function hasClass(schema: Schema, value: Value): boolean {
  const logical = schema.name !== null && Object.hasOwn(classes, schema.name) ? classes[schema.name] : undefined;
  return (logical ?? byType[schema.type])(value);
}

function checkParts(schema: Schema, value: Value, location: string): void {
  switch (schema.type) {
    case 'array':
      for (const element of value as readonly Value[]) checkPart(schema.valueSchema, element, `element of array ${location}`);
      break;
    case 'map':
      for (const [key, element] of entriesOf(value)) {
        checkPart(schema.keySchema, key, `key of map ${location}`);
        checkPart(schema.valueSchema, element, `value of map ${location}`);
      }
      break;
    case 'struct':
      for (const field of schema.fields ?? []) {
        const member = memberOf(value, field.name);
        if (member === undefined && (field.schema.optional || field.schema.default !== undefined)) continue;
        checkField(field.name, field.schema, member ?? null);
      }
  }
}

function checkPart(schema: Schema | null, value: Value, location: string): void {
  if (schema === null) throw dataException(`No schema defined for ${location}`);
  checkValue(schema, value, location);
}

/** The entries of a map, whether it is a `Map` or a plain object. */
export const entriesOf = (value: Value): Iterable<readonly [Value, Value]> =>
  value instanceof Map ? value : Object.entries(value as { readonly [member: string]: Value });

/** The member of a struct or schemaless map; `undefined` when there is none. */
export const memberOf = (value: Value, name: string): Value | undefined =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as { readonly [member: string]: Value })[name]
    : undefined;
