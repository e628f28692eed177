import { readClass } from './character-class.ts';
import { type Cursor, cursorOf, type Flags } from './cursor.ts';
import { readEscape } from './escape.ts';
import { charWidth, isDeterministic, type Part, quantifiedPart, studied } from './look-behind.ts';

/** A Java regular expression in JavaScript's syntax; its groups are named by `groupKey`. */
export interface Translation {
  readonly source: string;
  /** For `RegExp`. */
  readonly flags: 'v' | 'iv';
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
  cursor.ignoresCase = ignoresCase.test(pattern);
  const { source } = alternatives(cursor, { ...noFlags });
  if (!cursor.atEnd()) throw cursor.error(cursor.peek() === ')' ? "Unmatched closing ')'" : 'Unexpected internal error', cursor.at - 1);
  const flags = cursor.ignoresCase ? 'iv' : 'v';
  return { source, flags, groupCount: cursor.groupCount, names: cursor.names, linear: cursor.linear };
}

/** From its start to its end: then a flag of the whole expression will do, which every Node.js knows. */
const ignoresCase = /^\(\?i\)(?!.*\(\?[a-zA-Z-]+[:)])/s;

const noFlags: Flags = { i: false, m: false, s: false, x: false, d: false };

/** What was read: its JavaScript, and what Java knows of its length. */
interface Piece {
  readonly source: string;
  readonly parts: readonly Part[];
}

const piece = (source: string, ...parts: Part[]): Piece => ({ source, parts });
const nothing = piece('');

/** Up to the end of the group; flags set inside hold to its end. */
function alternatives(cursor: Cursor, flags: Flags): Piece {
  let source = '';
  let sequence: Part[] = [];
  const branches = [sequence];
  while (!cursor.atEnd() && cursor.peek(flags) !== ')') {
    if (cursor.atEnd()) break;
    if (cursor.peek(flags) === '|') {
      source += cursor.take();
      sequence = [];
      branches.push(sequence);
    } else {
      const next = quantified(cursor, flags);
      source += next.source;
      sequence.push(...next.parts);
    }
  }
  return { source, parts: branches.length === 1 ? sequence : [{ kind: 'branch', branches }] };
}

function quantified(cursor: Cursor, flags: Flags): Piece {
  const atom = readAtom(cursor, flags);
  // Inline flags take no quantifier; of several characters it is for the last.
  if (atom === nothing) return nothing;
  const bounds = readQuantifier(cursor, flags);
  if (bounds === undefined) return atom;
  const next = cursor.peek(flags);
  const mode = next === '?' ? 'lazy' : next === '+' ? 'possessive' : 'greedy';
  if (mode !== 'greedy') cursor.take();
  const source = `(?:${atom.source})${bounds.source}`;
  const part = quantifiedPart(atom.parts, { ...bounds, mode });
  return piece(mode === 'possessive' ? atomic(cursor, source) : mode === 'lazy' ? `${source}?` : source, part);
}

/** JavaScript has no possessive or atomic groups: a look-ahead cannot be entered again, and its capture is then consumed. */
function atomic(cursor: Cursor, source: string): string {
  cursor.linear = false;
  const name = cursor.nextAtomic();
  return `(?=(?<${name}>${source}))\\k<${name}>`;
}

interface Bounds {
  readonly source: string;
  readonly min: number;
  readonly max: number;
}

const single: Readonly<Record<string, Bounds>> = {
  '*': { source: '*', min: 0, max: Number.POSITIVE_INFINITY },
  '+': { source: '+', min: 1, max: Number.POSITIVE_INFINITY },
  '?': { source: '?', min: 0, max: 1 },
};

function readQuantifier(cursor: Cursor, flags: Flags): Bounds | undefined {
  const char = cursor.peek(flags);
  if (single[char] !== undefined) {
    cursor.take();
    return single[char];
  }
  if (char !== '{') return undefined;
  const start = cursor.at;
  const match = /^\{(\d+)(?:(,)(\d*))?/.exec(cursor.pattern.slice(start));
  if (match === null) throw cursor.error('Illegal repetition', start + 1);
  const [whole, low = '', comma, high = ''] = match;
  refuseBeyondInt(cursor, low, start + 1);
  refuseBeyondInt(cursor, high, start + low.length + 2);
  cursor.at += whole.length;
  if (cursor.pattern.charAt(cursor.at) !== '}') throw cursor.error('Unclosed counted closure', cursor.at);
  const [min, max] = [Number(low), high !== '' ? Number(high) : comma === undefined ? Number(low) : Number.POSITIVE_INFINITY];
  if (max < min) throw cursor.error('Illegal repetition range', cursor.at);
  cursor.at += 1;
  return { source: `${whole}}`, min, max };
}

/** Java counts in 32 bits, and notices at the digit that is too many. */
function refuseBeyondInt(cursor: Cursor, digits: string, at: number): void {
  for (let length = 10; length <= digits.length; length++) {
    if (Number(digits.slice(0, length)) > 0x7fffffff) throw cursor.error('Illegal repetition range', at + length - 1);
  }
}

function readAtom(cursor: Cursor, flags: Flags): Piece {
  const char = cursor.peek(flags);
  if (char === '') return nothing;
  switch (char) {
    case '(':
      return readGroup(cursor, flags);
    case '[':
      return piece(ignoringCase(cursor, readClass(cursor, flags), flags), charWidth);
    case '.':
      cursor.take();
      return piece(flags.s ? '[^]' : flags.d ? '[^\\n]' : `[^${lineEnd}]`, charWidth);
    case '^':
      cursor.take();
      return piece(flags.m ? `(?<=^|[${lineEnd}])(?=[^]|^)` : '^', { kind: 'zero' });
    case '$':
      cursor.take();
      return piece(flags.m ? `(?=$|[${lineEnd}])` : `(?=(?:\\r\\n|[${lineEnd}])?$)`, { kind: 'zero' });
    case '*':
    case '+':
    case '?':
      throw cursor.error(`Dangling meta character '${char}'`, cursor.at);
    case '{':
      // Nothing, repeated.
      cursor.linear = false;
      return piece('(?:)', { kind: 'zero' });
    case '\\': {
      const { source, part } = readEscape(cursor, false);
      return piece(ignoringCase(cursor, source, flags), part);
    }
    default:
      return piece(ignoringCase(cursor, cursor.literal(), flags), charWidth);
  }
}

const ignoringCase = (cursor: Cursor, source: string, flags: Flags): string => (flags.i && !cursor.ignoresCase ? `(?i:${source})` : source);

function readGroup(cursor: Cursor, flags: Flags): Piece {
  cursor.take();
  if (cursor.pattern.charAt(cursor.at) !== '?') {
    return capturing(cursor, flags);
  }
  cursor.at += 1;
  const rest = cursor.pattern.slice(cursor.at);
  const look = /^<?[=!]/.exec(rest);
  if (look !== null) return lookAround(cursor, flags, look[0]);
  if (rest.startsWith('>')) {
    cursor.at += 1;
    const { source, parts } = groupBody(cursor, flags);
    return piece(atomic(cursor, source), { kind: 'atomic', parts });
  }
  if (rest.startsWith('<')) return namedGroup(cursor, flags);
  if (/^[$@]/.test(rest)) throw cursor.error('Unknown group type', cursor.at);
  return flagGroup(cursor, flags);
}

function capturing(cursor: Cursor, flags: Flags, name?: string): Piece {
  const group = cursor.openGroup(name);
  const number = cursor.groupCount;
  const body = groupBody(cursor, flags);
  cursor.uncaptured.delete(number);
  return grouped(`?<${group}>`, body);
}

const grouped = (opening: string, { source, parts }: Piece): Piece =>
  piece(`(${opening}${source})`, { kind: 'group', parts, deterministic: isDeterministic(parts) });

function lookAround(cursor: Cursor, flags: Flags, look: string): Piece {
  cursor.linear = false;
  cursor.at += look.length;
  const outside = cursor.groupCount;
  const { source, parts } = alternatives(cursor, { ...flags });
  let answer = `(?${look}${source})`;
  if (look.startsWith('<')) {
    const { max, valid } = studied(parts);
    if (!valid) throw cursor.error('Look-behind group does not have an obvious maximum length', cursor.at - 1);
    // Java looks back so far only; a count that overflowed leaves nothing to look at.
    if (max < 0) {
      answer = look === '<=' ? '(?!)' : '(?:)';
      for (let group = outside + 1; group <= cursor.groupCount; group++) cursor.uncaptured.add(group);
    }
  }
  closeGroup(cursor, flags);
  return piece(answer, { kind: 'zero' });
}

function groupBody(cursor: Cursor, flags: Flags): Piece {
  const body = alternatives(cursor, { ...flags });
  closeGroup(cursor, flags);
  return body;
}

function closeGroup(cursor: Cursor, flags: Flags): void {
  if (cursor.peek(flags) !== ')') throw cursor.error('Unclosed group', cursor.pattern.length);
  cursor.take();
}

function namedGroup(cursor: Cursor, flags: Flags): Piece {
  cursor.at += 1;
  const name = cursor.groupName();
  if (cursor.names.has(name)) throw cursor.error(`Named capturing group <${name}> is already defined`, cursor.at - 1);
  return capturing(cursor, flags, name);
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
function flagGroup(cursor: Cursor, flags: Flags): Piece {
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
    return nothing;
  }
  if (end !== ':') throw cursor.error('Unknown inline modifier', cursor.at);
  cursor.at += 1;
  return grouped('?:', groupBody(cursor, inner));
}
