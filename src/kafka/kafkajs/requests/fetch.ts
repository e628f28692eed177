import type { Request } from '../send-request.ts';

export interface FetchRequest {
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly isolation: 'committed' | 'uncommitted';
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      /** -1: not known. */
      readonly leaderEpoch: number;
      readonly offset: number;
      readonly maxBytes: number;
    }[];
  }[];
}

export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  /** Transactions that were aborted, by the offset at which they began. */
  readonly aborted: readonly { readonly producerId: bigint; readonly firstOffset: number }[];
  /** Record batches, the last perhaps cut off: a view of the answer. */
  readonly records: Buffer | null;
}

/** Fetch 11 without a session: the newest that names topics. */
export const fetchRecords: Request<FetchRequest, { readonly errorCode: number; readonly partitions: readonly FetchedPartition[] }> = {
  name: 'Fetch',
  key: 1,
  version: 11,
  write: (writer, request) => {
    writer.int32(-1).int32(request.maxWaitMs).int32(request.minBytes).int32(request.maxBytes);
    writer.int8(request.isolation === 'committed' ? 1 : 0);
    writer.int32(0).int32(-1);
    writer.array(request.topics, (_, { topic, partitions }) => {
      writer.string(topic).array(partitions, (__, { partition, leaderEpoch, offset, maxBytes }) => {
        writer.int32(partition).int32(leaderEpoch).int64(offset).int64(-1).int32(maxBytes);
      });
    });
    writer.int32(0).string('');
  },
  read: (reader) => {
    const throttleMs = reader.int32();
    const errorCode = reader.int16();
    reader.int32();
    const topics = reader.array(() => {
      const topic = reader.string();
      return reader.array(() => {
        const answer = {
          topic,
          partition: reader.int32(),
          errorCode: reader.int16(),
          highWatermark: reader.int64(),
          lastStableOffset: reader.int64(),
          logStartOffset: reader.int64(),
          aborted: reader.array(() => ({ producerId: reader.bigint64(), firstOffset: reader.int64() })),
        };
        reader.int32();
        return { ...answer, records: reader.nullableBytes() };
      });
    });
    return { throttleMs, errorCode, partitions: topics.flat() };
  },
};
