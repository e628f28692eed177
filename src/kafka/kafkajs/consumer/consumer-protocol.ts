/** The formats in which members of a consumer group say what they read, and its leader who reads what. */
import type { Bytes, TopicPartition } from '../../driver.ts';
import { readByTopic, writeByTopic } from '../requests/by-topic.ts';
import { WireReader, WireWriter } from '../wire.ts';

/** What a member says of itself when it joins. */
export interface MemberMetadata {
  readonly topics: readonly string[];
  /** What it keeps while it joins. */
  readonly owned: readonly TopicPartition[];
  /** Of which it owns that; -1: of none. */
  readonly generation: number;
}

/** Version 3. The generation is told once more where leaders look that know only version 1. */
export const encodeSubscription = ({ topics, owned, generation }: MemberMetadata): Bytes => {
  const writer = new WireWriter().int16(3);
  writer.array(topics, (_, topic) => writer.string(topic)).bytesField(new WireWriter().int32(generation).bytes);
  writeByTopic(writer, owned, ({ partition }) => writer.int32(partition));
  return writer.int32(generation).string(null).bytes;
};

/** Of any version, later ones included, which only add to the end. */
export function decodeSubscription(bytes: Bytes): MemberMetadata {
  const reader = new WireReader(bytes);
  const version = reader.int16();
  const topics = reader.array(() => reader.string());
  const userData = reader.nullableBytes();
  const owned = version < 1 ? [] : readByTopic(reader, (topic) => ({ topic, partition: reader.int32() }));
  if (version >= 2) return { topics, owned, generation: reader.int32() };
  return { topics, owned, generation: userData?.length === 4 ? userData.readInt32BE() : -1 };
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
