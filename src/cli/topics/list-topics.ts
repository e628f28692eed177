import { type Driver, partitionKey } from '../../kafka/driver.ts';

/** One row of `sluice topics list`. */
export interface TopicRow {
  readonly topic: string;
  readonly partitions: number;
  /** Offsets between the first and the next one: compaction and transaction markers leave fewer records. */
  readonly records: number;
}

/** Topics by name with their sizes; internal ones only when asked for. */
export async function listTopics(driver: Driver, internal: boolean): Promise<readonly TopicRow[]> {
  const admin = await driver.admin();
  const topics = (await admin.describeTopics(await admin.listTopics())).filter((topic) => internal || !topic.internal);
  const partitions = topics.flatMap(({ name, partitions }) => partitions.map(({ partition }) => ({ topic: name, partition })));
  const earliest = await admin.offsets(partitions, 'earliest');
  const latest = await admin.offsets(partitions, 'latest');
  const held = (topic: string, partition: number): number => {
    const key = partitionKey({ topic, partition });
    return (latest.get(key) ?? 0) - (earliest.get(key) ?? 0);
  };
  await admin.close();
  return topics
    .map(({ name, partitions }) => ({
      topic: name,
      partitions: partitions.length,
      records: partitions.reduce((sum, { partition }) => sum + held(name, partition), 0),
    }))
    .sort((a, b) => (a.topic < b.topic ? -1 : 1));
}
