import { Decimal, dataException, JavaNumber, javaClassName, type OpenMembers, type Value, writeMember } from 'sluice/sdk';
import { toBase64 } from './base64.ts';
import { maxDepth } from './depth.ts';
import { doubleJson, floatJson, hasSurrogates, quote, unwritable } from './text.ts';

/** Writes a value without schema as JSON text, by its class. Dates and decimals have no class that JSON without schema knows. */
export function encodeAny(value: Value): string {
  const plain = typeof value === 'object' ? plainOf(value, maxDepth) : undefined;
  if (plain === undefined) return encode(value, maxDepth);
  const text = JSON.stringify(plain);
  // Control characters and surrogates are written otherwise by Jackson.
  return text.includes('\\u') || hasSurrogates(text) ? encode(value, maxDepth) : text;
}

type Plain = null | boolean | string | number | readonly Plain[] | { readonly [member: string]: Plain };

/**
 * What `JSON.stringify` writes as Jackson writes the value, but for escapes: the value itself, with numbers for the whole ones of a Java class,
 * since asking an object what it is in JSON takes `JSON.stringify` longer than all the rest. `undefined`: something in it has a text of its own.
 */
function plainOf(value: unknown, left: number): Plain | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isSafeInteger(value) || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e7) ? value : undefined;
    case 'object':
      return value === null ? null : left > 0 ? plainObject(value, left - 1) : undefined;
    default:
      return undefined;
  }
}

function plainObject(value: object, left: number): Plain | undefined {
  if (Array.isArray(value)) return plainList(value, left);
  const prototype = Object.getPrototypeOf(value);
  if (prototype === JavaNumber.prototype) return isWhole((value as JavaNumber).kind) ? (value as JavaNumber).value : undefined;
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  const members = value as { readonly [member: string]: Plain };
  let copy: OpenMembers | undefined;
  for (const name in members) {
    const member = members[name];
    const plain = plainOf(member, left);
    if (plain === undefined) return undefined;
    if (plain === member) continue;
    copy ??= { ...members };
    writeMember(copy, name, plain);
  }
  return (copy as typeof members | undefined) ?? members;
}

function plainList(list: readonly Plain[], left: number): readonly Plain[] | undefined {
  let copy: Plain[] | undefined;
  for (let i = 0; i < list.length; i++) {
    const plain = plainOf(list[i], left);
    if (plain === undefined) return undefined;
    if (plain === list[i]) continue;
    copy ??= [...list];
    copy[i] = plain;
  }
  return copy ?? list;
}

const isWhole = (kind: JavaNumber['kind']): boolean => kind !== 'Double' && kind !== 'Float';

function encode(value: Value, left: number): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      return Number.isSafeInteger(value) ? String(value) : doubleJson(value);
    case 'bigint':
      return value.toString();
    default:
      if (value === null || value === undefined) return 'null';
      if (left === 0) throw unwritable(`Nested deeper than ${maxDepth} levels`);
      return encodeObject(value, left - 1);
  }
}

function encodeObject(value: Value & object, left: number): string {
  if (value instanceof JavaNumber) return encodeNumber(value);
  if (value instanceof Uint8Array) return `"${toBase64(value)}"`;
  if (Array.isArray(value)) return `[${value.map((element) => encode(element, left)).join(',')}]`;
  if (value instanceof Map) return encodeMap(value, left);
  if (value instanceof Date || value instanceof Decimal) {
    throw dataException(`Java class class ${javaClassName(value)} does not have corresponding schema type.`);
  }
  return `{${Object.entries(value)
    .map(([name, member]) => `${quote(name)}:${encode(member, left)}`)
    .join(',')}}`;
}

function encodeMap(map: ReadonlyMap<Value, Value>, left: number): string {
  const entries = [...map];
  if (entries.every(([key]) => typeof key === 'string')) {
    return `{${entries.map(([key, value]) => `${quote(String(key))}:${encode(value, left)}`).join(',')}}`;
  }
  return `[${entries.map(([key, value]) => `[${encode(key, left)},${encode(value, left)}]`).join(',')}]`;
}

function encodeNumber({ kind, value }: JavaNumber): string {
  if (kind === 'Double') return doubleJson(value);
  return kind === 'Float' ? floatJson(value) : String(value);
}
