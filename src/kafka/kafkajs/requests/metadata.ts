import type { Request } from '../send-request.ts';

export interface MetadataRequest {
  /** Null: all topics. Empty: brokers only. */
  readonly topics: readonly string[] | null;
  /** Makes topics that are missing, where the broker allows it. */
  readonly create: boolean;
}

export interface NodeAddress {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

export interface PartitionMetadata {
  readonly errorCode: number;
  readonly partition: number;
  /** Id of its broker; -1: it has none now. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
}

export interface TopicMetadata {
  readonly errorCode: number;
  readonly topic: string;
  readonly internal: boolean;
  /** At the place of their number. */
  readonly partitions: readonly PartitionMetadata[];
}

export interface MetadataAnswer {
  readonly brokers: readonly NodeAddress[];
  readonly clusterId: string | null;
  readonly controllerId: number;
  readonly topics: readonly TopicMetadata[];
}

/** Metadata 7, the first with leader epochs. */
export const metadata: Request<MetadataRequest, MetadataAnswer> = {
  name: 'Metadata',
  key: 3,
  version: 7,
  write: (writer, { topics, create }) => {
    if (topics === null) writer.int32(-1);
    else writer.array(topics, (_, topic) => writer.string(topic));
    writer.boolean(create);
  },
  read: (reader) => {
    const throttleMs = reader.int32();
    const brokers = reader.array(() => ({
      nodeId: reader.int32(),
      host: reader.string(),
      port: reader.int32(),
      rack: reader.nullableString(),
    }));
    const clusterId = reader.nullableString();
    const controllerId = reader.int32();
    const topics = reader.array(() => ({
      errorCode: reader.int16(),
      topic: reader.string(),
      internal: reader.boolean(),
      partitions: reader
        .array(() => {
          const partition = { errorCode: reader.int16(), partition: reader.int32(), leader: reader.int32(), leaderEpoch: reader.int32() };
          const nodes = () => reader.array(() => reader.int32());
          const answer = { ...partition, replicas: nodes(), isr: nodes() };
          nodes();
          return answer;
        })
        .sort((a, b) => a.partition - b.partition),
    }));
    return { throttleMs, brokers, clusterId, controllerId, topics };
  },
};
