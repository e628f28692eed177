import { Decimal, JavaNumber, type Schema, type Value } from 'sluice/sdk';
import { decimalText, doubleText, floatText } from './number-text.ts';

/**
 * The text of a value as Java's `toString` gives it: `3`, `1.0`, `[1, 2]`, `{a=1, b=2}`, `Struct{a=1,b=x}`, `null`.
 *
 * Where Java's text says nothing, or depends on the time zone of the machine, ours says more: bytes are read as UTF-8, dates are in ISO 8601.
 */
export function valueText(value: Value, schema: Schema | null): string {
  if (typeof value === 'number') return numberText(value, schema);
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString();
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Decimal) return decimalText(value);
  if (value instanceof JavaNumber) return javaNumberText(value);
  return containerText(value, schema);
}

type Container = readonly Value[] | ReadonlyMap<Value, Value> | { readonly [member: string]: Value };

function containerText(value: Container, schema: Schema | null): string {
  const element = (child: Value): string => valueText(child, schema?.valueSchema ?? null);
  if (isList(value)) return `[${value.map(element).join(', ')}]`;
  if (schema?.type === 'struct') return structText(value as { readonly [member: string]: Value }, schema);
  const key = (child: Value): string => valueText(child, schema?.keySchema ?? null);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return `{${entries.map(([k, v]) => `${key(k)}=${element(v)}`).join(', ')}}`;
}

/** Fields without a value are left out, as in Connect. */
function structText(value: { readonly [member: string]: Value }, schema: Schema): string {
  const set = (schema.fields ?? []).filter(({ name }) => (value[name] ?? null) !== null);
  return `Struct{${set.map((field) => `${field.name}=${valueText(value[field.name] ?? null, field.schema)}`).join(',')}}`;
}

/** Without a schema an integral number is a Long, any other a Double. */
function numberText(value: number, schema: Schema | null): string {
  if (schema?.type === 'float32') return floatText(value);
  return schema?.type === 'float64' || !Number.isInteger(value) ? doubleText(value) : String(BigInt(value));
}

function javaNumberText({ kind, value }: JavaNumber): string {
  if (kind === 'Float') return floatText(value);
  return kind === 'Double' ? doubleText(value) : String(value);
}

const isList = (value: Container): value is readonly Value[] => Array.isArray(value);
