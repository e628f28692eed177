import type { Observable, ObservableInput } from 'rxjs';
import type { EndReason } from '../record/ack.ts';
import type { Outcome } from '../record/outcome.ts';
import type { ConnectRecord } from '../record/record.ts';
import type { ConfigDefinition, ConfigProblem, RawConfig } from './config.ts';
import type { ConnectorContext, TaskContext } from './context.ts';

/** What names a stream within a source, as JSON: `{ filename: 'a.txt' }`. Equal by value, whatever the order of members. */
export type SourcePartition = Readonly<Record<string, unknown>>;

/** Where a source partition goes on, as JSON: `{ position: 42 }`. */
export type SourceOffset = Readonly<Record<string, unknown>>;

/** The free room of the in-flight window. */
export interface Demand {
  /** Records that may be emitted now; 0: wait. */
  readonly records: number;
  /** Records that this partition may emit now: its minimum share included. */
  room(partition: SourcePartition): number;
}

/** Per-record results of one emitted batch; index = position in its `records`. */
export interface Outcomes {
  readonly size: number;
  at(index: number): Outcome;
}

/**
 * What a source emits. One of `partition` and `partitionAt` is required.
 *
 * `offset` is that of the last record: progress is then kept per batch. With `offsetAt` it is exact to the record. A batch without
 * either moves no offset (a source that answers each request needs none).
 */
export interface SourceBatch<R = ConnectRecord> {
  readonly records: readonly R[];
  readonly partition?: SourcePartition;
  /** Asked once per record, in order. Answering with the same object for the same partition saves a comparison by value. */
  partitionAt?(index: number): SourcePartition;
  readonly offset?: SourceOffset;
  /** Called late, without the batch: it must not need `this` nor the records. */
  offsetAt?(this: void, index: number): SourceOffset;
  /** Size for the byte window; 0 when not told. */
  readonly bytes?: number;
  /** The run accounts for the data: buffers may be reused, fetch credit returns. Called once. */
  released?(this: void): void;
  /** Every record has settled. Called once, not from inside a settle of the sink. */
  settled?(this: void, outcomes: Outcomes): void;
}

/** Newest durable offset of a partition. */
export interface CommittedOffset {
  readonly partition: SourcePartition;
  readonly offset: SourceOffset;
}

/** An offset that a user wants: `null` to begin anew. A partition of `null` is what Connect makes of one that was left out. */
export interface OffsetChange {
  readonly partition: SourcePartition | null;
  readonly offset: SourceOffset | null;
}

/** Partitions that come and go, as in a consumer group. A source whose partitions stay needs none of it: the first batch assigns. */
export interface Assignments {
  /** Starts an epoch (I11): also after a rewind, and when offsets were altered. Answers where the sink wants some of them to start. */
  assign(partitions: readonly SourcePartition[]): Observable<readonly CommittedOffset[]>;
  /**
   * Ends it: the sink lets go, what has settled is committed (unless the partitions are `lost`), and what settles later counts for nobody.
   * Completes then, within the deadline and the commit's own; emit nothing of these partitions meanwhile.
   */
  revoke(partitions: readonly SourcePartition[], why: 'rebalance' | 'lost', deadlineMs: number): Observable<void>;
}

export interface SourceContext extends TaskContext {
  /** Replays its level; falls at once, rises later. `pollOnDemand` turns it into calls. */
  readonly demand: Observable<Demand>;
  /** Emits after offsets became durable (I2), so that the source may prune what is behind them. */
  readonly committed: Observable<readonly CommittedOffset[]>;
  /** Stored offsets, `null` for a partition never committed; one answer for each partition, in order. */
  offsets(partitions: readonly SourcePartition[]): Observable<readonly (SourceOffset | null)[]>;
  /** Fires when the run asks for the end: a source completes then (it may be unsubscribed instead). */
  readonly ending: Observable<EndReason>;
  /** For sources whose partitions come and go; absent outside of a run. */
  readonly assignments?: Assignments;
  /** Where several tasks divide one source's partitions among them; absent: the task reads all it finds. */
  readonly share?: PartitionShare;
}

/** One task's share of partitions that several tasks read together. */
export interface PartitionShare {
  /** What there is to divide; to be told anew when it changes. */
  found(partitions: readonly SourcePartition[]): void;
  /** One after the other: an assignment is taken up when the one before is done. */
  readonly assigned: Observable<PartitionAssignment>;
}

/** What a task may read from now on. */
export interface PartitionAssignment {
  readonly partitions: readonly SourcePartition[];
  /** Why it must let go of what is not named any more: it commits first, unless that is lost. */
  readonly why: 'rebalance' | 'lost';
  /** How long letting go may take. */
  readonly deadlineMs: number;
  /** To be called when it has let go: from then on others read what is not named. */
  readonly done: () => void;
}

/** Where offsets are kept. The run's default keeps them in the worker's offset store; a source may bring its own (consumer groups). */
export interface OffsetStore {
  load(partitions: readonly SourcePartition[]): Observable<readonly (SourceOffset | null)[]>;
  /** Completes when durable. `state`: snapshots of nodes, in the same write. */
  save(offsets: readonly CommittedOffset[], state?: Readonly<Record<string, unknown>>): Observable<void>;
  /** Snapshots of the last save that had any. */
  loadState?(): Observable<Readonly<Record<string, unknown>>>;
  close?(): Observable<void>;
}

/** The Observable of one task, and what belongs to it. */
export interface SourceDefinition<C = unknown, R = ConnectRecord> {
  readonly kind: 'source';
  readonly name: string;
  /** Java class names and Connect's short names that mean this plugin. */
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly version?: string;
  readonly config: ConfigDefinition<C>;
  /** Task configs, emitted again when the work is divided anew. Default: one task with the connector's config. */
  tasks?(config: C, maxTasks: number, context: ConnectorContext): Observable<readonly RawConfig[]>;
  /** Cold: opens on subscription, closes on unsubscription. */
  open(config: C, context: SourceContext): Observable<SourceBatch<R>>;
  /**
   * Looks at a config beyond its single keys, such as whether a server can be reached. Runs apart from the worker, which does not wait for
   * long.
   */
  validate?(config: RawConfig): ObservableInput<readonly ConfigProblem[]>;
  /**
   * Checks offsets that a user sets or resets while the connector is stopped; fails with what is wrong with them. Answers whether the
   * worker's offsets are all there are: with `false`, the default, the user is told that others may have to be changed by hand.
   */
  alterOffsets?(config: C, changes: readonly OffsetChange[]): ObservableInput<boolean>;
  /** For sources whose system keeps the offsets itself. */
  offsetStore?(config: C, context: TaskContext): OffsetStore;
}
