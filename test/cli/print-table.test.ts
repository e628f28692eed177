import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { printTable } from '../../src/cli/print-table.ts';

function printed(rows: readonly object[], json: boolean): string {
  const out = new PassThrough({ encoding: 'utf8' });
  printTable(out, rows, { json });
  return out.read() ?? '';
}

test('columns are as wide as what they hold, numbers stand to the right', () => {
  const rows = [
    { topic: 'orders', partitions: 1, records: 1_234_567 },
    { topic: 'a', partitions: 12, records: 0 },
  ];
  expect(printed(rows, false)).toBe('TOPIC   PARTITIONS    RECORDS\norders           1  1,234,567\na               12          0\n');
});

test('JSON is one object a line', () => {
  expect(
    printed(
      [
        { topic: 'a', records: 1 },
        { topic: 'b', records: 2 },
      ],
      true,
    ),
  ).toBe('{"topic":"a","records":1}\n{"topic":"b","records":2}\n');
});

test('nothing is printed of nothing', () => {
  expect(printed([], false)).toBe('');
});
