import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { OutRecord } from '../../../src/kafka/driver.ts';
import { encodeParts } from '../../../src/kafka/embedded/encode-parts.ts';
import { type BatchOptions, decode, RecordBatchBuilder } from '../../../src/kafka/record-batch/index.ts';

const LIMIT = 2_000;
const at = { topic: 't', partition: 0 };

/** What becomes of the records of one batch, and how many were written before each of its parts. */
function encoding(records: readonly OutRecord[], { compact = false, ...how }: BatchOptions & { readonly compact?: boolean } = {}) {
  const before: number[] = [];
  const options = (written: number): BatchOptions => {
    before.push(written);
    return how;
  };
  const builder = new RecordBatchBuilder({ maxBytes: LIMIT });
  const { parts, refused } = encodeParts({ ...at, records }, { builder, maxMessageBytes: LIMIT, compact, now: 0, options });
  const values = parts.flatMap(({ bytes }) => decode(bytes, at).records.map((record) => record.valueText()));
  return {
    sizes: parts.map(({ bytes }) => bytes.length),
    refused: new Map([...refused].map(([index, { kind }]) => [index, kind])),
    values,
    before,
  };
}

/** Text that does not get shorter by compression, so that its batch gets longer. */
const noise = (seed: number): Buffer => createHash('shake256', { outputLength: 636 }).update(`${seed}`).digest();

test('a part that compression makes larger than the topic takes is cut, and nothing is refused', () => {
  const records = [1, 2, 3].map((seed) => ({ key: null, value: noise(seed) }));
  const plain = encoding(records);
  expect(plain.sizes).toHaveLength(1);
  const { sizes, refused, values } = encoding(records, { compression: 'gzip' });
  expect(values).toEqual(plain.values);
  expect(refused).toEqual(new Map());
  expect(sizes).toHaveLength(2);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(LIMIT);
});

test('records without a time, without a key, or too large are refused by themselves', () => {
  const record = (value: string, members: Partial<OutRecord> = {}): OutRecord => ({ key: 'k', value, ...members });
  const records = [record('a', { timestamp: 0.5 }), record('b'), record('c', { key: null }), record('x'.repeat(LIMIT)), record('d')];
  expect(encoding(records, { compact: true })).toEqual({
    sizes: [expect.any(Number), expect.any(Number)],
    refused: new Map([
      [0, 'invalid'],
      [2, 'invalid'],
      [3, 'too-large'],
    ]),
    values: ['b', 'd'],
    before: [0, 1, 1],
  });
});
