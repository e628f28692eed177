import { setTimeout as wait } from 'node:timers/promises';
import { ConnectError } from '../errors/connect-error.ts';
import { workerErrors } from '../errors/worker.ts';
import { type Admin, type Driver, DriverError, type OutRecord, type Producer } from '../kafka/driver.ts';
import { partitionOfKey } from '../kafka/partitioner.ts';
import type { SendLetters } from './dead-letters.ts';

export interface DeadLetterTopic {
  readonly topic: string;
  /** Where the topic has to be made. */
  readonly replicationFactor: number;
}

/** Where a task's dead letters go: the topic is there, the producer open. */
export interface LetterBox {
  readonly send: SendLetters;
  close(): Promise<void>;
}

const firstWaitMs = 100;
const longestWaitMs = 10_000;

/** Makes the topic of dead letters as Connect does, with one partition, unless it is there; fails when that cannot be. */
export async function openLetterBox(driver: Driver, { topic, replicationFactor }: DeadLetterTopic): Promise<LetterBox> {
  const admin = await driver.admin();
  try {
    await makeTopic(admin, { topic, replicationFactor });
  } catch (error) {
    throw new ConnectError('ConnectException', `Could not initialize dead letter queue with topic=${topic}`, error);
  } finally {
    await admin.close();
  }
  const producer = await driver.producer({ acks: 'all' });
  const closing = new AbortController();
  return {
    send: (letters) => sendAll(producer, topic, letters, closing.signal),
    close: () => {
      closing.abort();
      return producer.close({ timeoutMs: 0 });
    },
  };
}

async function makeTopic(admin: Admin, { topic, replicationFactor }: DeadLetterTopic): Promise<void> {
  const known = await admin.describeTopics([topic]);
  if (known.length === 0) await admin.createTopics([{ name: topic, partitions: 1, replicationFactor }]);
}

/** What may yet succeed is tried again until the box is closed: as Connect, whose producer of dead letters never gives up. */
async function sendAll(producer: Producer, topic: string, letters: readonly OutRecord[], closed: AbortSignal): Promise<void> {
  let left = letters;
  for (let waitMs = firstWaitMs; left.length > 0; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
    const failures = await attempt(producer, topic, left);
    const hopeless = failures.find(({ error }) => !error.retriable)?.error;
    if (hopeless !== undefined) throw workerErrors.DEAD_LETTER_REFUSED({ topic, why: hopeless.message }, hopeless);
    left = failures.map(({ letter }) => letter);
    if (left.length > 0) await wait(waitMs, undefined, { signal: closed });
  }
}

interface Failed {
  readonly letter: OutRecord;
  readonly error: DriverError;
}

/** Letters with a key go where Java's producer would put them, the others together to one partition. */
async function attempt(producer: Producer, topic: string, letters: readonly OutRecord[]): Promise<readonly Failed[]> {
  try {
    const partitions = await producer.partitions(topic);
    const keyless = Math.floor(Math.random() * partitions);
    const groups = [...Map.groupBy(letters, ({ key }) => (key === null ? keyless : partitionOfKey(key, partitions)))];
    const answers = await producer.send(groups.map(([partition, records]) => ({ topic, partition, records })));
    return answers.flatMap(({ error, refused }, i) => {
      if (error === undefined) return [];
      const sent = groups[i]?.[1] ?? [];
      return sent.flatMap((letter, at) => (refused === undefined || refused.has(at) ? [{ letter, error: refused?.get(at) ?? error }] : []));
    });
  } catch (error) {
    if (error instanceof DriverError) return letters.map((letter) => ({ letter, error }));
    throw error;
  }
}
