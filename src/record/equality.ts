import { isObject } from './check-value.ts';
import { Decimal } from './decimal.ts';
import { JavaNumber } from './java-number.ts';
import type { Field, Schema } from './schema.ts';
import type { Value } from './value.ts';

/** Whether two schemas say the same: type, attributes, default, parts. Fields compare by position, name and schema. */
export function schemaEquals(a: Schema | null, b: Schema | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  return (
    a.type === b.type &&
    a.optional === b.optional &&
    a.name === b.name &&
    a.version === b.version &&
    a.doc === b.doc &&
    parametersEqual(a.parameters, b.parameters) &&
    (a.default === undefined ? b.default === undefined : b.default !== undefined && valueEquals(a.default, b.default)) &&
    schemaEquals(a.keySchema, b.keySchema) &&
    schemaEquals(a.valueSchema, b.valueSchema) &&
    fieldsEqual(a.fields, b.fields)
  );
}

/** Whether two values are equal as Java's `equals` says: numbers by kind and value (`NaN` is itself, 0 is not -0), decimals by scale too, bytes by content. */
export function valueEquals(a: Value, b: Value): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && bytesEqual(a, b);
  if (a instanceof Date) return b instanceof Date && Object.is(a.getTime(), b.getTime());
  if (a instanceof Decimal) return b instanceof Decimal && a.unscaled === b.unscaled && a.scale === b.scale;
  if (a instanceof JavaNumber) return b instanceof JavaNumber && a.kind === b.kind && Object.is(a.value, b.value);
  if (a instanceof Map) return b instanceof Map && mapsEqual(a, b);
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((element, i) => valueEquals(element, b[i] ?? null));
  if (!isObject(b)) return false;
  return objectsEqual(a as Members, b);
}

type Members = { readonly [member: string]: Value };

const bytesEqual = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

const objectsEqual = (a: Members, b: Members): boolean => {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && valueEquals(a[name] ?? null, b[name] ?? null))
  );
};

/** Keys that are objects are equal by value: then every key is compared with every other. */
function mapsEqual(a: ReadonlyMap<Value, Value>, b: ReadonlyMap<Value, Value>): boolean {
  if (a.size !== b.size) return false;
  const others = [...b];
  return [...a].every(([key, value]) => {
    if (typeof key !== 'object' || key === null) return b.has(key) && valueEquals(value, b.get(key) ?? null);
    return others.some(([otherKey, otherValue]) => valueEquals(key, otherKey) && valueEquals(value, otherValue));
  });
}

const parametersEqual = (a: Schema['parameters'], b: Schema['parameters']): boolean => {
  if (a === null || b === null) return a === b;
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
};

const fieldsEqual = (a: readonly Field[] | null, b: readonly Field[] | null): boolean => {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((field, i) => field.name === b[i]?.name && schemaEquals(field.schema, b[i].schema));
};
