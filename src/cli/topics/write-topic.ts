import { cliErrors } from '../../errors/cli.ts';
import type { Driver, OutBatch, OutRecord } from '../../kafka/driver.ts';
import { partitionOfKey } from '../../kafka/partitioner.ts';

export interface WriteOptions {
  readonly topic: string;
  /** What stands before it in a line is the key; without it there are no keys. */
  readonly keySeparator?: string | undefined;
  /** Default: by the key as Kafka's own clients do; lines without key that come together stay together, and partitions take turns. */
  readonly partition?: number | undefined;
}

/** Appends every line of the input as a record, bytes unchanged; answers how many. A last line needs no newline. */
export async function writeTopic(driver: Driver, options: WriteOptions, input: AsyncIterable<Uint8Array>): Promise<number> {
  const { topic, keySeparator, partition } = options;
  const partitions = await partitionsOf(driver, topic);
  if (partition !== undefined && partition >= partitions) throw cliErrors.PARTITION_UNKNOWN({ topic, partition, partitions });
  const separator = keySeparator === undefined ? undefined : Buffer.from(keySeparator);
  const producer = await driver.producer();
  let [count, turns] = [0, 0];
  try {
    for await (const lines of linesOf(input)) {
      const turn = partition ?? turns++ % partitions;
      const placed = (key: Buffer | null): number => (key === null || partition !== undefined ? turn : partitionOfKey(key, partitions));
      const answers = await producer.send(batches(topic, lines, separator, placed));
      for (const { error } of answers) if (error) throw error;
      count += lines.length;
    }
  } finally {
    await producer.close();
  }
  return count;
}

async function partitionsOf(driver: Driver, topic: string): Promise<number> {
  const admin = await driver.admin();
  const [described] = await admin.describeTopics([topic]);
  await admin.close();
  if (described === undefined) throw cliErrors.TOPIC_UNKNOWN({ topic });
  return described.partitions.length;
}

function batches(
  topic: string,
  lines: readonly Buffer[],
  separator: Buffer | undefined,
  placed: (key: Buffer | null) => number,
): OutBatch[] {
  const byPartition = new Map<number, OutRecord[]>();
  for (const line of lines) {
    const at = separator === undefined ? -1 : line.indexOf(separator);
    const key = at < 0 ? null : line.subarray(0, at);
    const value = separator === undefined || at < 0 ? line : line.subarray(at + separator.length);
    const partition = placed(key);
    const records = byPartition.get(partition) ?? [];
    if (records.push({ key, value }) === 1) byPartition.set(partition, records);
  }
  return Array.from(byPartition, ([partition, records]) => ({ topic, partition, records }));
}

/** The complete lines of each chunk, without their newline. */
async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Buffer[]> {
  let rest = Buffer.alloc(0);
  for await (const chunk of input) {
    const text = Buffer.concat([rest, chunk]);
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = text.indexOf(10); end >= 0; end = text.indexOf(10, start)) {
      lines.push(text.subarray(start, end));
      start = end + 1;
    }
    rest = text.subarray(start);
    if (lines.length > 0) yield lines;
  }
  if (rest.length > 0) yield [rest];
}
