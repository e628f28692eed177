import type { Request } from '../send-request.ts';

export interface ProduceRequest {
  readonly transactionalId: string | null;
  /** -1: all. */
  readonly acks: number;
  readonly timeoutMs: number;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly records: Uint8Array }[];
  }[];
}

export interface ProducedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly baseOffset: number;
  /** -1 where the topic keeps the producer's times. */
  readonly logAppendTime: number;
  readonly logStartOffset: number;
  readonly errorMessage: string | null;
  /** Records, by their index in the batch, for which it was refused. */
  readonly recordErrors: readonly { readonly index: number; readonly message: string | null }[];
}

/** Produce 8, the first that says which records of a batch were refused and why. */
export const produce: Request<ProduceRequest, { readonly partitions: readonly ProducedPartition[] }> = {
  name: 'Produce',
  key: 0,
  version: 8,
  answers: ({ acks }) => acks !== 0,
  write: (writer, request) => {
    writer.string(request.transactionalId).int16(request.acks).int32(request.timeoutMs);
    writer.array(request.topics, (_, { topic, partitions }) => {
      writer.string(topic).array(partitions, (__, { partition, records }) => writer.int32(partition).bytesField(records));
    });
  },
  read: (reader) => {
    const topics = reader.array(() => {
      const topic = reader.string();
      return reader.array(() => {
        const answer = {
          topic,
          partition: reader.int32(),
          errorCode: reader.int16(),
          baseOffset: reader.int64(),
          logAppendTime: reader.int64(),
          logStartOffset: reader.int64(),
        };
        const recordErrors = reader.array(() => ({ index: reader.int32(), message: reader.nullableString() }));
        return { ...answer, recordErrors, errorMessage: reader.nullableString() };
      });
    });
    return { partitions: topics.flat(), throttleMs: reader.int32() };
  },
};
