import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  type Admin,
  type Appended,
  type Consumer,
  type ConsumerOptions,
  type Driver,
  DriverError,
  type DriverErrorKind,
  type NewTopic,
  type OutRecord,
  type Producer,
} from '../../kafka/driver.ts';

export interface DriverUnderTest {
  readonly driver: Driver;
  /** Compacts all topics now; absent where the driver cannot be asked to. */
  readonly compact?: () => Promise<void>;
  close(): Promise<void>;
}

export interface DriverCase {
  readonly name: string;
  /** Why this driver skips the case. */
  readonly unless?: (subject: DriverUnderTest) => string | undefined;
  readonly run: (bench: Bench) => Promise<void>;
}

export interface ReadOptions extends Omit<Partial<ConsumerOptions>, 'source'> {
  readonly partitions?: readonly number[];
  readonly groupId?: string;
}

/** What a case works with. */
export interface Bench {
  readonly driver: Driver;
  readonly admin: Admin;
  readonly producer: Producer;
  readonly compact: () => Promise<void>;
  /** Makes a topic with a name of its own. */
  topic(settings?: Omit<NewTopic, 'name'>): Promise<string>;
  /** A consumer of partition 0, or of those given, from the earliest record. */
  read(topic: string, options?: ReadOptions): Promise<Consumer>;
  /** Sends to one partition and fails unless it is appended; answers the first offset. */
  append(topic: string, records: readonly OutRecord[], partition?: number): Promise<number>;
}

export async function benchOf({ driver, compact }: DriverUnderTest): Promise<Bench> {
  const admin = await driver.admin();
  const producer = await driver.producer();
  return {
    driver,
    admin,
    producer,
    compact: compact ?? (() => Promise.resolve()),
    async topic(settings = {}) {
      const name = uniqueName('topic');
      await admin.createTopics([{ name, partitions: 1, replicationFactor: 1, ...settings }]);
      return name;
    },
    read(topic, { partitions = [0], groupId, ...options } = {}) {
      const assigned = partitions.map((partition) => ({ topic, partition }));
      const source = { mode: 'assign', partitions: assigned, ...(groupId === undefined ? {} : { groupId }) } as const;
      return driver.consumer({ source, reset: 'earliest', ...options });
    },
    async append(topic, records, partition = 0) {
      const [answer] = await producer.send([{ topic, partition, records }]);
      return appended(answer);
    },
  };
}

export const uniqueName = (what: string): string => `contract-${what}-${randomUUID().slice(0, 13)}`;

/** The offset of an answer that must not be an error. */
export function appended(answer: Appended | undefined): number {
  assert.ok(answer !== undefined, 'there is no answer for the batch');
  if (answer.error !== undefined) throw answer.error;
  return answer.baseOffset;
}

/** Records with these values, and keys k0, k1, … */
export const records = (...values: readonly (string | null)[]): readonly OutRecord[] =>
  values.map((value, index) => ({ key: `k${index}`, value }));

/** Values of the next `count` records as text; every batch is released. */
export async function readValues(consumer: Consumer, count: number): Promise<readonly (string | null)[]> {
  const values: (string | null)[] = [];
  while (values.length < count) {
    const batch = await consumer.next(within());
    values.push(...batch.records.map((record) => record.valueText()));
    batch.release();
  }
  return values;
}

/** Fails a wait that a working driver ends long before. */
export const within = (ms = 15_000): AbortSignal => AbortSignal.timeout(ms);

/** Expects that nothing is handed out for a while. */
export async function expectNothing(consumer: Consumer): Promise<void> {
  const nothing = new Error('nothing came');
  const abort = new AbortController();
  setTimeout(() => abort.abort(nothing), 60);
  await assert.rejects(consumer.next(abort.signal), nothing);
}

/** For `assert.rejects`: a DriverError of this kind. */
export const ofKind =
  (kind: DriverErrorKind) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof DriverError, `expected a DriverError, and it is ${String(error)}`);
    assert.equal(error.kind, kind, error.message);
    return true;
  };

/** For `unless`: the admin calls a case is about. */
export const needs =
  (...calls: readonly (keyof Admin)[]) =>
  ({ driver }: DriverUnderTest): string | undefined => {
    const missing = calls.filter((call) => !driver.capabilities.admin.has(call));
    return missing.length === 0 ? undefined : `capabilities.admin has no ${missing.join(', ')}`;
  };
