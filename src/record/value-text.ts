import { SimpleDateFormat } from '../java/simple-date-format.ts';
import { isObject } from './check-value.ts';
import { Decimal } from './decimal.ts';
import { JavaNumber } from './java-number.ts';
import { javaText } from './java-text.ts';
import { millisPerDay } from './logical.ts';
import type { Schema } from './schema.ts';
import type { Value } from './value.ts';

const datePattern = 'yyyy-MM-dd';
const timePattern = "HH:mm:ss.SSS'Z'";
const timestampPattern = "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'";

// No pattern here has a year of two digits: the century window does not matter.
export const dateFormat = new SimpleDateFormat(datePattern, 0);
export const timeFormat = new SimpleDateFormat(timePattern, 0);
export const timestampFormat = new SimpleDateFormat(timestampPattern, 0);

/**
 * The text of a value as Connect's SimpleHeaderConverter writes it: texts bare, in containers quoted; bytes in Base64; dates by magnitude.
 *
 * Anything before the second day of 1970 prints as a time of day, whatever its schema.
 */
export function valueText(value: Value, schema: Schema | null = null, embedded = false): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return embedded ? quoted(value) : value;
  if (typeof value === 'object') {
    if (value instanceof Uint8Array) return embedded ? quoted(base64(value)) : base64(value);
    if (value instanceof Date) return dateText(value);
    if (Array.isArray(value)) return `[${value.map((element) => valueText(element, schema?.valueSchema ?? null, true)).join(',')}]`;
    if (!(value instanceof Decimal || value instanceof JavaNumber)) return `{${membersOf(value, schema).join(',')}}`;
  }
  return javaText(value, schema);
}

function dateText(value: Date): string {
  const instant = value.getTime();
  if (instant < millisPerDay) return timeFormat.format(instant);
  return (instant % millisPerDay === 0 ? dateFormat : timestampFormat).format(instant);
}

function membersOf(value: Value, schema: Schema | null): string[] {
  const entry = (key: Value, keySchema: Schema | null, member: Value, memberSchema: Schema | null): string =>
    `${valueText(key, keySchema, true)}:${valueText(member, memberSchema, true)}`;
  if (value instanceof Map)
    return Array.from(value, ([key, member]) => entry(key, schema?.keySchema ?? null, member, schema?.valueSchema ?? null));
  if (!isObject(value)) return [];
  if (schema?.type === 'struct')
    return (schema.fields ?? []).map((field) => entry(field.name, null, fieldValue(value, field), field.schema));
  return Object.entries(value).map(([key, member]) => entry(key, null, member, null));
}

const fieldValue = (
  struct: { readonly [member: string]: Value },
  { name, schema }: { readonly name: string; readonly schema: Schema },
): Value => (Object.hasOwn(struct, name) ? struct[name] : null) ?? schema.default ?? null;

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
