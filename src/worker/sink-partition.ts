import type { TopicPartition } from '../kafka/driver.ts';
import type { SourceOffset, SourcePartition } from '../sdk/source.ts';

/** The name of a topic partition among source partitions: as Connect shows the offsets of sinks. */
export const sinkPartition = ({ topic, partition }: TopicPartition): SourcePartition => ({
  kafka_topic: topic,
  kafka_partition: partition,
});

/** The opposite of `sinkPartition`. */
export const topicPartition = (partition: SourcePartition): TopicPartition => ({
  topic: String(partition['kafka_topic']),
  partition: Number(partition['kafka_partition']),
});

export const sinkOffset = (offset: number | undefined): SourceOffset | null => (offset === undefined ? null : { kafka_offset: offset });

/** The opposite of `sinkOffset`. */
export const nextToRead = (offset: SourceOffset): number => Number(offset['kafka_offset']);
