import { jsonConverter } from '../../converters/json.ts';
import { isObject } from '../../record/check-value.ts';
import { Decimal } from '../../record/decimal.ts';
import { JavaNumber } from '../../record/java-number.ts';
import type { ConnectRecord } from '../../record/record.ts';
import type { Schema } from '../../record/schema.ts';
import type { Value } from '../../record/value.ts';
import { createConverter } from '../../sdk/create-converter.ts';

const settings = { 'replace.null.with.default': false, 'decimal.format': 'NUMERIC' };
const converter = createConverter(jsonConverter, settings, 'value');
const plainConverter = createConverter(jsonConverter, { ...settings, 'schemas.enable': false }, 'value');

/** A record as one JSON object in the form that `readRecord` reads. */
export function recordJson({ topic, partition, timestamp, key, keySchema, value, valueSchema, headers, offset }: ConnectRecord): string {
  const list = headers.map((header) => `{"key":${JSON.stringify(header.key)},"value":${partJson(header.schema, header.value)}}`);
  const parts = [`"topic":${JSON.stringify(topic)}`, `"partition":${partition}`, `"timestamp":${timestamp}`];
  if (offset >= 0) parts.push(`"offset":${offset}`);
  parts.push(`"key":${partJson(keySchema, key)}`, `"value":${partJson(valueSchema, value)}`, `"headers":[${list.join(',')}]`);
  return `{${parts.join(',')}}`;
}

/** With a schema as JsonConverter writes it; what it cannot write, and what has no schema, in the nearest form that JSON has. */
function partJson(schema: Schema | null, value: Value): string {
  if (schema === null) return plainJson(value);
  try {
    return String(converter.fromConnect('', schema, value));
  } catch {
    const head = String(converter.fromConnect('', { ...schema, optional: true, default: undefined }, null));
    return head.replace(/null\}$/, () => `${plainJson(value)}}`);
  }
}

/** Dates as ISO texts, decimals as numbers, bytes in Base64. */
function plainJson(value: Value): string {
  if (value instanceof Date) return JSON.stringify(value);
  if (value instanceof Decimal) return String(value);
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'));
  if (Array.isArray(value)) return `[${value.map(plainJson).join(',')}]`;
  if (value instanceof Map) return `{${Array.from(value, ([key, member]) => `${keyJson(key)}:${plainJson(member)}`).join(',')}}`;
  if (value instanceof JavaNumber || !isObject(value)) return String(plainConverter.fromConnect('', null, value));
  return `{${Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}:${plainJson(member)}`)
    .join(',')}}`;
}

const keyJson = (key: Value): string => (typeof key === 'string' ? JSON.stringify(key) : JSON.stringify(plainJson(key)));
