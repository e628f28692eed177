import type { RawConfig } from '../sdk/config.ts';
import type { CommittedOffset, SourceOffset, SourcePartition } from '../sdk/source.ts';
import type { Level } from '../telemetry/log.ts';
import type { BrokerAccess } from './broker-access.ts';
import type { ConnectorType } from './connectors.ts';
import type { PauseReason } from './task-state.ts';

/** What a thread is started with. */
export interface ThreadSettings {
  readonly broker: BrokerAccess;
  /** Properties of the worker: converters, client settings by prefix, the flush interval. */
  readonly worker: RawConfig;
  /** Modules that bring plugins: URLs, paths or names of packages. */
  readonly plugins: readonly string[];
  readonly logLevel: Level;
  readonly pulse: SharedArrayBuffer;
  readonly beatMs: number;
}

/** Configs of one task: those parts of the connector's work that are its own; `null`: as the connector's config says. */
export interface TaskPart {
  readonly source: RawConfig | null;
  readonly sink: RawConfig | null;
}

interface UnitBase {
  readonly connector: string;
  /** The connector's config; references to config providers are resolved. */
  readonly config: RawConfig;
}

/**
 * Which partitions a task of a sink reads: all (a source: those it finds), its share among the connector's tasks, or what its consumer group says,
 * of which the main thread is the member; that keeps its offsets too.
 */
export type PartitionRule = 'all' | 'shared' | 'group';

/** A connector, which divides the work; or a task, which does its part. */
export type Unit =
  | (UnitBase & { readonly kind: 'connector' })
  | (UnitBase & {
      readonly kind: 'task';
      readonly task: number;
      readonly part: TaskPart;
      readonly partitions: PartitionRule;
      readonly pausedBy: readonly PauseReason[];
    });

/** What a connector config is, once it was validated. */
export interface Checked {
  readonly type: ConnectorType;
  readonly version: string | null;
  /** The plugin's Java class, or its own name where it has none. */
  readonly javaClass: string;
}

/** Why something failed, without what cannot be sent. */
export interface Fault {
  readonly message: string;
  /** HTTP status where REST answers with it. */
  readonly status: number;
  /** For statuses: message and stack, with its causes. */
  readonly trace: string;
}

/** Partitions of one task, by a number that grows with each change. */
export interface Assignment {
  readonly number: number;
  readonly partitions: readonly SourcePartition[];
  readonly why: 'rebalance' | 'lost';
  /** How long letting go of other partitions may take. */
  readonly deadlineMs: number;
}

/** From the main thread. `run` numbers one start of a unit: what an older one still says is not listened to. */
export type ToThread =
  | { readonly kind: 'start'; readonly run: number; readonly unit: Unit }
  | { readonly kind: 'pause'; readonly run: number; readonly reason: PauseReason }
  | { readonly kind: 'resume'; readonly run: number; readonly reason: PauseReason }
  | { readonly kind: 'stop'; readonly run: number; readonly deadlineMs: number }
  | { readonly kind: 'cancel'; readonly run: number }
  /** The partitions that a task may read: it lets go of others first, and says so by `holding` with the same number. */
  | ({ readonly kind: 'assign'; readonly run: number } & Assignment)
  | { readonly kind: 'answer'; readonly request: number; readonly result: OffsetAnswer }
  | { readonly kind: 'level'; readonly logLevel: Level }
  | { readonly kind: 'close' };

/** From a thread. */
export type FromThread =
  | { readonly kind: 'ready' }
  /** The plugins of a task are found and its config is parsed: what fails from now on is not its config. */
  | { readonly kind: 'built'; readonly run: number }
  | { readonly kind: 'started'; readonly run: number }
  | { readonly kind: 'divided'; readonly run: number; readonly parts: readonly TaskPart[] }
  | { readonly kind: 'found'; readonly run: number; readonly partitions: readonly SourcePartition[] }
  | { readonly kind: 'holding'; readonly run: number; readonly number: number; readonly partitions: readonly SourcePartition[] }
  | { readonly kind: 'committed'; readonly run: number; readonly records: number }
  /** It holds records and stands still; `moving` when it goes on. */
  | { readonly kind: 'stalled'; readonly run: number }
  | { readonly kind: 'moving'; readonly run: number }
  | { readonly kind: 'used'; readonly run: number; readonly topics: readonly string[] }
  | { readonly kind: 'ended'; readonly run: number }
  | { readonly kind: 'failed'; readonly run: number; readonly fault: Fault }
  | { readonly kind: 'ask'; readonly run: number; readonly request: number; readonly question: OffsetQuestion }
  /** Code of the thread looks at standard input, which the main thread has to pass on. */
  | { readonly kind: 'stdin' }
  | { readonly kind: 'log'; readonly line: string };

/** A task asks the main thread, which keeps the offsets of sources. */
export type OffsetQuestion =
  | { readonly kind: 'load'; readonly partitions: readonly SourcePartition[] }
  | { readonly kind: 'save'; readonly offsets: readonly CommittedOffset[]; readonly state: Readonly<Record<string, unknown>> | undefined }
  | { readonly kind: 'load-state' };

export type OffsetAnswer =
  | { readonly kind: 'loaded'; readonly offsets: readonly (SourceOffset | null)[] }
  | { readonly kind: 'saved' }
  | { readonly kind: 'state'; readonly state: Readonly<Record<string, unknown>> }
  | { readonly kind: 'refused'; readonly fault: Fault };

/** Messages about one run. */
export type AboutRun = Extract<FromThread, { readonly run: number }>;
