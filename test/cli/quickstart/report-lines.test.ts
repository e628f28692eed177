import { expect, test } from 'vitest';
import { bytesText, legLine, memoryLine } from '../../../src/cli/quickstart/report-lines.ts';

test.each([
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [99_166_000, '99.2 MB'],
  [12_000_000_000, '12.0 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});

test('a way is told with its time, speed and CPU seconds per million records', () => {
  expect(legLine('file → topic', { lines: 2_000_000, bytes: 200_000_000 }, { seconds: 4, cpuSeconds: 3 })).toBe(
    'file → topic     4.00 s, 500,000 records/s, 50.0 MB/s, 1.50 CPU seconds per million records',
  );
});

test('memory is told with what no file backs, where the system knows', () => {
  const rest = 'this one process, in which both ways ran one after the other';
  expect(memoryLine({ total: 300e6, anonymous: 200e6 })).toBe(
    `memory           300.0 MB at most, 200.0 MB of it not backed by files: ${rest}`,
  );
  expect(memoryLine({ total: 300e6, anonymous: undefined })).toBe(`memory           300.0 MB at most: ${rest}`);
});
