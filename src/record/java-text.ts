import { dateString } from '../java/date-string.ts';
import { hashOrder, hashOrderOfNumbers } from '../java/hash-order.ts';
import { doubleText, floatText } from '../java/number-text.ts';
import { Decimal } from './decimal.ts';
import { numberKindOf } from './java-class.ts';
import { JavaNumber } from './java-number.ts';
import { type Members, readMember } from './members.ts';
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
  if (value instanceof Map) return mapText(value, schema);
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

/** In the order of a `HashMap`, which is what Connect's JsonConverter and transforms make; keys that are neither texts nor whole numbers as they came. */
function mapText(map: ReadonlyMap<Value, Value>, schema: Schema | null): string {
  const texts = inHashOrder([...map.keys()], schema?.keySchema ?? null).map((key) => {
    const value = map.get(key) ?? null;
    return `${javaText(key, schema?.keySchema ?? null)}=${javaText(value, schema?.valueSchema ?? null)}`;
  });
  return `{${texts.join(', ')}}`;
}

function inHashOrder(keys: readonly Value[], schema: Schema | null): readonly Value[] {
  if (keys.every((key) => typeof key === 'string')) return hashOrder(keys);
  const isWhole = (key: Value): key is number | bigint => typeof key === 'bigint' || Number.isSafeInteger(key);
  if (schema === null || !schema.type.startsWith('int') || !keys.every(isWhole)) return keys;
  return hashOrderOfNumbers(keys, schema.type === 'int64');
}

function objectText(members: Members, schema: Schema | null): string {
  if (schema?.type !== 'struct') return membersText(members, schema?.valueSchema ?? null);
  const texts = (schema.fields ?? []).flatMap((field) => {
    const value = readMember(members, field.name);
    return value === null ? [] : [`${field.name}=${javaText(value, field.schema)}`];
  });
  return `Struct{${texts.join(',')}}`;
}

/** As a map of the same texts. */
function membersText(members: Members, valueSchema: Schema | null): string {
  let text = '{';
  for (const name of hashOrder(Object.keys(members))) {
    if (text !== '{') text += ', ';
    text += `${name}=${javaText(readMember(members, name), valueSchema)}`;
  }
  return `${text}}`;
}
