import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { delivered } from './delivered.ts';
import { lineOf, numberedLines } from './numbered-lines.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-delivered-'));
  file = join(folder, 'out.txt');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('all of the lines once, in any order', async () => {
  writeFileSync(file, [...numberedLines(1_500)].reverse().join(''));
  expect(await delivered(file, 1_500)).toEqual({ lines: 1_500, missing: 0, duplicates: 0, torn: 0, foreign: 0 });
});

test('what is missing, came twice, was torn or was never sent is counted', async () => {
  writeFileSync(file, [lineOf(0), lineOf(0), lineOf(2), lineOf(1).slice(0, 9), 'never sent', `${lineOf(3)}x`, ''].join('\n'));
  expect(await delivered(file, 4)).toEqual({ lines: 6, missing: 2, duplicates: 1, torn: 1, foreign: 2 });
});

test('a file that is not there holds nothing', async () => {
  expect(await delivered(file, 2)).toEqual({ lines: 0, missing: 2, duplicates: 0, torn: 0, foreign: 0 });
});
