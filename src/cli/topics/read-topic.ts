import { cliErrors } from '../../errors/cli.ts';
import { type Driver, type InBatch, type InRecord, partitionKey, type TopicPartition } from '../../kafka/driver.ts';

export interface ReadOptions {
  readonly topic: string;
  /** Every record that is there, instead of the last few of each partition. */
  readonly fromBeginning: boolean;
  /** Wait for more instead of ending behind the record that is last now. */
  readonly follow: boolean;
  /** Records after which to end. */
  readonly max: number;
}

/** What is shown of a partition when nothing else is asked for, as `tail` does with lines. */
const tail = 10;

/** Hands over the records of a topic batch by batch, in the order of each partition; ends as the options say. */
export async function readTopic(
  driver: Driver,
  options: ReadOptions,
  take: (records: readonly InRecord[], batch: InBatch) => Promise<void>,
): Promise<void> {
  const { partitions, starts, ends } = await range(driver, options);
  const open = new Set(partitions.map(partitionKey).filter((key) => starts(key) < ends(key)));
  const consumer = await driver.consumer({ source: { mode: 'assign', partitions }, reset: 'earliest' });
  try {
    for (const partition of partitions) consumer.seek(partition, starts(partitionKey(partition)));
    for (let left = options.max; left > 0 && (options.follow || open.size > 0); ) {
      const batch = await consumer.next();
      const records = batch.records.slice(0, left);
      await take(records, batch);
      left -= records.length;
      if (batch.nextOffset >= ends(partitionKey(batch))) open.delete(partitionKey(batch));
      batch.release();
    }
  } finally {
    await consumer.close();
  }
}

async function range(driver: Driver, { topic, fromBeginning }: ReadOptions) {
  const admin = await driver.admin();
  const [described] = await admin.describeTopics([topic]);
  if (described === undefined) throw cliErrors.TOPIC_UNKNOWN({ topic });
  const partitions: readonly TopicPartition[] = described.partitions.map(({ partition }) => ({ topic, partition }));
  const earliest = await admin.offsets(partitions, 'earliest');
  const latest = await admin.offsets(partitions, 'latest');
  await admin.close();
  const first = (key: string): number => earliest.get(key) ?? 0;
  const ends = (key: string): number => latest.get(key) ?? 0;
  return { partitions, ends, starts: (key: string) => (fromBeginning ? first(key) : Math.max(first(key), ends(key) - tail)) };
}
