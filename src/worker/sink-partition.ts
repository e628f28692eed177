import type { Position, TopicPartition } from '../kafka/driver.ts';
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

/** The leader epoch stays with the offset inside the worker; Connect shows the offset alone. */
export const sinkOffset = ({ offset, leaderEpoch }: Position): SourceOffset =>
  leaderEpoch === undefined ? { kafka_offset: offset } : { kafka_offset: offset, kafka_leader_epoch: leaderEpoch };

/** The opposite of `sinkOffset`. */
export function nextToRead({ kafka_offset: offset, kafka_leader_epoch: epoch }: SourceOffset): Position {
  return { offset: Number(offset), ...(typeof epoch === 'number' ? { leaderEpoch: epoch } : {}) };
}
