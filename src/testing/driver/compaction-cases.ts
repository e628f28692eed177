import assert from 'node:assert/strict';
import type { Consumer, InRecord } from '../../kafka/driver.ts';
import { type Bench, type DriverCase, type DriverUnderTest, ofKind, readValues, within } from './bench.ts';

const cannot = ({ compact }: DriverUnderTest) => (compact === undefined ? 'compaction cannot be asked for' : undefined);

const compacted = ({ topic }: Bench, configs: Readonly<Record<string, string>> = {}) =>
  topic({ configs: { 'cleanup.policy': 'compact', ...configs } });

/** Offset, key and value of every record up to the end. */
async function everything(consumer: Consumer, end: number): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let at = 0; at < end; ) {
    const batch = await consumer.next(within());
    found.push(...batch.records.map((record: InRecord) => [record.offset, record.keyText(), record.valueText()]));
    at = batch.nextOffset;
    batch.release();
  }
  return found;
}

export const compactionCases: readonly DriverCase[] = [
  {
    name: 'keeps the latest record of each key of a compacted topic, at its offset',
    unless: cannot,
    async run(bench) {
      const name = await compacted(bench);
      await bench.append(name, [
        { key: 'a', value: '1' },
        { key: 'b', value: '2' },
        { key: 'a', value: '3' },
      ]);
      await bench.append(name, [
        { key: 'b', value: '4' },
        { key: 'c', value: '5' },
      ]);
      await bench.compact();
      assert.deepEqual(await everything(await bench.read(name), 5), [
        [2, 'a', '3'],
        [3, 'b', '4'],
        [4, 'c', '5'],
      ]);
      await bench.append(name, [{ key: 'c', value: '6' }]);
      await bench.compact();
      assert.deepEqual(await everything(await bench.read(name), 6), [
        [2, 'a', '3'],
        [3, 'b', '4'],
        [5, 'c', '6'],
      ]);
    },
  },
  {
    name: 'removes tombstones once delete.retention.ms has passed',
    unless: cannot,
    async run(bench) {
      const [kept, removed] = [
        await compacted(bench, { 'delete.retention.ms': '60000' }),
        await compacted(bench, { 'delete.retention.ms': '0' }),
      ];
      for (const name of [kept, removed]) {
        await bench.append(name, [
          { key: 'a', value: '1' },
          { key: 'b', value: '2' },
        ]);
        await bench.append(name, [
          { key: 'a', value: null },
          { key: 'c', value: '3' },
        ]);
      }
      await bench.compact();
      await bench.compact();
      assert.deepEqual(await everything(await bench.read(kept), 4), [
        [1, 'b', '2'],
        [2, 'a', null],
        [3, 'c', '3'],
      ]);
      assert.deepEqual(await everything(await bench.read(removed), 4), [
        [1, 'b', '2'],
        [3, 'c', '3'],
      ]);
    },
  },
  {
    name: 'refuses only the records without a key for a compacted topic',
    async run(bench) {
      const name = await compacted(bench);
      const sent = [null, 'a', 'b', null, 'c'].map((key) => ({ key, value: `of ${key}` }));
      const answers = await bench.producer.send([sent.slice(0, 1), sent].map((records) => ({ topic: name, partition: 0, records })));
      for (const { error } of answers) ofKind('invalid')(error);
      assert.deepEqual(
        answers.map(({ refused }) => [...(refused?.keys() ?? [])]),
        [[0], [0, 3]],
      );
      assert.deepEqual(await readValues(await bench.read(name), 3), ['of a', 'of b', 'of c']);
    },
  },
];
