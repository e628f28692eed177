import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { JavaPattern, MatchTimeout } from '../../../src/java/regex/java-pattern.ts';
import { translate } from '../../../src/java/regex/translate.ts';

/** Answers of `java.util.regex` (JDK 17): a syntax error, or full match and first replacement of a text. */
type Recorded =
  | { readonly p: string; readonly e: string }
  | { readonly p: string; readonly t: string; readonly m: boolean; readonly r: string; readonly o: string };

const recorded = readFileSync(new URL('./java-pattern.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line): Recorded => JSON.parse(line));

const attempt = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error instanceof Error ? `!${error.name}:${error.message}` : error;
  }
};

function answer(row: Recorded): unknown {
  if ('e' in row) return { p: row.p, e: String(attempt(() => new JavaPattern(row.p))).replace(/^![^:]*:/, '') };
  const pattern = new JavaPattern(row.p);
  return { p: row.p, t: row.t, m: pattern.matches(row.t), r: row.r, o: attempt(() => pattern.replaceFirst(row.t, row.r)) };
}

describe('JavaPattern', () => {
  test(`answers ${recorded.length} recorded cases as the JDK does`, () => {
    expect(recorded.length).toBeGreaterThan(2000);
    expect(recorded.map(answer)).toEqual(recorded);
  });

  test('a group inside a look-behind whose length overflows is one that captured nothing', () => {
    const looksAtNothing = '(?<!(a{2,2147483647})b{2,})';
    expect(new JavaPattern(`${looksAtNothing}\\1?x`).matches('x')).toBe(true);
    expect(new JavaPattern(`${looksAtNothing}(\\1|x)`).matches('')).toBe(false);
  });

  test('ignores case in the whole of a pattern by a flag that every Node.js knows', () => {
    expect(translate('(?i)(?!b)a[c-e]').flags).toBe('iv');
    expect(translate('(?i)(?!b)a[c-e]').source).not.toContain('?i');
    expect(translate('x(?i)a').flags).toBe('v');
    expect(translate('(?i)a(?-i)b').flags).toBe('v');
    expect(new JavaPattern('(?i)(?!b)(a)[c-e]\\1é').matches('ADaé')).toBe(true);
  });

  test('gives up on a pattern that backtracks for ever', () => {
    const pattern = new JavaPattern('(?!x)(a+)+$', { timeLimitMs: 50 });
    expect(() => pattern.matches(`${'a'.repeat(60)}b`)).toThrow(MatchTimeout);
  });

  test('runs nested repetitions in linear time where it can', () => {
    const pattern = new JavaPattern('(a+)+b', { timeLimitMs: 50 });
    expect(pattern.matches('a'.repeat(2000))).toBe(false);
  });
});
