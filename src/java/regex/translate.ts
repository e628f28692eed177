import { readClass } from './character-class.ts';
import { type Cursor, cursorOf, type Flags, readEscape } from './cursor.ts';

/** A Java regular expression in JavaScript's syntax, for the flag `v`; its groups are named by `groupKey`. */
export interface Translation {
  readonly source: string;
  readonly groupCount: number;
  /** Numbers of the groups that Java knows by name. */
  readonly names: ReadonlyMap<string, number>;
  /** Uses only what a linear-time engine reads alike: no back reference, look-around, possessive or atomic group, set operation. */
  readonly linear: boolean;
}

const lineEnd = '\\n\\r\\u0085\\u2028\\u2029';

/** Translates `pattern`; throws `PatternSyntaxError` with Java's words where Java refuses it. */
export function translate(pattern: string): Translation {
  const cursor = cursorOf(pattern);
  const source = alternatives(cursor, { ...noFlags });
  if (!cursor.atEnd()) throw cursor.error(cursor.peek() === ')' ? "Unmatched closing ')'" : 'Unexpected internal error', cursor.at - 1);
  return { source, groupCount: cursor.groupCount, names: cursor.names, linear: cursor.linear };
}

const noFlags: Flags = { i: false, m: false, s: false, x: false, d: false };

/** Up to the end of the group; flags set inside hold to its end. */
function alternatives(cursor: Cursor, flags: Flags): string {
  let source = '';
  while (!cursor.atEnd() && cursor.peek(flags) !== ')') {
    if (cursor.atEnd()) break;
    source += cursor.peek(flags) === '|' ? cursor.take() : quantified(cursor, flags);
  }
  return source;
}

function quantified(cursor: Cursor, flags: Flags): string {
  const atom = readAtom(cursor, flags);
  if (atom === '') return '';
  const bounds = readQuantifier(cursor, flags);
  if (bounds === undefined) return atom;
  const next = cursor.peek(flags);
  if (next === '?') return `(?:${atom})${bounds}${cursor.take()}`;
  if (next !== '+') return `(?:${atom})${bounds}`;
  cursor.take();
  return atomic(cursor, `(?:${atom})${bounds}`);
}

/** JavaScript has no possessive or atomic groups: a look-ahead cannot be entered again, and its capture is then consumed. */
function atomic(cursor: Cursor, source: string): string {
  cursor.linear = false;
  const name = cursor.nextAtomic();
  return `(?=(?<${name}>${source}))\\k<${name}>`;
}

function readQuantifier(cursor: Cursor, flags: Flags): string | undefined {
  const char = cursor.peek(flags);
  if (char === '*' || char === '+' || char === '?') return cursor.take();
  if (char !== '{') return undefined;
  const start = cursor.at;
  const match = /^\{(\d+)(?:(,)(\d*))?/.exec(cursor.pattern.slice(start));
  if (match === null) throw cursor.error('Illegal repetition', start + 1);
  cursor.at += match[0].length;
  if (cursor.pattern.charAt(cursor.at) !== '}') throw cursor.error('Unclosed counted closure', cursor.at);
  const low = Number(match[1]);
  if (match[3] !== undefined && match[3] !== '' && Number(match[3]) < low) throw cursor.error('Illegal repetition range', cursor.at);
  cursor.at += 1;
  return `${match[0]}}`;
}

function readAtom(cursor: Cursor, flags: Flags): string {
  const char = cursor.peek(flags);
  if (char === '') return '';
  switch (char) {
    case '(':
      return readGroup(cursor, flags);
    case '[':
      return ignoringCase(readClass(cursor, flags), flags);
    case '.':
      cursor.take();
      return flags.s ? '[^]' : flags.d ? '[^\\n]' : `[^${lineEnd}]`;
    case '^':
      cursor.take();
      return flags.m ? `(?<=(?<![^])|[${lineEnd}])(?=[^]|(?<![^]))` : '(?<![^])';
    case '$':
      cursor.take();
      return flags.m ? `(?=(?![^])|[${lineEnd}])` : `(?=(?:\\r\\n|[${lineEnd}])?(?![^]))`;
    case '*':
    case '+':
    case '?':
      throw cursor.error(`Dangling meta character '${char}'`, cursor.at);
    case '{':
      throw cursor.error('Illegal repetition', cursor.at + 1);
    case '\\':
      return ignoringCase(readEscape(cursor, false), flags);
    default:
      return ignoringCase(cursor.literal(), flags);
  }
}

const ignoringCase = (source: string, flags: Flags): string => (flags.i ? `(?i:${source})` : source);

function readGroup(cursor: Cursor, flags: Flags): string {
  cursor.take();
  if (cursor.pattern.charAt(cursor.at) !== '?') {
    return `(?<${cursor.openGroup()}>${groupBody(cursor, flags)})`;
  }
  cursor.at += 1;
  const rest = cursor.pattern.slice(cursor.at);
  const look = /^(?:<?[=!])/.exec(rest);
  if (look !== null) {
    cursor.linear = false;
    cursor.at += look[0].length;
    return `(?${look[0]}${groupBody(cursor, flags)})`;
  }
  if (rest.startsWith('>')) {
    cursor.at += 1;
    return atomic(cursor, groupBody(cursor, flags));
  }
  if (rest.startsWith('<')) return namedGroup(cursor, flags);
  return flagGroup(cursor, flags);
}

function groupBody(cursor: Cursor, flags: Flags): string {
  const source = alternatives(cursor, { ...flags });
  if (cursor.peek(flags) !== ')') throw cursor.error('Unclosed group', cursor.pattern.length);
  cursor.take();
  return source;
}

function namedGroup(cursor: Cursor, flags: Flags): string {
  cursor.at += 1;
  const name = cursor.groupName();
  if (cursor.names.has(name)) throw cursor.error(`Named capturing group <${name}> is already defined`, cursor.at - 1);
  return `(?<${cursor.openGroup(name)}>${groupBody(cursor, flags)})`;
}

const flagLetters: Readonly<Record<string, keyof Flags | 'none'>> = {
  i: 'i',
  m: 'm',
  s: 's',
  x: 'x',
  d: 'd',
  u: 'none',
  U: 'none',
  c: 'none',
};

/** `(?i-s:…)` for a group, `(?i)` for the rest of the enclosing one. */
function flagGroup(cursor: Cursor, flags: Flags): string {
  const inner = { ...flags };
  let on = true;
  for (;;) {
    const char = cursor.pattern.charAt(cursor.at);
    const flag = flagLetters[char];
    if (char === '-' && on) on = false;
    else if (flag !== undefined) {
      if (flag !== 'none') inner[flag] = on;
    } else break;
    cursor.at += 1;
  }
  const end = cursor.pattern.charAt(cursor.at);
  if (end === ')') {
    cursor.at += 1;
    Object.assign(flags, inner);
    return '(?:)';
  }
  if (end !== ':') throw cursor.error('Unknown inline modifier', cursor.at);
  cursor.at += 1;
  return `(?:${groupBody(cursor, inner)})`;
}
