import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { generateLines } from '../../../src/cli/quickstart/generate-lines.ts';
import { scanAsText, scanLines } from '../../../src/cli/quickstart/scan-lines.ts';

const sha256 = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-lines-'));
  file = join(folder, 'lines.txt');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('generated lines are numbered JSON of about 100 bytes, exactly as many as asked for', async () => {
  await generateLines(file, 2_500);
  const text = readFileSync(file, 'utf8');
  const lines = text.split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.map((line) => Number(JSON.parse(line).id))).toEqual(Array.from({ length: 2_500 }, (_, i) => i));
  const average = Buffer.byteLength(text) / 2_500;
  expect(average).toBeGreaterThan(85);
  expect(average).toBeLessThan(115);
});

test('a scan counts whole lines and hashes them; what follows the last line end stays out', async () => {
  writeFileSync(file, 'one\ntwo\nthr');
  expect(await scanLines(file)).toEqual({ lines: 2, bytes: 8, sha256: sha256('one\ntwo\n'), rest: 3, foreign: false });
});

test('input that ends in .gz is scanned unpacked', async () => {
  writeFileSync(`${file}.gz`, gzipSync('one\ntwo\n'));
  expect(await scanLines(`${file}.gz`)).toMatchObject({ lines: 2, sha256: sha256('one\ntwo\n') });
});

test('other line ends and broken UTF-8 are noticed, and scanned as a file source reads them', async () => {
  writeFileSync(file, Buffer.from([0x61, 13, 10, 0x62, 13, 0xff, 10]));
  expect(await scanLines(file)).toMatchObject({ lines: 2, foreign: true });
  expect(await scanAsText(file)).toEqual({ lines: 3, bytes: 8, sha256: sha256('a\nb\n\ufffd\n'), rest: 0, foreign: false });
});
