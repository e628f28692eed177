import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Accumulator } from '../../../src/kafka/kafkajs/accumulator.ts';
import { PartitionQueue } from '../../../src/kafka/kafkajs/partition-queue.ts';
import { Receipt } from '../../../src/kafka/kafkajs/receipt.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const BATCH_BYTES = 1_000;
const LIMIT_MS = 10_000;

/** An accumulator, what it has sealed by the number of records, and how to add records of 100 bytes. */
function accumulating(lingerMs: number) {
  const sealed: number[] = [];
  const queues = new Set<PartitionQueue>();
  const accumulator = new Accumulator(
    {
      compression: 'none',
      transactional: false,
      idempotent: false,
      lingerMs,
      batchBytes: BATCH_BYTES,
      maxBufferedBytes: 1_000_000,
      maxRequestBytes: 1_000_000,
      deliveryTimeoutMs: 1_000,
    },
    (at) => new PartitionQueue(at, { idempotent: false, maxInFlight: 1, limitMs: LIMIT_MS }),
    (queue) => queues.add(queue),
  );
  /** Takes what waits, as the sender does when it may. */
  const send = () => {
    for (const queue of queues) for (let batch = queue.take(); batch !== undefined; batch = queue.take()) sealed.push(batch.count);
  };
  const add = (count: number, partition = 0) => {
    const records = Array.from({ length: count }, () => ({ key: null, value: 'x'.repeat(100) }));
    const at = { topic: 't', partition };
    accumulator.append({ ...at, records }, new Receipt(at, () => {}));
  };
  return { accumulator, sealed, add, send, queues };
}

test('without linger, what is added at one moment leaves together, with the end of that moment', async () => {
  const { sealed, add, send } = accumulating(0);
  add(2);
  add(3);
  add(1, 1);
  send();
  expect(sealed).toEqual([]);
  await Promise.resolve();
  send();
  expect(sealed).toEqual([5, 1]);
  expect(vi.getTimerCount()).toBe(0);
});

test('without linger, what does not fit in a batch follows a millisecond later at most', async () => {
  const { sealed, add, send } = accumulating(0);
  add(8);
  add(3);
  await Promise.resolve();
  send();
  expect(sealed).toEqual([8]);
  vi.advanceTimersByTime(1);
  send();
  expect(sealed).toEqual([8, 3]);
});

test('without linger, records gather while batches of their partition wait to be sent', async () => {
  const { sealed, add, send } = accumulating(0);
  add(1);
  await Promise.resolve();
  add(1);
  await Promise.resolve();
  add(1);
  await Promise.resolve();
  vi.advanceTimersByTime(1);
  send();
  expect(sealed).toEqual([1, 2]);
});

test('with linger, a batch leaves when it is full or when the time has passed', async () => {
  const { accumulator, sealed, add, send } = accumulating(5);
  add(10);
  await Promise.resolve();
  send();
  expect(sealed).toEqual([8]);
  vi.advanceTimersByTime(4);
  send();
  expect(sealed).toEqual([8]);
  expect(accumulator.bufferedBytes).toBeGreaterThan(1_000);
  vi.advanceTimersByTime(2);
  send();
  expect(sealed).toEqual([8, 2]);
});

test('behind a batch that was too large for its topic, those of its partition have half of it at most, until that is forgotten', async () => {
  const { sealed, add, send, queues } = accumulating(0);
  const adding = async (count: number, partition = 0) => {
    add(count, partition);
    await vi.advanceTimersByTimeAsync(1);
    send();
    return sealed.splice(0);
  };
  expect(await adding(8)).toEqual([8]);
  for (const queue of queues) queue.limit.refused(1_000);
  expect(await adding(8)).toEqual([4, 4]);
  expect(await adding(8, 1)).toEqual([8]);
  vi.advanceTimersByTime(LIMIT_MS);
  expect(await adding(8)).toEqual([8]);
});
