import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OutRecord } from '../../../src/kafka/driver.ts';
import { decode, encodeBatch, RecordBatchBuilder } from '../../../src/kafka/record-batch/index.ts';
import { contents, expected } from './samples.ts';

const payload = fc.oneof(fc.constant(null), fc.uint8Array({ maxLength: 200 }), fc.string({ unit: 'binary', maxLength: 100 }));
const record: fc.Arbitrary<OutRecord> = fc.record(
  {
    key: payload,
    value: payload,
    headers: fc.array(fc.tuple(fc.string({ unit: 'binary', maxLength: 80 }), payload), { maxLength: 4 }),
    timestamp: fc.integer({ min: 0, max: 2 ** 52 }),
  },
  { requiredKeys: ['key', 'value'] },
);
const records = fc.array(record, { minLength: 1, maxLength: 80, size: 'max' });
const compression = fc.constantFrom('none', 'gzip', 'snappy', 'lz4', 'zstd');

test('what is written is what is read', () => {
  fc.assert(
    fc.property(records, compression, fc.integer({ min: 0, max: 2 ** 52 }), (all, type, baseOffset) => {
      const { bytes, count } = encodeBatch(all, { now: 7, compression: type, baseOffset });
      expect(count).toBe(all.length);
      expect(contents(decode(bytes, { topic: 't', partition: 0 }))).toEqual(expected(all, baseOffset, 7));
    }),
    { numRuns: 150 },
  );
});

test('a builder cuts records into batches within its limits, and loses none', () => {
  fc.assert(
    fc.property(records, fc.integer({ min: 61, max: 2000 }), fc.integer({ min: 1, max: 30 }), (all, maxBytes, maxRecords) => {
      const builder = new RecordBatchBuilder({ maxBytes, maxRecords });
      const batches: Buffer[] = [];
      let offset = 0;
      const cut = () => {
        const { bytes, count, uncompressedBytes } = builder.build({ baseOffset: offset });
        expect(uncompressedBytes <= maxBytes || count === 1).toBe(true);
        expect(count).toBeLessThanOrEqual(maxRecords);
        batches.push(bytes);
        offset += count;
      };
      for (const each of all) {
        if (builder.append(each, 7)) continue;
        cut();
        expect(builder.append(each, 7)).toBe(true);
      }
      cut();
      expect(contents(decode(Buffer.concat(batches), { topic: 't', partition: 0 }))).toEqual(expected(all, 0, 7));
    }),
    { numRuns: 100 },
  );
});
