import { Decimal, dataException, JavaNumber, javaClassName, type Value } from 'sluice/sdk';
import { toBase64 } from './base64.ts';
import { maxDepth } from './depth.ts';
import { doubleJson, floatJson, hasSurrogates, quote, unwritable } from './text.ts';

/** Writes a value without schema as JSON text, by its class. Dates and decimals have no class that JSON without schema knows. */
export function encodeAny(value: Value): string {
  if (typeof value !== 'object' || !isPlain(value, maxDepth)) return encode(value, maxDepth);
  const text = JSON.stringify(value);
  // Control characters and surrogates are written otherwise by Jackson.
  return text.includes('\\u') || hasSurrogates(text) ? encode(value, maxDepth) : text;
}

/** Whether `JSON.stringify` writes a value as Jackson does, but for escapes: nothing in it has a class or number text of its own. */
function isPlain(value: unknown, left: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isSafeInteger(value) || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e7);
    case 'object':
      return value === null || (left > 0 && hasPlainParts(value, left - 1));
    default:
      return false;
  }
}

function hasPlainParts(value: object, left: number): boolean {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (!isPlain(value[i], left)) return false;
    return true;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype === JavaNumber.prototype) return isWhole((value as JavaNumber).kind);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const name in value) if (!isPlain((value as Record<string, unknown>)[name], left)) return false;
  return true;
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
