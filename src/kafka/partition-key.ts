import { DriverError, type TopicPartition } from './driver.ts';

/** Reads what `partitionKey` made; a DriverError of kind `invalid` for anything else. */
export function parsePartitionKey(key: string): TopicPartition {
  const [, topic, partition] = /^(.+)-(\d+)$/.exec(key) ?? [];
  if (topic === undefined || partition === undefined)
    throw new DriverError('invalid', `'${key}' is not the key of a partition: expected TOPIC-PARTITION.`, { code: 42 });
  return { topic, partition: Number(partition) };
}
