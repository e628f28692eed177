import { asyncScheduler } from 'rxjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PartitionChoice } from '../../../connectors/kafka/partition-choice.ts';
import { DriverError } from '../../../src/kafka/index.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const missing = new DriverError('unknown-topic', 'There is no topic t.', { code: 3 });

/** A broker that answers, one after the other, with these numbers of partitions and errors, the last one for good. */
function choosing(...answers: readonly (number | Error)[]) {
  const left = [...answers];
  const asked = { partitions: 0, made: 0 };
  const partitions = async () => {
    asked.partitions++;
    const answer = left.length > 1 ? left.shift() : left[0];
    if (answer instanceof Error) throw answer;
    return answer ?? 0;
  };
  const makeTopic = async () => void asked.made++;
  return { choice: new PartitionChoice({ partitions }, { scheduler: asyncScheduler, maxAgeMs: 1_000, makeTopic }), asked };
}

test('while no broker answers it is asked again for as long as that takes', async () => {
  const { choice, asked } = choosing(...Array.from({ length: 200 }, () => new DriverError('retriable', 'Broker 1 cannot be reached.')), 3);
  const learnt = choice.learn('t');
  await vi.advanceTimersByTimeAsync(120_000);
  await learnt;
  expect(asked.partitions).toBe(201);
});

test('what a broker refuses again and again, such as a topic on a full disk, is left to the retries of the write', async () => {
  const full = new DriverError('retriable', 'There is no space left to write store.', { code: 56 });
  const { choice, asked } = choosing(full);
  const learnt = expect(choice.learn('t')).rejects.toBe(full);
  await vi.advanceTimersByTimeAsync(10_000);
  await learnt;
  expect(asked.partitions).toBe(10);
});

test('a topic that was there and is not any more is made anew', async () => {
  const { choice, asked } = choosing(3, missing, 1);
  await choice.learn('t');
  await choice.learn('t');
  expect(asked.made).toBe(2);
  expect(choice.isSingle('t')).toBe(true);
});

test('a topic that cannot be made is missing, and nothing of it is known', async () => {
  const { choice } = choosing(3, missing);
  await choice.learn('t');
  await expect(choice.learn('t')).rejects.toThrow('There is no topic t');
  expect(choice.knows('t')).toBe(false);
});

test('what is forgotten is asked for again', async () => {
  const { choice } = choosing(3, 1);
  await choice.learn('t');
  choice.forget('t');
  expect(choice.knows('t')).toBe(false);
  await choice.learn('t');
  expect(choice.isSingle('t')).toBe(true);
});
