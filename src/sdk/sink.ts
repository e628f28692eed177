import type { Observable, ObservableInput } from 'rxjs';
import type { EndReason } from '../record/ack.ts';
import type { Batch } from '../record/batch.ts';
import type { ConnectRecord } from '../record/record.ts';
import type { ConfigDefinition, ConfigProblem, RawConfig } from './config.ts';
import type { ConnectorContext, TaskContext } from './context.ts';
import type { Holds } from './operator.ts';
import type { CommittedOffset, OffsetChange, SourcePartition } from './source.ts';

/** Takes batches; settles each record when it is durable at its end, in any order, at any later time. */
export interface Sink<R = ConnectRecord> {
  /** Must not block. Only the run calls it, one batch at a time; a throw returns the batch and fails the task. */
  next(batch: Batch<R>): void;
  /** Partitions that from now on arrive here; may answer with offsets to start from. */
  assigned?(partitions: readonly SourcePartition[]): ObservableInput<readonly CommittedOffset[]> | void;
  /** Partitions that no longer arrive: settle or return what is held of them before the deadline (ms). */
  revoked?(partitions: readonly SourcePartition[], why: 'rebalance' | 'lost' | 'stop', deadlineMs: number): ObservableInput<void> | void;
  /**
   * Let go of what is held: asked before a stop, and where a commit wants everything settled. Asked again when batches have arrived since,
   * and not at all when nothing is unsettled.
   */
  flush?(reason: EndReason | 'commit'): ObservableInput<void> | void;
  close?(): ObservableInput<void> | void;
}

export interface SinkContext extends TaskContext {}

export interface SinkDefinition<C = unknown, R = ConnectRecord> {
  readonly kind: 'sink';
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly version?: string;
  readonly config: ConfigDefinition<C>;
  readonly holds?: Holds;
  tasks?(config: C, maxTasks: number, context: ConnectorContext): Observable<readonly RawConfig[]>;
  /** As that of a source. */
  validate?(config: RawConfig): ObservableInput<readonly ConfigProblem[]>;
  /** As that of a source; partitions are `{ kafka_topic, kafka_partition }` and offsets `{ kafka_offset }`, as the user wrote them. */
  alterOffsets?(config: C, changes: readonly OffsetChange[]): ObservableInput<boolean>;
  /** May be asynchronous: the run waits for the sink before it opens the source. Never cancelled: a sink that comes too late is closed. */
  open(config: C, context: SinkContext): Sink<R> | ObservableInput<Sink<R>>;
}
