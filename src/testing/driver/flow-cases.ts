import assert from 'node:assert/strict';
import type { Consumer, InBatch } from '../../kafka/driver.ts';
import { type Bench, type DriverCase, expectNothing, readValues, records, within } from './bench.ts';

const BATCH_BYTES = 150_000;

/** Appends batches of about 150 kB, too large to be handed out together under the limits below. */
async function appendLarge({ append }: Bench, topic: string, count: number, partition = 0): Promise<void> {
  for (let index = 0; index < count; index++) await append(topic, records(`${index} ${'x'.repeat(BATCH_BYTES)}`), partition);
}

const sizeOf = (batches: readonly InBatch[]): number => batches.reduce((sum, { byteLength }) => sum + byteLength, 0);

async function take(consumer: Consumer, count: number): Promise<InBatch[]> {
  const batches: InBatch[] = [];
  for (let index = 0; index < count; index++) batches.push(await consumer.next(within()));
  return batches;
}

export const flowCases: readonly DriverCase[] = [
  {
    name: 'hands out nothing of a paused partition, and everything after resume',
    async run({ topic, append, read }) {
      const name = await topic({ partitions: 2 });
      const paused = { topic: name, partition: 0 };
      await append(name, records('a0'), 0);
      await append(name, records('b0'), 1);
      const consumer = await read(name, { partitions: [0, 1] });
      consumer.pause([paused]);
      assert.deepEqual(await readValues(consumer, 1), ['b0']);
      await expectNothing(consumer);
      await append(name, records('a1'), 0);
      consumer.resume([paused]);
      assert.deepEqual(await readValues(consumer, 2), ['a0', 'a1']);
    },
  },
  {
    name: 'keeps what it has fetched of a partition while that is paused',
    async run(bench) {
      const name = await bench.topic();
      const partition = { topic: name, partition: 0 };
      await appendLarge(bench, name, 4);
      const consumer = await bench.read(name);
      const [first] = await take(consumer, 1);
      consumer.pause([partition]);
      await expectNothing(consumer);
      consumer.resume([partition]);
      let next = first?.nextOffset;
      for (const batch of await take(consumer, 3)) {
        assert.equal(batch.firstOffset, next);
        next = batch.nextOffset;
      }
    },
  },
  {
    name: 'forgets what it has fetched when it seeks',
    async run(bench) {
      const name = await bench.topic();
      await appendLarge(bench, name, 4);
      const consumer = await bench.read(name);
      await take(consumer, 1);
      consumer.seek({ topic: name, partition: 0 }, 0);
      const again = await take(consumer, 4);
      assert.deepEqual(
        again.map(({ firstOffset }) => firstOffset),
        [0, 1, 2, 3],
      );
    },
  },
  {
    name: 'stops fetching while unreleased batches take maxBufferedBytes, and goes on when they are released (I4)',
    async run(bench) {
      const name = await bench.topic();
      const maxBufferedBytes = 3.5 * BATCH_BYTES;
      await appendLarge(bench, name, 8);
      const consumer = await bench.read(name, { maxBufferedBytes });
      const held = await take(consumer, 3);
      assert.ok(sizeOf(held) <= maxBufferedBytes, `${sizeOf(held)} bytes are out`);
      await expectNothing(consumer);
      held[0]?.release();
      held[0]?.release();
      held.push(...(await take(consumer, 1)));
      await expectNothing(consumer);
      for (const batch of held) batch.release();
      assert.equal((await readValues(consumer, 4)).length, 4);
    },
  },
  {
    name: 'hands out a batch larger than maxBufferedBytes alone (I4)',
    async run(bench) {
      const name = await bench.topic();
      await appendLarge(bench, name, 2);
      const consumer = await bench.read(name, { maxBufferedBytes: 10_000 });
      const [first] = await take(consumer, 1);
      await expectNothing(consumer);
      first?.release();
      const [second] = await take(consumer, 1);
      assert.equal(second?.firstOffset, 1);
    },
  },
  {
    name: 'gives every partition its turn',
    async run(bench) {
      const name = await bench.topic({ partitions: 3 });
      await appendLarge(bench, name, 12, 0);
      await appendLarge(bench, name, 2, 1);
      await appendLarge(bench, name, 2, 2);
      const consumer = await bench.read(name, {
        partitions: [0, 1, 2],
        maxPartitionBytes: BATCH_BYTES,
        maxBufferedBytes: 1.5 * BATCH_BYTES,
      });
      const seen: number[] = [];
      while (seen.length < 10) {
        const batch = await consumer.next(within());
        seen.push(batch.partition);
        batch.release();
      }
      assert.deepEqual([...new Set(seen)].sort(), [0, 1, 2]);
    },
  },
  {
    name: 'reads partitions though others, which are paused, have used up the room, and loses nothing of those (I4)',
    async run(bench) {
      const name = await bench.topic({ partitions: 4 });
      const partitions = [0, 1, 2, 3];
      for (const partition of partitions) await appendLarge(bench, name, 6, partition);
      const consumer = await bench.read(name, { partitions, maxPartitionBytes: 4.2 * BATCH_BYTES, maxBufferedBytes: 8.4 * BATCH_BYTES });
      const held: InBatch[] = [];
      while (held.length < 4) {
        const [batch] = await take(consumer, 1);
        if (batch === undefined) break;
        held.push(batch);
        consumer.pause([{ topic: name, partition: batch.partition }]);
      }
      assert.deepEqual(held.map(({ partition }) => partition).sort(), partitions);
      consumer.resume(partitions.map((partition) => ({ topic: name, partition })));
      const seen = held.map((batch) => [batch.partition, batch.firstOffset]);
      for (const batch of held) batch.release();
      while (seen.length < 24) {
        const [batch] = await take(consumer, 1);
        if (batch !== undefined) seen.push([batch.partition, batch.firstOffset]);
        batch?.release();
      }
      for (const partition of partitions)
        assert.deepEqual(
          seen.flatMap(([of, offset]) => (of === partition ? [offset] : [])),
          [0, 1, 2, 3, 4, 5],
        );
    },
  },
  {
    name: 'detaches a batch that outlives its release',
    async run({ topic, append, read }) {
      const name = await topic();
      await append(name, records('kept'));
      const batch = await (await read(name)).next(within());
      const kept = batch.detach();
      batch.release();
      assert.deepEqual(
        kept.records.map((record) => [record.keyText(), record.valueText()]),
        [['k0', 'kept']],
      );
    },
  },
];
