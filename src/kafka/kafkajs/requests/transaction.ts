import { partitionKey, type TopicPartition } from '../../driver.ts';
import type { Request } from '../send-request.ts';
import type { WireWriter } from '../wire.ts';
import type { ProducerIdentity } from './init-producer-id.ts';

export interface TransactionOf extends ProducerIdentity {
  readonly transactionalId: string;
}

export interface PartitionError {
  readonly partition: string;
  readonly errorCode: number;
}

const writeTransaction = (writer: WireWriter, { transactionalId, id, epoch }: TransactionOf): WireWriter =>
  writer.string(transactionalId).int64(id).int16(epoch);

/** AddPartitionsToTxn 2. */
export const addPartitions: Request<
  TransactionOf & { readonly partitions: readonly TopicPartition[] },
  { readonly partitions: readonly PartitionError[] }
> = {
  name: 'AddPartitionsToTxn',
  key: 24,
  version: 2,
  write: (writer, request) => {
    const topics = Map.groupBy(request.partitions, ({ topic }) => topic);
    writeTransaction(writer, request).array([...topics], (_, [topic, partitions]) => {
      writer.string(topic).array(partitions, (__, { partition }) => writer.int32(partition));
    });
  },
  read: (reader) => {
    const throttleMs = reader.int32();
    const topics = reader.array(() => {
      const topic = reader.string();
      return reader.array(() => ({ partition: partitionKey({ topic, partition: reader.int32() }), errorCode: reader.int16() }));
    });
    return { throttleMs, partitions: topics.flat() };
  },
};

/** AddOffsetsToTxn 2. */
export const addOffsets: Request<TransactionOf & { readonly groupId: string }, { readonly errorCode: number }> = {
  name: 'AddOffsetsToTxn',
  key: 25,
  version: 2,
  write: (writer, request) => writeTransaction(writer, request).string(request.groupId),
  read: (reader) => ({ throttleMs: reader.int32(), errorCode: reader.int16() }),
};

/** EndTxn 2. */
export const endTransaction: Request<TransactionOf & { readonly commit: boolean }, { readonly errorCode: number }> = {
  name: 'EndTxn',
  key: 26,
  version: 2,
  write: (writer, request) => writeTransaction(writer, request).boolean(request.commit),
  read: (reader) => ({ throttleMs: reader.int32(), errorCode: reader.int16() }),
};

export interface TxnOffsetCommitRequest extends TransactionOf {
  readonly groupId: string;
  /** -1 and empty: nobody of the group, so that only its being empty is checked. */
  readonly generation: number;
  readonly memberId: string;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly offset: number }[];
  }[];
}

/** TxnOffsetCommit 3, the first that is fenced by the generation of the group. */
export const commitOffsetsInTransaction: Request<TxnOffsetCommitRequest, { readonly partitions: readonly PartitionError[] }> = {
  name: 'TxnOffsetCommit',
  key: 28,
  version: 3,
  write: (writer, request) => {
    writer.tags().compactString(request.transactionalId).compactString(request.groupId).int64(request.id).int16(request.epoch);
    writer.int32(request.generation).compactString(request.memberId).compactString(null);
    writer.compactArray(request.topics, (_, { topic, partitions }) => {
      writer.compactString(topic);
      writer.compactArray(partitions, (__, { partition, offset }) =>
        writer.int32(partition).int64(offset).int32(-1).compactString(null).tags(),
      );
      writer.tags();
    });
    writer.tags();
  },
  read: (reader) => {
    reader.tags();
    const throttleMs = reader.int32();
    const topics = reader.compactArray(() => {
      const topic = reader.compactString();
      const partitions = reader.compactArray(() => {
        const answer = { partition: partitionKey({ topic, partition: reader.int32() }), errorCode: reader.int16() };
        reader.tags();
        return answer;
      });
      reader.tags();
      return partitions;
    });
    return { throttleMs, partitions: topics.flat() };
  },
};
