import type { Writable } from 'node:stream';
import { styleText } from 'node:util';
import type { ConnectRecord } from '../../record/record.ts';
import { type Change, changesBetween } from './record-changes.ts';
import { recordJson } from './record-json.ts';

/** What became of one line of the input. */
export type Attempt = { readonly line: number } & (
  | { readonly result: 'changed' | 'unchanged'; readonly after: ConnectRecord; readonly changes: readonly Change[] }
  | { readonly result: 'dropped' }
  | { readonly result: 'failed'; readonly transform: string; readonly error: string; readonly message: string }
  | { readonly result: 'unreadable'; readonly reason: string }
);

/** The attempt whose record came out as `after`. */
export function kept(line: number, before: ConnectRecord, after: ConnectRecord): Attempt {
  const changes = before === after ? [] : changesBetween(before, after);
  return { line, result: changes.length === 0 ? 'unchanged' : 'changed', after, changes };
}

/** For machines: one object on a line. */
export function attemptJson(attempt: Attempt): string {
  const { line, result } = attempt;
  const head = `{"line":${line},"result":"${result}"`;
  if (attempt.result === 'failed') {
    const { transform, error, message } = attempt;
    return `${head},"error":${JSON.stringify({ transform, class: error, message })}}\n`;
  }
  if (attempt.result === 'unreadable') return `${head},"error":${JSON.stringify({ message: attempt.reason })}}\n`;
  return attempt.result === 'dropped' ? `${head}}\n` : `${head},"record":${recordJson(attempt.after)}}\n`;
}

/** For people: the result, and below it what changed. Coloured where `out` is a terminal. */
export function attemptLines(attempt: Attempt, out: Writable): string {
  const paint = (style: 'red' | 'green' | 'yellow' | 'bold' | 'dim', text: string): string =>
    styleText(style, text, { stream: out, validateStream: true });
  const head = (style: 'red' | 'bold' | 'dim', more = ''): string => `line ${attempt.line}  ${paint(style, attempt.result)}${more}\n`;
  switch (attempt.result) {
    case 'failed':
      return head('red', ` at ${attempt.transform}: ${attempt.message} (${attempt.error.split('.').at(-1)})`);
    case 'unreadable':
      return head('red', `: ${attempt.reason}`);
    case 'changed':
      return head('bold') + changeLines(attempt.changes, paint);
    default:
      return head('dim');
  }
}

type Paint = (style: 'red' | 'green' | 'yellow', text: string) => string;

function changeLines(changes: readonly Change[], paint: Paint): string {
  const width = Math.max(...changes.map(({ path }) => path.length));
  return changes
    .map(({ path, before, after }) => {
      const name = path.padEnd(width);
      if (before === undefined) return paint('green', `  + ${name}  ${short(after)}`);
      if (after === undefined) return paint('red', `  - ${name}  ${short(before)}`);
      return `  ${paint('yellow', '~')} ${name}  ${paint('red', short(before))} → ${paint('green', short(after))}`;
    })
    .map((line) => `${line}\n`)
    .join('');
}

const longest = 200;
const short = (text = ''): string => (text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text);
