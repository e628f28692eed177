import { expect, test } from 'vitest';
import { missed, table } from './report.ts';

const row = 'file → Kafka, String · CPU s per million';

test('compares medians with Connect as it is, the better Sluice with the tuned Connect, and Sluice with itself', () => {
  const figures = {
    Connect: { [row]: [8, 6, 7] },
    Sluice: { [row]: [1, 1.4, 1.2] },
    'Connect, tuned': { [row]: [3] },
    'Sluice, tuned': { [row]: [1.5] },
    'Sluice again': { [row]: [1.26] },
  };
  expect(table(figures)).toBe(`|  | unit | Connect | Sluice | Connect, tuned | Sluice, tuned | of Connect | of tuned Connect | A/A |
| --- | --- | --: | --: | --: | --: | --: | --: | --: |
| file → Kafka, String | CPU s per million | 7 | 1.2 | 3 | 1.5 | 0.17 | 0.40 | 1.05 |`);
  expect(missed(figures)).toEqual([]);
});

test('tells which goal is missed, and by how much', () => {
  const start = 'start, warm · ms';
  expect(missed({ Connect: { [row]: [4] }, Sluice: { [row]: [2], [start]: [700, 650, 800] } })).toEqual([
    `${start}: 700.00, and is to be 600 at most`,
    `${row}: 0.50 of Connect, and is to be 0.25 at most`,
  ]);
});
