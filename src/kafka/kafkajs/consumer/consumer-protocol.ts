/** The formats in which members of a consumer group say what they read, and its leader who reads what. */
import type { Bytes, TopicPartition } from '../../driver.ts';
import { readByTopic, writeByTopic } from '../requests/by-topic.ts';
import { WireReader, WireWriter } from '../wire.ts';

/** Version 0: an eager member, which gives back everything before it joins again. */
export const encodeSubscription = (topics: readonly string[]): Bytes => {
  const writer = new WireWriter().int16(0);
  return writer.array(topics, (_, topic) => writer.string(topic)).bytesField(null).bytes;
};

/** Of any version: what follows the topics is not needed. */
export function decodeSubscription(bytes: Bytes): readonly string[] {
  const reader = new WireReader(bytes);
  reader.int16();
  return reader.array(() => reader.string());
}

export function encodeAssignment(partitions: readonly TopicPartition[]): Bytes {
  const writer = new WireWriter().int16(0);
  writeByTopic(writer, partitions, ({ partition }) => writer.int32(partition));
  return writer.bytesField(null).bytes;
}

/** Empty bytes are an empty assignment. */
export function decodeAssignment(bytes: Bytes): readonly TopicPartition[] {
  if (bytes.length === 0) return [];
  const reader = new WireReader(bytes);
  reader.int16();
  return readByTopic(reader, (topic) => ({ topic, partition: reader.int32() }));
}
