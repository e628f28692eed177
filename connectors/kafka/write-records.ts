import { type Appended, DriverError, type OutBatch, type Producer } from 'sluice/kafka';
import { BatchError, type EncodedRecord, type Written } from 'sluice/sdk';
import type { PartitionChoice } from './partition-choice.ts';

/** Records of a write that go to one partition. */
interface Group {
  readonly topic: string;
  readonly partition: number;
  readonly records: EncodedRecord[];
  /** Position in the write of each record. */
  readonly indexes: number[];
}

/**
 * Sends the records of one write, each partition's in their order, and answers with what was appended to each partition: the receipt.
 *
 * At once: calls write in the order in which they are made. `unknown`: topics that cannot be, and why. Throws a `BatchError` that names the
 * records which were refused and are to blame for it. Throws what is wrong otherwise, and then any record may have been appended.
 */
export async function writeRecords(
  producer: Producer,
  choice: PartitionChoice,
  records: readonly EncodedRecord[],
  unknown: ReadonlyMap<string, unknown>,
): Promise<Written> {
  const failures = new Map<number, unknown>();
  const whole = unknown.size === 0 ? wholeBatch(choice, records) : undefined;
  const groups = whole === undefined ? groupsOf(choice, records, unknown, failures) : [];
  const receipt: Appended[] = [];
  for (const [at, answer] of (await producer.send(whole === undefined ? groups : [whole])).entries()) {
    if (answer.error === undefined) {
      receipt.push(answer);
      continue;
    }
    if (answer.refused === undefined)
      throw answer.error.kind === 'unknown-topic' ? outdated(choice, answer.topic, answer.error) : answer.error;
    for (const [position, error] of answer.refused) {
      const index = groups[at]?.indexes[position] ?? position;
      // The partition was chosen here.
      if (error.kind === 'unknown-topic' && records[index]?.partition === null) throw outdated(choice, answer.topic, error);
      failures.set(index, error);
    }
  }
  if (failures.size > 0) throw new BatchError(failures);
  return { receipt };
}

/** The topic is not what it was when its partitions were counted: another attempt counts them anew, and says so if there are none. */
function outdated(choice: PartitionChoice, topic: string, error: DriverError): DriverError {
  choice.forget(topic);
  return new DriverError('retriable', error.message, { cause: error, ...(error.code === undefined ? {} : { code: error.code }) });
}

/** Asks for topics not known yet; those that cannot be, with the reason, for which their records are to blame. Rejects with any other reason. */
export async function learnTopics(choice: PartitionChoice, records: readonly EncodedRecord[]): Promise<ReadonlyMap<string, unknown>> {
  const unknown = new Map<string, unknown>();
  let last: string | undefined;
  for (const { topic } of records) {
    if (topic === last || unknown.has(topic)) continue;
    last = topic;
    if (choice.knows(topic)) continue;
    await choice.learn(topic).catch((error: unknown) => {
      if (!(error instanceof DriverError && error.ofRecord)) throw error;
      unknown.set(topic, error);
    });
  }
  return unknown;
}

/** All records as one batch, without looking at them twice, where they go to one partition because none asks for another. */
function wholeBatch(choice: PartitionChoice, records: readonly EncodedRecord[]): OutBatch | undefined {
  const topic = records[0]?.topic;
  if (topic === undefined) return undefined;
  const single = choice.isSingle(topic);
  for (const record of records) {
    if (record.topic !== topic || record.partition !== null || (record.key !== null && !single)) return undefined;
  }
  const partition = choice.ofKey(topic, null);
  choice.turn(topic);
  return { topic, partition, records };
}

function groupsOf(
  choice: PartitionChoice,
  records: readonly EncodedRecord[],
  unknown: ReadonlyMap<string, unknown>,
  failures: Map<number, unknown>,
): readonly Group[] {
  const topics = new Map<string, Map<number, Group>>();
  for (const [index, record] of records.entries()) {
    const { topic } = record;
    if (unknown.has(topic)) {
      failures.set(index, unknown.get(topic));
      continue;
    }
    const partition = record.partition ?? choice.ofKey(topic, record.key);
    const partitions = entry(topics, topic, () => new Map<number, Group>());
    const group = entry(partitions, partition, () => ({ topic, partition, records: [], indexes: [] }));
    group.records.push(record);
    group.indexes.push(index);
  }
  for (const topic of topics.keys()) choice.turn(topic);
  return [...topics.values()].flatMap((partitions) => [...partitions.values()]);
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
