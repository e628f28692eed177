import { expect, test } from 'vitest';
import { type Admin, type Appended, type Driver, DriverError, type OutBatch, type Producer } from '../../src/kafka/driver.ts';
import { openLetterBox } from '../../src/worker/letter-box.ts';

const letters = ['a', 'b', 'c'].map((value) => ({ key: null, value }));

/** A box whose producer gives these answers, and the values of each attempt. */
async function boxOf(...answers: readonly ((batch: OutBatch) => Appended)[]) {
  const attempts: unknown[][] = [];
  const left = [...answers];
  const producer: Partial<Producer> = {
    partitions: async () => 1,
    send: async (batches) =>
      batches.map((batch) => {
        attempts.push(batch.records.map(({ value }) => value));
        return left.shift()?.(batch) ?? { topic: batch.topic, partition: batch.partition, baseOffset: 0, timestamp: 0 };
      }),
  };
  const admin: Partial<Admin> = { describeTopics: async () => [], createTopics: async () => [], close: async () => {} };
  const driver = { producer: async () => producer, admin: async () => admin } as unknown as Driver;
  return { box: await openLetterBox(driver, { topic: 'dead', replicationFactor: 1 }), attempts };
}

const full = new DriverError('retriable', 'The disk is full.');

test('letters of a batch that failed without one being to blame are all sent again', async () => {
  const { box, attempts } = await boxOf(({ topic, partition }) => ({ topic, partition, error: full }));
  await box.send(letters);
  expect(attempts).toEqual([
    ['a', 'b', 'c'],
    ['a', 'b', 'c'],
  ]);
});

test.each([
  ['of which one is to blame', new DriverError('too-large', 'Too large.'), new Map([[1, new DriverError('too-large', 'Too large.')]])],
  ['that nobody may write', new DriverError('auth', 'Not allowed.'), undefined],
])('letters %s are refused for good, not lost', async (_, error, refused) => {
  const { box, attempts } = await boxOf(({ topic, partition }) => ({ topic, partition, error, ...(refused && { refused }) }));
  await expect(box.send(letters)).rejects.toMatchObject({ code: 'WORKER_DEAD_LETTER_REFUSED' });
  expect(attempts).toHaveLength(1);
});
