import { expect, test } from 'vitest';
import { bytesText, legLine } from '../../../src/cli/quickstart/report-lines.ts';

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
