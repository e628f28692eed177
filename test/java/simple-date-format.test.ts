import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SimpleDateFormat } from '../../src/java/simple-date-format.ts';

/** Answers of `java.text.SimpleDateFormat` (JDK 17, en_US, UTC, a century window that starts in 1946). */
type Recorded =
  | { readonly op: 'f'; readonly p: string; readonly t: number; readonly r: string }
  | { readonly op: 'p'; readonly p: string; readonly x: string; readonly r: number | null };

const now = Date.UTC(2026, 10, 24);
const recorded = readFileSync(new URL('./simple-date-format.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line): Recorded => JSON.parse(line));

function answer(row: Recorded): string | number | null {
  try {
    const format = new SimpleDateFormat(row.p, now);
    return row.op === 'f' ? format.format(row.t) : (format.parse(row.x) ?? null);
  } catch (error) {
    return error instanceof Error ? `!${error.message}` : String(error);
  }
}

describe('SimpleDateFormat', () => {
  test(`answers ${recorded.length} recorded cases as the JDK does`, () => {
    expect(recorded.length).toBeGreaterThan(2000);
    expect(recorded.filter((row) => answer(row) !== row.r).map((row) => ({ ...row, got: answer(row) }))).toEqual([]);
  });

  test('keeps the zone that a text named', () => {
    const format = new SimpleDateFormat('yyyy-MM-dd HH:mm z', now);
    expect(format.format(format.parse('2024-06-01 10:00 PST') ?? 0)).toBe('2024-06-01 11:00 PDT');
  });

  test.each([
    ["yyyy'T", 'Unterminated quote'],
    ['XXXX', 'invalid ISO 8601 format: length=4'],
    ['bbb', "Illegal pattern character 'b'"],
  ])('refuses the pattern %s', (pattern, message) => {
    expect(() => new SimpleDateFormat(pattern, now)).toThrow(message);
  });

  test('reads the digits of other scripts', () => {
    expect(new SimpleDateFormat('yyyy-MM-dd', now).parse('٢٠٢٤-٠٢-٠٣')).toBe(Date.UTC(2024, 1, 3));
  });
});

test('years beyond what a Date holds are read in any zone', () => {
  const format = new SimpleDateFormat('yyyyyyy z', 0);
  expect(() => format.parse('9999999 PST')).not.toThrow();
  expect(() => format.format(8.64e15)).not.toThrow();
});
