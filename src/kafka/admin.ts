import type { Bytes, TopicPartition } from './driver.ts';

export interface NewTopic {
  readonly name: string;
  /** Default: the broker's. */
  readonly partitions?: number;
  readonly replicationFactor?: number;
  /** `cleanup.policy`, `retention.ms`, `retention.bytes`, `max.message.bytes`, … */
  readonly configs?: Readonly<Record<string, string>>;
}

export interface TopicDescription {
  readonly name: string;
  readonly partitions: readonly {
    readonly partition: number;
    readonly leader: number;
    readonly replicas: readonly number[];
    readonly isr: readonly number[];
  }[];
  readonly internal: boolean;
}

export interface GroupDescription {
  readonly groupId: string;
  /** `Empty`, `Stable`, `PreparingRebalance`, `CompletingRebalance`, `Dead`. */
  readonly state: string;
  readonly protocolType: string;
  readonly protocol: string;
  readonly members: readonly {
    readonly memberId: string;
    readonly instanceId: string | null;
    readonly clientId: string;
    readonly host: string;
    readonly metadata: Bytes;
    readonly assignment: Bytes;
  }[];
}

/** One line of an access control list, in Kafka's names: `TOPIC`, `LITERAL`, `READ`, `ALLOW`, … */
export interface AccessRule {
  readonly resourceType: string;
  readonly resourceName: string;
  readonly patternType: string;
  readonly principal: string;
  readonly host: string;
  readonly operation: string;
  readonly permission: string;
}

export interface Admin {
  /** `null`: the brokers do not tell. Absent: there is no cluster. */
  clusterId?(): Promise<string | null>;
  listTopics(): Promise<readonly string[]>;
  /** Unknown topics are absent from the answer. */
  describeTopics(topics: readonly string[]): Promise<readonly TopicDescription[]>;
  /** An existing topic is answered with `created: false`. */
  createTopics(
    topics: readonly NewTopic[],
    options?: { readonly validateOnly?: boolean },
  ): Promise<readonly { readonly name: string; readonly created: boolean }[]>;
  deleteTopics(topics: readonly string[]): Promise<void>;
  createPartitions(counts: Readonly<Record<string, number>>): Promise<void>;
  topicConfigs(topics: readonly string[]): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>>;
  /** `null` takes a setting back to its default. */
  alterTopicConfigs(changes: Readonly<Record<string, Readonly<Record<string, string | null>>>>): Promise<void>;
  /** Earliest, next, or first at or after a time in ms (-1: none). Keys: `partitionKey`. */
  offsets(partitions: readonly TopicPartition[], at: 'earliest' | 'latest' | number): Promise<ReadonlyMap<string, number>>;
  deleteRecords(before: ReadonlyMap<string, number>): Promise<void>;
  listGroups(): Promise<readonly string[]>;
  groupOffsets(groupId: string): Promise<ReadonlyMap<string, number>>;
  setGroupOffsets(groupId: string, offsets: ReadonlyMap<string, number>): Promise<void>;
  deleteGroupOffsets(groupId: string, partitions: readonly TopicPartition[]): Promise<void>;
  deleteGroups(groups: readonly string[]): Promise<void>;
  /** Groups that are not there are `Dead`. */
  describeGroups?(groups: readonly string[]): Promise<readonly GroupDescription[]>;
  /** Ends the open transactions of these ids; who holds one is fenced. */
  fenceProducers?(transactionalIds: readonly string[]): Promise<void>;
  /** All of them; none where the cluster asks nobody for rights. */
  accessRules?(): Promise<readonly AccessRule[]>;
  close(): Promise<void>;
}
