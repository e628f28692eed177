import type { Position, TopicPartition } from '../../driver.ts';
import type { Request } from '../send-request.ts';
import { readByTopic, writeByTopic } from './by-topic.ts';
import type { PartitionAnswer } from './offsets.ts';

export interface OffsetFetchRequest {
  readonly groupId: string;
  /** Null: all partitions of the group. */
  readonly partitions: readonly TopicPartition[] | null;
  /** Refuses, for as long as it lasts, an offset that a transaction is about to change. */
  readonly stable: boolean;
}

/** OffsetFetch 7, the first that knows of offsets in open transactions. Offset and epoch are -1 where there is none. */
export const offsetFetch: Request<
  OffsetFetchRequest,
  {
    readonly errorCode: number;
    readonly partitions: readonly (PartitionAnswer & { readonly offset: number; readonly leaderEpoch: number })[];
  }
> = {
  name: 'OffsetFetch',
  key: 9,
  version: 7,
  write: (writer, { groupId, partitions, stable }) => {
    writer.tags().compactString(groupId);
    if (partitions === null) writer.uvarint(0);
    else
      writer.compactArray([...Map.groupBy(partitions, ({ topic }) => topic)], (_, [topic, ofTopic]) => {
        writer.compactString(topic).compactArray(ofTopic, (__, { partition }) => writer.int32(partition));
        writer.tags();
      });
    writer.boolean(stable).tags();
  },
  read: (reader) => {
    reader.tags();
    const throttleMs = reader.int32();
    const topics = reader.compactArray(() => {
      const topic = reader.compactString();
      const partitions = reader.compactArray(() => {
        const found = { topic, partition: reader.int32(), offset: reader.int64(), leaderEpoch: reader.int32() };
        reader.compactNullableString();
        const answer = { ...found, errorCode: reader.int16() };
        reader.tags();
        return answer;
      });
      reader.tags();
      return partitions;
    });
    return { throttleMs, partitions: topics.flat(), errorCode: reader.int16() };
  },
};

export interface MemberIdentity {
  readonly groupId: string;
  /** -1, with an empty member id: not a member. */
  readonly generation: number;
  readonly memberId: string;
  readonly instanceId: string | null;
}

/** OffsetCommit 7. */
export const offsetCommit: Request<
  MemberIdentity & { readonly partitions: readonly (TopicPartition & Position & { readonly metadata: string })[] },
  { readonly partitions: readonly PartitionAnswer[] }
> = {
  name: 'OffsetCommit',
  key: 8,
  version: 7,
  write: (writer, { groupId, generation, memberId, instanceId, partitions }) => {
    writer.string(groupId).int32(generation).string(memberId).string(instanceId);
    writeByTopic(writer, partitions, ({ partition, offset, leaderEpoch = -1, metadata }) => {
      writer.int32(partition).int64(offset).int32(leaderEpoch).string(metadata);
    });
  },
  read: (reader) => ({
    throttleMs: reader.int32(),
    partitions: readByTopic(reader, (topic) => ({ topic, partition: reader.int32(), errorCode: reader.int16() })),
  }),
};

/** OffsetDelete 0. */
export const offsetDelete: Request<
  { readonly groupId: string; readonly partitions: readonly TopicPartition[] },
  { readonly errorCode: number; readonly partitions: readonly PartitionAnswer[] }
> = {
  name: 'OffsetDelete',
  key: 47,
  version: 0,
  write: (writer, { groupId, partitions }) => {
    writeByTopic(writer.string(groupId), partitions, ({ partition }) => writer.int32(partition));
  },
  read: (reader) => {
    const errorCode = reader.int16();
    const throttleMs = reader.int32();
    const partitions = readByTopic(reader, (topic) => ({ topic, partition: reader.int32(), errorCode: reader.int16() }));
    return { throttleMs, errorCode, partitions };
  },
};
