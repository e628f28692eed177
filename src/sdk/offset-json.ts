import { doubleText } from '../java/number-text.ts';

/**
 * JSON as the offsets topic holds it: whole numbers beyond 2^53 keep their value as bigints, since connectors store log positions of
 * 64 bits. Members keep their order.
 */
export function parseOffsetJson(text: string): unknown {
  return JSON.parse(text, (_member, value: unknown, context?: { readonly source?: string }) => {
    const source = context?.source ?? '';
    return typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? BigInt(source) : value;
  });
}

/**
 * The same, which keeps apart what Java keeps apart: a whole number that is written as a fraction (`1.0`, `1e2`) is a `Number` object, which is no
 * whole number to `Number.isInteger`.
 */
export function parseOffsetChanges(text: string): unknown {
  return JSON.parse(text, (_member, value: unknown, context?: { readonly source?: string }) => {
    if (typeof value !== 'number') return value;
    const source = context?.source ?? '';
    if (!/^-?\d+$/.test(source)) return Number.isInteger(value) ? Object(value) : value;
    return Number.isSafeInteger(value) ? value : BigInt(source);
  });
}

/** The opposite of `parseOffsetJson`. */
export const offsetJson = (value: unknown): string => jsonText(value, (members) => members);

/** The same text for values that are equal whatever the order of their members. */
export const canonicalJson = (value: unknown): string => jsonText(value, (members) => members.sort());

function jsonText(value: unknown, order: (members: string[]) => string[]): string {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Number) return doubleText(value.valueOf());
  if (Array.isArray(value)) return `[${value.map((element) => jsonText(element, order)).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  const members = order(Object.keys(value)).filter((name) => value[name] !== undefined);
  return `{${members.map((name) => `${JSON.stringify(name)}:${jsonText(value[name], order)}`).join(',')}}`;
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
