/**
 * The Kafka port: what the runtime needs of a broker, in its own types. Two drivers implement it under one contract suite
 * (`driverContract` in sluice/testing): `embedded/` (in process, on a folder) and `kafkajs/` (real brokers).
 *
 * Only batches cross it: no promise per record.
 */
import type { Origin } from '../record/record.ts';
import { resource } from '../sdk/context.ts';
import type { Admin } from './admin.ts';
import type { Position } from './position.ts';
import type { TopicPattern } from './topic-pattern.ts';

export type * from './admin.ts';
export type * from './position.ts';

export type Bytes = Uint8Array;
/** Text stands for its UTF-8 bytes and is encoded straight into the record batch. */
export type Payload = Uint8Array | string | null;
/** Ordered; keys may repeat, values may be null. */
export type WireHeaders = ReadonlyArray<readonly [key: string, value: Payload]>;
export type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Key of a topic partition in maps: `topic-partition`. */
export const partitionKey = (tp: TopicPartition): string => `${tp.topic}-${tp.partition}`;

export interface OutRecord {
  readonly key: Payload;
  readonly value: Payload;
  readonly headers?: WireHeaders | undefined;
  /** Milliseconds; default: now. */
  readonly timestamp?: number | undefined;
}

/** Records for one partition, resolved by the caller. */
export interface OutBatch extends TopicPartition {
  readonly records: readonly OutRecord[];
}

/** Answer to one sent batch. A batch that fails does not fail the others, nor a refused record those beside it. */
export type Appended =
  | (TopicPartition & { readonly baseOffset: number; readonly timestamp: number; readonly error?: undefined; readonly refused?: undefined })
  | (TopicPartition & {
      readonly error: DriverError;
      /** Records that are to blame by themselves, by their position; all others of the batch were appended. */
      readonly refused: ReadonlyMap<number, DriverError>;
    })
  /** No record is to blame, and any of them may have been appended or not. */
  | (TopicPartition & { readonly error: DriverError; readonly refused?: undefined });

/** The answer to a batch of which nothing was appended. */
export const refusedWhole = ({ topic, partition, records }: OutBatch, error: DriverError): Appended =>
  error.ofRecord ? { topic, partition, error, refused: new Map(records.map((_, index) => [index, error])) } : { topic, partition, error };

/** Lazy: every getter reads the batch buffer. Views are valid until the batch is released; copy what you keep. */
export interface InRecord {
  /** Topic, partition and timestamp type: one object for the records of a record batch. */
  readonly origin: Origin;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Bytes | null;
  readonly value: Bytes | null;
  /** The value as UTF-8 text, without a view in between. */
  valueText(): string | null;
  keyText(): string | null;
  readonly headers: ReadonlyArray<readonly [key: string, value: Bytes | null]>;
}

export interface InBatch extends TopicPartition {
  readonly count: number;
  readonly byteLength: number;
  readonly firstOffset: number;
  /** Position after this batch, control records included. */
  readonly nextOffset: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  /** Of its last record batch; absent where brokers have no leaders. */
  readonly leaderEpoch?: number | undefined;
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  /** The records, made once on first use. */
  readonly records: readonly InRecord[];
  /** A copy outside the shared buffer, for keeping it long. */
  detach(): InBatch;
  /** Gives the fetch credit back. Idempotent. */
  release(): void;
}

export type DriverErrorKind =
  | 'retriable'
  | 'abortable'
  | 'fenced'
  | 'fatal'
  | 'too-large'
  | 'auth'
  | 'rebalance'
  | 'out-of-range'
  | 'unknown-topic'
  | 'invalid';

export interface DriverErrorOptions {
  /** Kafka's error code. */
  readonly code?: number;
  readonly cause?: unknown;
  /** Default: as `kind` and `code` tell. */
  readonly ofRecord?: boolean;
}

/** INVALID_TOPIC_EXCEPTION, INVALID_TIMESTAMP and INVALID_RECORD. */
const recordCodes: ReadonlySet<number | undefined> = new Set([17, 32, 87]);

/** What went wrong at the port. `code` is Kafka's error code where there is one. */
export class DriverError extends Error {
  override readonly name = 'DriverError';
  readonly kind: DriverErrorKind;
  readonly code: number | undefined;
  /** The record is to blame, by its size, key, time, topic or partition, so that a tolerant policy may skip it. */
  readonly ofRecord: boolean;

  constructor(kind: DriverErrorKind, message: string, { code, cause, ofRecord }: DriverErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.code = code;
    this.ofRecord = ofRecord ?? (kind === 'too-large' || recordCodes.has(code));
  }

  get retriable(): boolean {
    return this.kind === 'retriable';
  }
}

export interface Driver {
  readonly name: 'embedded' | 'kafkajs';
  readonly capabilities: DriverCapabilities;
  producer(options?: ProducerOptions): Promise<Producer>;
  consumer(options: ConsumerOptions): Promise<Consumer>;
  admin(): Promise<Admin>;
  /** Absent until the driver can host a worker group. */
  group?(options: GroupOptions): Promise<GroupMember>;
  /** Absent where partitions need no group to be divided. Begins to join, and does not wait for it. */
  subscribe?(options: SubscriptionOptions): Promise<Subscription>;
  close(): Promise<void>;
}

export interface DriverCapabilities {
  readonly transactions: boolean;
  readonly groups: boolean;
  readonly compression: ReadonlySet<Compression>;
  readonly admin: ReadonlySet<keyof Admin>;
}

export interface ProducerOptions {
  readonly acks?: 0 | 1 | 'all';
  readonly compression?: Compression;
  readonly idempotent?: boolean;
  readonly transactionalId?: string;
  readonly transactionTimeoutMs?: number;
  readonly lingerMs?: number;
  /** Largest record batch in bytes, before compression. */
  readonly batchBytes?: number;
  readonly maxBufferedBytes?: number;
  readonly maxRequestBytes?: number;
  readonly maxInFlight?: number;
}

export interface Producer {
  /** Number of partitions, creating the topic where auto-creation allows it. */
  partitions(topic: string): Promise<number>;
  /** One answer per batch, in order. Order is kept per partition; never re-partitions. Rejects only when the producer itself is broken. */
  send(batches: readonly OutBatch[]): Promise<readonly Appended[]>;
  readonly bufferedBytes: number;
  /** Resolves when there is room for more. */
  ready(): Promise<void>;
  flush(): Promise<void>;
  /** Fences older epochs of the transactional id. */
  initTransactions?(): Promise<{ readonly producerId: bigint; readonly epoch: number }>;
  begin?(): Promise<Transaction>;
  /** What is not written within the time is refused, and may have been written. Default: no longer than 30 s. */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
}

export interface Transaction {
  send(batches: readonly OutBatch[]): Promise<readonly Appended[]>;
  sendOffsets(group: GroupIdentity, offsets: ReadonlyMap<string, number>): Promise<void>;
  commit(): Promise<void>;
  abort(): Promise<void>;
}

export interface GroupIdentity {
  readonly groupId: string;
  readonly generation?: number;
  readonly memberId?: string;
}

export type ConsumerSource =
  /** `groupId`: where `commit` and `committed` keep offsets; no membership. */
  | { readonly mode: 'assign'; readonly partitions: readonly TopicPartition[]; readonly groupId?: string }
  | {
      readonly mode: 'group';
      readonly groupId: string;
      readonly topics: readonly string[] | TopicPattern;
      readonly instanceId?: string;
      readonly sessionMs?: number;
      readonly rebalanceMs?: number;
    };

export interface ConsumerOptions {
  readonly source: ConsumerSource;
  readonly isolation?: 'committed' | 'uncommitted';
  /** Where to start without a position, and when it is out of range. */
  readonly reset?: 'earliest' | 'latest' | 'error';
  readonly maxPartitionBytes?: number;
  /** Unreleased bytes at which fetching stops. */
  readonly maxBufferedBytes?: number;
  readonly maxWaitMs?: number;
  /** All that is assigned from now on, what was kept included. */
  onAssigned?(partitions: readonly TopicPartition[]): Promise<void>;
  /** These go once this has resolved. */
  onRevoked?(partitions: readonly TopicPartition[], why: 'rebalance' | 'lost'): Promise<void>;
}

export interface Consumer {
  /** The next batch that has data; waits for one. Rejects with the signal's reason when aborted, keeping what was fetched. */
  next(signal?: AbortSignal): Promise<InBatch>;
  /** Adds and removes partitions of an assign-mode consumer; the position of kept ones stays. */
  assign(partitions: readonly TopicPartition[]): void;
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
  seek(partition: TopicPartition, to: number | Position | 'earliest' | 'latest'): void;
  position(partition: TopicPartition): number | undefined;
  assignment(): readonly TopicPartition[];
  /** Keys: `partitionKey`. Next offset to read, as Kafka. Nothing is kept for partitions that are not there. */
  commit(offsets: ReadonlyMap<string, Position & { readonly metadata?: string }>): Promise<void>;
  committed(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, Position>>;
  groupIdentity(): GroupIdentity | null;
  close(): Promise<void>;
}

export interface GroupOptions {
  readonly groupId: string;
  readonly protocolType: string;
  readonly sessionMs: number;
  readonly rebalanceMs: number;
  readonly heartbeatMs: number;
  readonly instanceId?: string;
  protocols(): readonly { readonly name: string; readonly metadata: Bytes }[];
  assign(
    protocol: string,
    members: readonly { readonly memberId: string; readonly instanceId?: string; readonly metadata: Bytes }[],
  ): ReadonlyMap<string, Bytes> | Promise<ReadonlyMap<string, Bytes>>;
  onAssigned(assignment: {
    readonly generation: number;
    readonly memberId: string;
    readonly leaderId: string;
    readonly isLeader: boolean;
    readonly protocol: string;
    readonly assignment: Bytes;
  }): Promise<void>;
  /** Before it joins again; `lost`, also while it does, when the group has given it up. */
  onRevoked(why: 'rebalance' | 'lost'): Promise<void>;
  /** It is no member any more and does not come back by itself: fenced, not allowed, or no protocol in common with the others. */
  onFailed?(error: DriverError): void;
}

export interface GroupMember {
  requestRejoin(reason: string): void;
  readonly generation: number;
  readonly memberId: string;
  lastHeartbeatAgeMs(): number;
  leave(): Promise<void>;
}

/** Belongs to a consumer group without reading: whoever reads for it is told what it may. Settings that are not given are those of the client. */
export interface SubscriptionOptions {
  readonly groupId: string;
  /** Names, or what whole names match. */
  readonly topics: readonly string[] | TopicPattern;
  readonly instanceId?: string;
  readonly sessionMs?: number;
  readonly rebalanceMs?: number;
  /** All that is assigned from now on, what was kept included. */
  onAssigned(partitions: readonly TopicPartition[]): Promise<void>;
  /** These go, once this has resolved: the moment to commit, unless they are lost. Others that were assigned are kept. */
  onRevoked(partitions: readonly TopicPartition[], why: 'rebalance' | 'lost'): Promise<void>;
  /** It is no member any more and does not come back by itself. */
  onFailed?(error: DriverError): void;
}

export interface Subscription {
  /** As a member of the generation it belongs to now. Keys: `partitionKey`. Nothing is kept for partitions that are not there. */
  commit(offsets: ReadonlyMap<string, Position & { readonly metadata?: string }>): Promise<void>;
  committed(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, Position>>;
  leave(): Promise<void>;
}

/** The worker's broker, lent to connectors by the runtime. */
export const kafkaDriver = resource<Driver>('kafka-driver');
