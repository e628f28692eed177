import type { Cursor, Flags } from './cursor.ts';
import { readEscape } from './escape.ts';

/** Reads `[…]` with unions, intersections (`&&`) and nested classes into a JavaScript class with the flag v. */
export function readClass(cursor: Cursor, flags: Flags): string {
  cursor.at += 1;
  const negated = cursor.pattern.charAt(cursor.at) === '^';
  if (negated) cursor.at += 1;
  const operands: string[] = [];
  let members = '';
  let first = true;
  for (;;) {
    const char = cursor.peek(flags);
    if (char === '') throw cursor.error('Unclosed character class', cursor.pattern.length - 1);
    if (char === ']' && !first) break;
    first = false;
    if (cursor.pattern.startsWith('&&', cursor.at)) {
      cursor.linear = false;
      cursor.at += 2;
      while (cursor.pattern.charAt(cursor.at) === '&') cursor.at += 1;
      if (members !== '') operands.push(`[${members}]`);
      members = '';
      first = false;
    } else if (char === '[') {
      cursor.linear = false;
      members += readClass(cursor, flags);
    } else members += readRange(cursor, flags);
  }
  cursor.at += 1;
  if (members !== '') operands.push(`[${members}]`);
  return `[${negated ? '^' : ''}${operands.length === 1 && members !== '' ? members : operands.join('&&')}]`;
}

function readRange(cursor: Cursor, flags: Flags): string {
  const low = readMember(cursor, flags);
  const next = cursor.peek(flags) === '-' ? cursor.pattern.charAt(cursor.at + 1) : ']';
  if (next === '') throw cursor.error('Illegal character range', cursor.pattern.length);
  if (next === ']' || next === '[' || low.startsWith('[')) return low;
  cursor.at += 1;
  const high = readMember(cursor, flags);
  if (high.startsWith('[')) throw cursor.error('Illegal character range', cursor.at - 1);
  if (codeOf(high) < codeOf(low)) throw cursor.error('Illegal character range', cursor.at - 1);
  return `${low}-${high}`;
}

const readMember = (cursor: Cursor, flags: Flags): string =>
  cursor.peek(flags) === '\\' ? readEscape(cursor, true).source : cursor.literal();

/** The code point that a quoted member stands for. */
const codeOf = (member: string): number => (member.startsWith('\\x') ? Number.parseInt(member.slice(2), 16) : (member.codePointAt(0) ?? 0));
