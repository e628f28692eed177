import { afterEach, expect, test } from 'vitest';
import type { InBatch } from '../../../../src/kafka/driver.ts';
import { FakeLeader } from './fake-leader.ts';

const leader = new FakeLeader();
afterEach(() => leader.close());

test('partitions that are paused in turn are all read within the default limits, and little is fetched twice (I4)', async () => {
  const partitions = Array.from({ length: 40 }, (_, partition) => partition);
  const offsets = Array.from({ length: 8 }, (_, offset) => offset);
  const value = 'x'.repeat(130_000);
  for (const partition of partitions) for (const _ of offsets) leader.append(partition, value);
  const consumer = leader.read(partitions);
  const seen = new Map(partitions.map((partition) => [partition, [] as number[]]));
  const held = new Map<number, InBatch>();
  const reads = () => [...seen].some(([partition, { length }]) => length < offsets.length && !held.has(partition));
  const left = () => [...seen.values()].some(({ length }) => length < offsets.length);
  // As a pipeline does: what was read waits, its partition meanwhile, and the oldest is done first.
  while (left()) {
    for (const [partition, batch] of held) {
      if (held.size < 38 && reads()) break;
      held.delete(partition);
      batch.release();
      consumer.resume([{ topic: 't', partition }]);
    }
    const batch = await consumer.next(AbortSignal.timeout(2_000));
    seen.get(batch.partition)?.push(batch.firstOffset);
    held.set(batch.partition, batch);
    consumer.pause([{ topic: 't', partition: batch.partition }]);
  }
  expect([...seen.values()]).toEqual(partitions.map(() => offsets));
  expect(leader.sentBytes / (partitions.length * offsets.length * value.length)).toBeLessThan(1.5);
});
