import { dateString } from '../java/date-string.ts';
import { doubleText, floatText } from '../java/number-text.ts';
import { Decimal } from './decimal.ts';
import { numberKindOf } from './java-class.ts';
import { JavaNumber } from './java-number.ts';
import type { Schema } from './schema.ts';
import type { Value } from './value.ts';

/** What Java's `toString` gives for a value in its place: `1.0E10`, `[1, 2]`, `{a=1}`, `Struct{a=1}`, dates in UTC. */
export function javaText(value: Value, schema: Schema | null = null): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof JavaNumber) return numberText(value, schema);
  if (value instanceof Date) return dateString(value);
  // Identity hashes change from run to run in Java, too.
  if (value instanceof Uint8Array) return '[B@0';
  if (Array.isArray(value)) return `[${value.map((element) => javaText(element, schema?.valueSchema ?? null)).join(', ')}]`;
  if (value instanceof Map) return `{${[...value].map((entry) => mapEntryText(entry, schema)).join(', ')}}`;
  if (value instanceof Decimal || typeof value === 'boolean') return String(value);
  return objectText(value as Members, schema);
}

function numberText(value: number | bigint | JavaNumber, schema: Schema | null): string {
  const kind = numberKindOf(value, schema);
  if (typeof value === 'bigint') return value.toString();
  const number = Number(value);
  if (kind === 'Double') return doubleText(number);
  return kind === 'Float' ? floatText(number) : String(number);
}

const mapEntryText = ([key, value]: readonly [Value, Value], schema: Schema | null): string =>
  `${javaText(key, schema?.keySchema ?? null)}=${javaText(value, schema?.valueSchema ?? null)}`;

type Members = { readonly [member: string]: Value };

function objectText(members: Members, schema: Schema | null): string {
  if (schema?.type !== 'struct') {
    return `{${Object.entries(members)
      .map((entry) => mapEntryText(entry, schema))
      .join(', ')}}`;
  }
  const set = (schema.fields ?? []).filter(({ name }) => (members[name] ?? null) !== null);
  return `Struct{${set.map((field) => `${field.name}=${javaText(members[field.name] ?? null, field.schema)}`).join(',')}}`;
}
