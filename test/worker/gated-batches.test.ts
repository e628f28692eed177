import { BehaviorSubject, Subject } from 'rxjs';
import { expect, test } from 'vitest';
import type { SourceBatch, SourcePartition } from '../../src/sdk/source.ts';
import { gatedBatches } from '../../src/worker/thread/gated-batches.ts';
import { plugin, standalone } from './standalone.ts';

/** A closed gate, and what has come through it. */
function gate() {
  const batches = new Subject<SourceBatch<string>>();
  const open = new BehaviorSubject(false);
  const ended = new Subject<readonly SourcePartition[]>();
  const through: string[] = [];
  const released: string[] = [];
  gatedBatches(batches, open, ended).subscribe({
    next: ({ records }) => through.push(...records),
    complete: () => through.push('complete'),
  });
  const emit = (partition: SourcePartition, ...records: readonly string[]) =>
    batches.next({ records, partition, released: () => released.push(...records) });
  return { batches, open, ended, through, released, emit };
}

const [a, b] = [
  { topic: 't', number: 0 },
  { topic: 't', number: 1 },
];

test('what waits comes in its order, and before what comes later', () => {
  const { batches, open, through, emit } = gate();
  emit(a, 'a1');
  emit(b, 'b1');
  open.next(true);
  emit(a, 'a2');
  batches.complete();
  expect(through).toEqual(['a1', 'b1', 'a2', 'complete']);
});

test('what waits of an epoch that ends is dropped, and its source gets its buffers back; that of others stays (I11)', () => {
  const { open, ended, through, released, emit } = gate();
  emit(a, 'a1');
  emit(b, 'b1');
  ended.next([{ number: 0, topic: 't' }]);
  expect(released).toEqual(['a1']);
  emit(a, 'a2');
  open.next(true);
  expect(through).toEqual(['b1', 'a2']);
});

test('a batch of several partitions is dropped when all of them end', () => {
  const { batches, open, ended, through } = gate();
  const at = (...partitions: readonly SourcePartition[]) => ({ partitionAt: (index: number) => partitions[index] ?? a });
  batches.next({ records: ['a1', 'b1'], ...at(a, b) });
  batches.next({ records: ['a2', 'a3'], ...at(a, a) });
  ended.next([a]);
  open.next(true);
  expect(through).toEqual(['a1', 'b1']);
});

test('a source that is exhausted ends when nothing waits any more', () => {
  const { batches, ended, through, emit } = gate();
  emit(a, 'a1');
  batches.complete();
  expect(through).toEqual([]);
  ended.next([a]);
  expect(through).toEqual(['complete']);
});

test('a partition that is handed over while its task is paused comes back without what waited', async () => {
  const worker = await standalone({}, [plugin('hands-over')]);
  try {
    await (await worker.driver.admin()).createTopics([{ name: 'out', partitions: 1 }]);
    const consumer = await worker.driver.consumer({
      source: { mode: 'assign', partitions: [{ topic: 'out', partition: 0 }] },
      reset: 'earliest',
    });
    const values: string[] = [];
    const read = async (last: string) => {
      while (values.at(-1) !== last) {
        const { records } = await consumer.next();
        values.push(...records.map(({ value }) => Buffer.from(value ?? []).toString()));
      }
    };
    await worker.connectors.create('c', { 'connector.class': 'hands-over', topic: 'out' });
    await read('b1');
    await worker.connectors.pause('c');
    await worker.connectors.resume('c');
    await read('b3');
    expect(values).toEqual(['b1', 'b2', 'a1', 'b3']);
    await consumer.close();
  } finally {
    await worker.close();
  }
});
