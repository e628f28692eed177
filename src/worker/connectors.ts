import type { Observable } from 'rxjs';
import type { OffsetChange } from '../sdk/source.ts';

/** A connector config as users write it: flat, every value a string; `null` is kept for validation to refuse. */
export type ConnectorConfig = Readonly<Record<string, string | null>>;

export type ConnectorType = 'source' | 'sink' | 'unknown';
export type ConnectorState = 'UNASSIGNED' | 'RUNNING' | 'PAUSED' | 'STOPPED' | 'FAILED' | 'RESTARTING';
export type TaskState = Exclude<ConnectorState, 'STOPPED'>;
/** What a user asked for; kept across config changes and, where configs are kept, across restarts of the worker. */
export type TargetState = 'STARTED' | 'PAUSED' | 'STOPPED';

export interface TaskId {
  readonly connector: string;
  readonly task: number;
}

export interface ConnectorInfo {
  readonly name: string;
  /** Raw: references to config providers unresolved. */
  readonly config: ConnectorConfig;
  readonly tasks: readonly TaskId[];
  readonly type: ConnectorType;
}

export interface TaskInfo {
  readonly id: TaskId;
  readonly config: ConnectorConfig;
}

interface StatusOf<S> {
  readonly state: S;
  readonly workerId: string;
  readonly version: string | null;
  /** Why it failed; absent unless it did. */
  readonly trace?: string;
  /** Ours: restarts by the restart policy since it last ran healthily, and when the next one is due (ms since the epoch). */
  readonly restarts?: number;
  readonly nextRestartAt?: number;
}

export type ConnectorStatusPart = StatusOf<ConnectorState>;
export type TaskStatus = StatusOf<TaskState> & { readonly id: number };

export interface ConnectorStatus {
  readonly name: string;
  readonly connector: ConnectorStatusPart;
  /** In the order of their ids. */
  readonly tasks: readonly TaskStatus[];
  readonly type: ConnectorType;
}

export interface RestartRequest {
  readonly includeTasks: boolean;
  readonly onlyFailed: boolean;
}

/** What happened to a connector or task, for logs and `GET /events`. */
export interface WorkerEvent {
  readonly kind: 'connector-state' | 'task-state' | 'connector-created' | 'connector-updated' | 'connector-deleted' | 'offsets-committed';
  readonly connector: string;
  readonly task?: number;
  readonly state?: ConnectorState | TaskState;
  readonly trace?: string;
  readonly records?: number;
}

/**
 * The connectors of a worker: what REST and the command line ask of it, whether it is standalone or one of a cluster.
 *
 * Reads answer from memory. Changes resolve when they are accepted by Connect's rules of the mode (standalone: carried out). Refusals are
 * `RestError`s with Connect's status and message.
 */
export interface Connectors {
  /** `host:port` of the advertised URL, as statuses show it. */
  readonly workerId: string;
  readonly events: Observable<WorkerEvent>;
  readonly ready: boolean;
  names(): readonly string[];
  info(name: string): ConnectorInfo;
  config(name: string): ConnectorConfig;
  tasks(name: string): readonly TaskInfo[];
  status(name: string): ConnectorStatus;
  taskStatus(name: string, task: number): TaskStatus;
  /** Refuses an existing name (409) and an invalid config (400). */
  create(name: string, config: ConnectorConfig, initialState?: TargetState): Promise<ConnectorInfo>;
  /** Creates or replaces. */
  put(name: string, config: ConnectorConfig): Promise<{ readonly created: boolean; readonly info: ConnectorInfo }>;
  patch(name: string, changes: ConnectorConfig): Promise<ConnectorInfo>;
  remove(name: string): Promise<void>;
  pause(name: string): Promise<void>;
  resume(name: string): Promise<void>;
  stop(name: string): Promise<void>;
  /** With neither flag: the connector only, done when it runs again (`undefined`); else the status with what will restart. */
  restart(name: string, request: RestartRequest): Promise<ConnectorStatus | undefined>;
  restartTask(name: string, task: number): Promise<void>;
  /** Partitions and where they stand: of a source its own, of a sink those of topics. */
  offsets(name: string): Promise<readonly OffsetChange[]>;
  /** Only of a stopped connector. Resolves, once durable, with what REST says of it. */
  alterOffsets(name: string, changes: readonly OffsetChange[]): Promise<string>;
  /** Forgets all of them; as `alterOffsets`. */
  resetOffsets(name: string): Promise<string>;
  /** Topics that it has written to or read from since they were last reset; none for a connector that does not exist. */
  topics(name: string): readonly string[];
  resetTopics(name: string): Promise<void>;
  /** Drains and stops everything within the worker's graceful time-out. */
  close(): Promise<void>;
}
