import { JavaNumber } from 'sluice/sdk';
import { JsonReal } from './node.ts';
import type { NumberReading, Parsed } from './parse.ts';

/** What documents with the same members in the same order, of the same kinds, have in common. */
export interface Shape<T> {
  /** Equal for equal shapes. */
  readonly source: string;
  /** `undefined`: the text is of another shape, or holds an escape. */
  read(text: string): Parsed<T | number> | undefined;
}

// What follows a token is never what it could go on with: no text makes the expression go back far.
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them unescaped.
const string = /"([^"\\\0-\x1f]*)"/.source;
const number = /-?(?:0|[1-9]\d{0,29})(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?/.source;
const patterns = { string: `(?:${string}|null)`, number: `(?:(${number})|null)`, word: '(true|false|null)' } as const;
/** Between tokens, as Python writes it. */
const blank = ' ?';
const mostMembers = 200;
const mostLevels = 8;

/** An object of a shape: tokens come in the order of its members and of theirs. */
interface Layout {
  readonly source: string;
  readonly names: readonly string[];
  readonly kinds: readonly Kind[];
  /** How many tokens it takes. */
  readonly size: number;
  /** Has all members: a copy of it is an object of the final hidden class at once. */
  readonly template: { readonly [member: string]: null };
}
type Kind = keyof typeof patterns | Layout;

/**
 * The shape of a document, from its text and what was read of it; `undefined` where there is none: of what is no object, or has lists.
 *
 * Its one expression finds all members and, unlike `JSON.parse`, tells how each number is written, so that no digit and no `1.0` is lost. Long
 * texts that it reads are views of the document's.
 */
export function shapeOf<T>(document: unknown, text: string, reading: NumberReading<T>): Shape<T> | undefined {
  const layout = layoutOf(document, mostLevels);
  if (layout === undefined || layout.size === 0 || layout.size > mostMembers) return undefined;
  const { source } = layout;
  const expression = new RegExp(`^${source}\\s*$`);
  // It does not where a name repeats, is written with an escape, or stands elsewhere in the object than in the text.
  if (!expression.test(text)) return undefined;
  return {
    source,
    read: (given) => {
      const tokens = expression.exec(given);
      return tokens === null ? undefined : objectOf(layout, tokens, 1, reading);
    },
  };
}

function layoutOf(value: unknown, levels: number): Layout | undefined {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype || levels === 0) return undefined;
  const members = Object.entries(value);
  if (members.length > mostMembers || Object.hasOwn(value, '__proto__')) return undefined;
  const kinds = members.map(([, member]) => kindOf(member, levels)).filter((kind) => kind !== undefined);
  if (kinds.length < members.length) return undefined;
  const names = members.map(([name]) => name);
  const sources = kinds.map((kind, i) => `${literal(JSON.stringify(names[i]))}:${blank}${isName(kind) ? patterns[kind] : kind.source}`);
  return {
    source: `\\{${sources.join(`,${blank}`)}\\}`,
    names,
    kinds,
    size: kinds.reduce((size, kind) => size + (isName(kind) ? 1 : kind.size), 0),
    template: Object.fromEntries(names.map((name) => [name, null])),
  };
}

function kindOf(value: unknown, levels: number): Kind | undefined {
  if (typeof value === 'string') return 'string';
  if (value === null || typeof value === 'boolean') return 'word';
  return isNumber(value) ? 'number' : layoutOf(value, levels - 1);
}

const isNumber = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof JavaNumber || value instanceof JsonReal;

const isName = (kind: Kind): kind is keyof typeof patterns => typeof kind === 'string';
const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

function objectOf<T>(
  { names, kinds, template }: Layout,
  tokens: RegExpExecArray,
  first: number,
  reading: NumberReading<T>,
): Parsed<T | number> {
  const object: { [member: string]: Parsed<T | number> } = { ...template };
  let at = first;
  for (let i = 0; i < names.length; i++) {
    const kind = kinds[i]!;
    if (typeof kind === 'object') {
      object[names[i]!] = objectOf(kind, tokens, at, reading);
      at += kind.size;
      continue;
    }
    const token: string | undefined = tokens[at++];
    if (token === undefined) continue;
    if (kind === 'string') object[names[i]!] = token;
    else if (kind === 'number') object[names[i]!] = numberOf(token, reading);
    else if (token !== 'null') object[names[i]!] = token === 'true';
  }
  return object;
}

/** A fraction that is finite is what `Number` makes of it, however it is written; whether a whole number is one its text tells. */
function numberOf<T>(token: string, reading: NumberReading<T>): Parsed<T | number> {
  const value = Number(token);
  if (!Number.isInteger(value) && Number.isFinite(value)) return value;
  return /[.eE]/.test(token) ? reading.real(token) : reading.integer(token);
}
