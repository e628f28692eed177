import { propertyMembers } from './properties.ts';
import { PatternSyntaxError } from './syntax-error.ts';

/** Inline flags in force: ignore case, multi-line, dot matches all, comments, Unix lines. */
export interface Flags {
  i: boolean;
  m: boolean;
  s: boolean;
  x: boolean;
  d: boolean;
}

/** A place in a Java pattern, and what was learnt of its groups so far. */
export class Cursor {
  readonly pattern: string;
  at = 0;
  /** Nothing so far that a linear-time engine lacks or reads otherwise. */
  linear = true;
  groupCount = 0;
  readonly names = new Map<string, number>();
  #atomicCount = 0;

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  atEnd(): boolean {
    return this.at >= this.pattern.length;
  }

  /** The next character, blanks and comments skipped where the flag x says so; empty at the end. */
  peek(flags?: Flags): string {
    if (flags?.x) this.#skipComments();
    return this.pattern.charAt(this.at);
  }

  take(): string {
    return this.pattern.charAt(this.at++);
  }

  /** One character (or surrogate pair) that stands for itself. */
  literal(): string {
    const char = String.fromCodePoint(this.pattern.codePointAt(this.at) ?? 0);
    this.at += char.length;
    return quote(char);
  }

  /** Opens the next capturing group; answers its name in the JavaScript pattern. */
  openGroup(name?: string): string {
    this.groupCount += 1;
    if (name !== undefined) this.names.set(name, this.groupCount);
    return groupKey(this.groupCount);
  }

  nextAtomic(): string {
    this.#atomicCount += 1;
    return `a${this.#atomicCount}`;
  }

  /** Reads `name>`. */
  groupName(): string {
    if (!/[a-zA-Z]/.test(this.pattern.charAt(this.at)))
      throw this.error('capturing group name does not start with a Latin letter', this.at);
    const name = /^[a-zA-Z0-9]+/.exec(this.pattern.slice(this.at))?.[0] ?? '';
    this.at += name.length;
    if (this.pattern.charAt(this.at) !== '>') throw this.error("named capturing group is missing trailing '>'", this.at);
    this.at += 1;
    return name;
  }

  error(description: string, index: number): PatternSyntaxError {
    return new PatternSyntaxError(description, this.pattern, index);
  }

  #skipComments(): void {
    for (;;) {
      const char = this.pattern.charAt(this.at);
      if (char !== '' && ' \t\n\x0b\f\r'.includes(char)) this.at += 1;
      else if (char === '#') {
        const end = /[\n\r\u0085\u2028\u2029]/.exec(this.pattern.slice(this.at));
        this.at = end === null ? this.pattern.length : this.at + end.index;
      } else return;
    }
  }
}

/** Name of a Java group in the JavaScript pattern: all are named there, so that wrapping one moves no number. */
export const groupKey = (number: number): string => `g${number}`;

export const cursorOf = (pattern: string): Cursor => new Cursor(pattern);

/** A character as a literal of a JavaScript pattern with the flag v, inside and outside of classes. */
const quote = (char: string): string =>
  /^[A-Za-z0-9 ]$/.test(char) || (char.codePointAt(0) ?? 0) > 0x7f ? char : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;

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
  A: '(?<![^])',
  z: '(?![^])',
  Z: '(?=(?:\\r\\n|[\\n\\r\\u0085\\u2028\\u2029])?(?![^]))',
  R: '(?:\\r\\n|[\\n\\x0B\\f\\r\\x85\\u2028\\u2029])',
};

/** What stands behind a backslash; `inClass`: as a member of a character class. */
export function readEscape(cursor: Cursor, inClass: boolean): string {
  const start = cursor.at;
  cursor.at += 1;
  if (cursor.atEnd())
    throw cursor.error(inClass ? 'Illegal/unsupported escape sequence' : 'Unexpected internal error', cursor.pattern.length);
  const char = cursor.take();
  if (!/[dDwWsStnrfQE\W]/.test(char)) cursor.linear = false;
  if (char === 'Q') return quoted(cursor);
  if (Object.hasOwn(simple, char)) return quote(simple[char] ?? '');
  const members = classes[char.toLowerCase()];
  if (members !== undefined && /[dDwWsShHvV]/.test(char)) return `[${char === char.toLowerCase() ? '' : '^'}${members}]`;
  if (char === 'p' || char === 'P') return property(cursor, char === 'P');
  if ('xu0c'.includes(char)) return quote(codePoint(cursor, char));
  if (!inClass && Object.hasOwn(assertions, char)) return assertions[char] ?? '';
  if (!inClass && char === 'k') return namedReference(cursor);
  if (!inClass && /[1-9]/.test(char)) return numberedReference(cursor, char);
  if (/[a-zA-Z]/.test(char) || /[1-9]/.test(char)) throw cursor.error('Illegal/unsupported escape sequence', start + 1);
  return quote(char);
}

/** A quantifier behind quoted text is for its last character. */
function quoted(cursor: Cursor): string {
  const end = cursor.pattern.indexOf('\\E', cursor.at);
  const text = cursor.pattern.slice(cursor.at, end < 0 ? undefined : end);
  cursor.at = end < 0 ? cursor.pattern.length : end + 2;
  return [...text].map(quote).join('');
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
    if (name.startsWith('In')) throw cursor.error(`Unknown character block name {${name.slice(2)}}`, end);
    if (value !== undefined) throw cursor.error(`Unknown Unicode property {name=<${key}>, value=<${value}>}`, end);
    throw cursor.error(`Unknown character property name {${name.startsWith('Is') ? name.slice(2) : name}}`, end);
  }
  cursor.at = end + 1;
  return `[${negated ? '^' : ''}${members}]`;
}

function codePoint(cursor: Cursor, kind: string): string {
  const rest = cursor.pattern.slice(cursor.at);
  const match = (
    kind === 'u'
      ? /^([\da-fA-F]{4})/
      : kind === 'x'
        ? /^(?:\{([\da-fA-F]+)\}|([\da-fA-F]{2}))/
        : kind === '0'
          ? /^([0-3][0-7]{2}|[0-7]{1,2})/
          : /^([\s\S])/
  ).exec(rest);
  const value =
    match === null
      ? Number.NaN
      : kind === 'c'
        ? rest.charCodeAt(0) ^ 64
        : Number.parseInt(match[1] ?? match[2] ?? '', kind === '0' ? 8 : 16);
  if (match === null || !(value <= 0x10ffff))
    throw cursor.error(illegalCode[kind] ?? '', cursor.at + (kind === 'u' ? (/^[\da-fA-F]*/.exec(rest)?.[0].length ?? 0) : 0));
  cursor.at += match[0].length;
  return String.fromCodePoint(value);
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
  return `\\k<${groupKey(cursor.names.get(name) ?? 0)}>`;
}

/** Takes further digits as long as such a group exists. A reference to a group that does not exist never matches. */
function numberedReference(cursor: Cursor, first: string): string {
  let number = Number(first);
  while (/\d/.test(cursor.peek()) && number * 10 + Number(cursor.peek()) <= cursor.groupCount) number = number * 10 + Number(cursor.take());
  cursor.linear = false;
  return number <= cursor.groupCount ? `\\k<${groupKey(number)}>` : '(?!)';
}
