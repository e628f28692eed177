import type { TopicPartition } from '../../driver.ts';
import type { Request } from '../send-request.ts';
import { readByTopic, writeByTopic } from './by-topic.ts';

export interface PartitionAnswer extends TopicPartition {
  readonly errorCode: number;
}

export const LATEST = -1;
export const EARLIEST = -2;

/** ListOffsets 5: the first offset at or after a time in ms, or one of the ends. The offset is -1 where there is none. */
export const listOffsets: Request<
  {
    readonly isolation: 'committed' | 'uncommitted';
    readonly partitions: readonly (TopicPartition & { readonly leaderEpoch: number; readonly time: number })[];
  },
  { readonly partitions: readonly (PartitionAnswer & { readonly offset: number; readonly leaderEpoch: number })[] }
> = {
  name: 'ListOffsets',
  key: 2,
  version: 5,
  write: (writer, { isolation, partitions }) => {
    writer.int32(-1).int8(isolation === 'committed' ? 1 : 0);
    writeByTopic(writer, partitions, ({ partition, leaderEpoch, time }) => writer.int32(partition).int32(leaderEpoch).int64(time));
  },
  read: (reader) => ({
    throttleMs: reader.int32(),
    partitions: readByTopic(reader, (topic) => {
      const [partition, errorCode] = [reader.int32(), reader.int16()];
      reader.int64();
      return { topic, partition, errorCode, offset: reader.int64(), leaderEpoch: reader.int32() };
    }),
  }),
};

/** OffsetForLeaderEpoch 3: where the log of an epoch ends, which tells a reader what was cut off behind its back. */
export const offsetForLeaderEpoch: Request<
  { readonly partitions: readonly (TopicPartition & { readonly currentEpoch: number; readonly epoch: number })[] },
  { readonly partitions: readonly (PartitionAnswer & { readonly leaderEpoch: number; readonly endOffset: number })[] }
> = {
  name: 'OffsetForLeaderEpoch',
  key: 23,
  version: 3,
  write: (writer, { partitions }) => {
    writeByTopic(writer.int32(-1), partitions, ({ partition, currentEpoch, epoch }) =>
      writer.int32(partition).int32(currentEpoch).int32(epoch),
    );
  },
  read: (reader) => ({
    throttleMs: reader.int32(),
    partitions: readByTopic(reader, (topic) => {
      const [errorCode, partition] = [reader.int16(), reader.int32()];
      return { topic, partition, errorCode, leaderEpoch: reader.int32(), endOffset: reader.int64() };
    }),
  }),
};

/** DeleteRecords 1. `before` -1: all. */
export const deleteRecords: Request<
  { readonly partitions: readonly (TopicPartition & { readonly before: number })[]; readonly timeoutMs: number },
  { readonly partitions: readonly PartitionAnswer[] }
> = {
  name: 'DeleteRecords',
  key: 21,
  version: 1,
  write: (writer, { partitions, timeoutMs }) => {
    writeByTopic(writer, partitions, ({ partition, before }) => writer.int32(partition).int64(before)).int32(timeoutMs);
  },
  read: (reader) => ({
    throttleMs: reader.int32(),
    partitions: readByTopic(reader, (topic) => {
      const partition = reader.int32();
      reader.int64();
      return { topic, partition, errorCode: reader.int16() };
    }),
  }),
};
