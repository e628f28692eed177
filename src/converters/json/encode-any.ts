import { Decimal, dataException, JavaNumber, javaClassName, type Value } from 'sluice/sdk';
import { toBase64 } from './base64.ts';
import { doubleJson, floatJson, quote } from './text.ts';

/** Writes a value without schema as JSON text, by its class. Dates and decimals have no class that JSON without schema knows. */
export function encodeAny(value: Value): string {
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
      return value === null ? 'null' : encodeObject(value);
  }
}

function encodeObject(value: Value & object): string {
  if (Array.isArray(value)) return encodeArray(value);
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return encodeMembers(value as { readonly [member: string]: Value });
  if (value instanceof JavaNumber) return encodeNumber(value);
  if (value instanceof Uint8Array) return `"${toBase64(value)}"`;
  if (value instanceof Map) return encodeMap(value);
  if (value instanceof Date || value instanceof Decimal) {
    throw dataException(`Java class class ${javaClassName(value)} does not have corresponding schema type.`);
  }
  return encodeMembers(value as { readonly [member: string]: Value });
}

function encodeArray(values: readonly Value[]): string {
  let text = '[';
  for (let i = 0; i < values.length; i++) text += (i === 0 ? '' : ',') + encodeAny(values[i] ?? null);
  return `${text}]`;
}

function encodeMembers(members: { readonly [member: string]: Value }): string {
  let text = '{';
  for (const name of Object.keys(members)) text += `${text.length === 1 ? '' : ','}${quote(name)}:${encodeAny(members[name] ?? null)}`;
  return `${text}}`;
}

function encodeMap(map: ReadonlyMap<Value, Value>): string {
  const entries = [...map];
  if (entries.every(([key]) => typeof key === 'string')) {
    return `{${entries.map(([key, value]) => `${quote(String(key))}:${encodeAny(value)}`).join(',')}}`;
  }
  return `[${entries.map(([key, value]) => `[${encodeAny(key)},${encodeAny(value)}]`).join(',')}]`;
}

function encodeNumber({ kind, value }: JavaNumber): string {
  if (kind === 'Double') return doubleJson(value);
  return kind === 'Float' ? floatJson(value) : String(value);
}
