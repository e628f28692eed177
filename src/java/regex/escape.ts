import { type Cursor, groupKey, quote } from './cursor.ts';
import { charWidth, type Part } from './look-behind.ts';
import { propertyMembers } from './properties.ts';

const simple: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f', a: '\x07', e: '\x1b' };

/** Classes by letter, as members of a class. */
const classes: Readonly<Record<string, string>> = {
  d: '0-9',
  w: 'a-zA-Z_0-9',
  s: ' \\t\\n\\x0B\\f\\r',
  h: ' \\xA0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000',
  v: '\\n\\x0B\\f\\r\\x85\\u2028\\u2029',
};

const assertions: Readonly<Record<string, string>> = {
  b: '(?:(?<=[\\p{L}\\p{N}_])(?![\\p{L}\\p{N}_])|(?<![\\p{L}\\p{N}_])(?=[\\p{L}\\p{N}_]))',
  B: '(?:(?<=[\\p{L}\\p{N}_])(?=[\\p{L}\\p{N}_])|(?<![\\p{L}\\p{N}_])(?![\\p{L}\\p{N}_]))',
  A: '^',
  z: '$',
  Z: '(?=(?:\\r\\n|[\\n\\r\\u0085\\u2028\\u2029])?$)',
  // Nothing was found before.
  G: '^',
};

const lineEnding = '(?:\\r\\n|[\\n\\x0B\\f\\r\\x85\\u2028\\u2029])';
/** What a reader takes for one character, nearly: marks, joiners and modifiers stay with what they follow. */
const clusterTail = '[\\p{M}\\u200D\\p{Emoji_Modifier}]';
const cluster = `(?:\\r\\n|[^](?:${clusterTail}|(?<=\\u200D)[^])*)`;
const clusterBoundary = `(?:^|$|(?!${clusterTail})(?<!\\u200D)(?!(?<=\\r)\\n))`;

/** An escape as JavaScript, and what Java knows of its length. */
export interface Escape {
  readonly source: string;
  readonly part: Part;
}
const zero: Part = { kind: 'zero' };

/** What stands behind a backslash; `inClass`: as a member of a character class. */
export function readEscape(cursor: Cursor, inClass: boolean): Escape {
  const start = cursor.at;
  cursor.at += 1;
  if (cursor.atEnd())
    throw cursor.error(inClass ? 'Illegal/unsupported escape sequence' : 'Unexpected internal error', cursor.pattern.length);
  const char = cursor.take();
  if (!/[dDwWsStnrfQE\W]/.test(char)) cursor.linear = false;
  const character = (source: string): Escape => ({ source, part: charWidth });
  if (Object.hasOwn(simple, char)) return character(quote(simple[char] ?? ''));
  const members = classes[char.toLowerCase()];
  if (members !== undefined && /[dDwWsShHvV]/.test(char)) return character(`[${char === char.toLowerCase() ? '' : '^'}${members}]`);
  if (char === 'p' || char === 'P') return character(property(cursor, char === 'P'));
  if ('xu0c'.includes(char)) return character(quote(codePoint(cursor, char)));
  if (!inClass) {
    const other = notOneCharacter(cursor, char);
    if (other !== undefined) return other;
  }
  if (char === 'N' && cursor.peek() !== '{') throw cursor.error('Illegal character name escape sequence', cursor.at);
  if (/[a-zA-Z1-9]/.test(char)) throw cursor.error('Illegal/unsupported escape sequence', start + 1);
  return character(quote(char));
}

/** What may match nothing, or more than one character. */
function notOneCharacter(cursor: Cursor, char: string): Escape | undefined {
  if (char === 'b' && cursor.pattern.startsWith('{g}', cursor.at)) {
    cursor.at += 3;
    return { source: clusterBoundary, part: zero };
  }
  if (Object.hasOwn(assertions, char)) return { source: assertions[char] ?? '', part: zero };
  if (char === 'R') return { source: lineEnding, part: { kind: 'width', width: 2 } };
  if (char === 'X') return { source: cluster, part: { kind: 'unbounded' } };
  if (char === 'k') return { source: namedReference(cursor), part: { kind: 'unbounded' } };
  if (/[1-9]/.test(char)) return { source: numberedReference(cursor, char), part: { kind: 'unbounded' } };
  return undefined;
}

function property(cursor: Cursor, negated: boolean): string {
  const braced = cursor.pattern.charAt(cursor.at) === '{';
  const end = braced ? cursor.pattern.indexOf('}', cursor.at) : cursor.at;
  if (braced && end < 0) throw cursor.error('Unclosed character family', cursor.pattern.length);
  const name = braced ? cursor.pattern.slice(cursor.at + 1, end) : cursor.pattern.charAt(cursor.at) || '\0';
  if (braced && name === '') throw cursor.error('Empty character family', end);
  const members = propertyMembers(name);
  if (members === undefined) {
    const [key, value] = name.split('=', 2);
    if (value !== undefined) throw cursor.error(`Unknown Unicode property {name=<${key}>, value=<${value}>}`, end);
    throw cursor.error(`Unknown character property name {${name}}`, end);
  }
  cursor.at = end + 1;
  return `[${negated ? '^' : ''}${members}]`;
}

/** Reads a character by its number; the place of an error is the last character that was looked at. */
function codePoint(cursor: Cursor, kind: string): string {
  const rest = cursor.pattern.slice(cursor.at);
  const place = (offset: number): number => cursor.at + offset;
  const [, read, hexDigits = ''] = readings[kind]?.exec(rest) ?? [];
  if (kind === 'x' && rest.startsWith('{') && hexDigits !== '') return braced(cursor, hexDigits);
  if (read === undefined) throw cursor.error(illegalCode[kind] ?? '', place(wrongAt(kind, rest)));
  cursor.at += read.length;
  return String.fromCodePoint(kind === 'c' ? read.charCodeAt(0) ^ 64 : Number.parseInt(read, kind === '0' ? 8 : 16));
}

const readings: Readonly<Record<string, RegExp>> = {
  u: /^([\da-fA-F]{4})/,
  x: /^(?:([\da-fA-F]{2})|\{([\da-fA-F]+))/,
  0: /^([0-3][0-7]{2}|[0-7]{1,2})/,
  c: /^(.)/s,
};

const wrongAt = (kind: string, rest: string): number =>
  kind === 'c' ? -1 : kind === '0' ? 0 : (new RegExp(`^[\\da-fA-F]{0,${kind === 'x' ? 1 : 3}}`).exec(rest)?.[0].length ?? 0);

function braced(cursor: Cursor, digits: string): string {
  for (let length = 6; length <= digits.length; length++) {
    if (Number.parseInt(digits.slice(0, length), 16) > 0x10ffff) throw cursor.error('Hexadecimal codepoint is too big', cursor.at + length);
  }
  cursor.at += digits.length + 1;
  if (cursor.peek() !== '}') throw cursor.error('Unclosed hexadecimal escape sequence', cursor.at);
  cursor.at += 1;
  return String.fromCodePoint(Number.parseInt(digits, 16));
}

const illegalCode: Readonly<Record<string, string>> = {
  u: 'Illegal Unicode escape sequence',
  x: 'Illegal hexadecimal escape sequence',
  0: 'Illegal octal escape sequence',
  c: 'Illegal control escape sequence',
};

function namedReference(cursor: Cursor): string {
  if (cursor.pattern.charAt(cursor.at) !== '<') throw cursor.error("\\k is not followed by '<' for named capturing group", cursor.at);
  cursor.at += 1;
  const name = cursor.groupName();
  if (!cursor.names.has(name)) throw cursor.error(`named capturing group <${name}> does not exist`, cursor.at - 1);
  cursor.linear = false;
  return reference(cursor, cursor.names.get(name) ?? 0);
}

/** Takes further digits as long as such a group exists. A reference to a group that does not exist never matches. */
function numberedReference(cursor: Cursor, first: string): string {
  let number = Number(first);
  while (/\d/.test(cursor.peek()) && number * 10 + Number(cursor.peek()) <= cursor.groupCount) number = number * 10 + Number(cursor.take());
  cursor.linear = false;
  return reference(cursor, number);
}

const reference = (cursor: Cursor, number: number): string =>
  number <= cursor.groupCount && !cursor.uncaptured.has(number) ? `\\k<${groupKey(number)}>` : '(?!)';
