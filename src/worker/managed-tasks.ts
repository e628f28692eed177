import type { RawConfig } from '../sdk/config.ts';
import type { ConnectorConfig, WorkerEvent } from './connectors.ts';
import { ManagedTask } from './managed-task.ts';
import type { Checked, TaskPart } from './messages.ts';
import type { SinkShares } from './sink-shares.ts';
import type { RunMessage, ThreadPool } from './thread-pool.ts';
import type { RunSettings } from './worker-settings.ts';

/** What a connector needs of its worker. */
export interface ConnectorHost {
  readonly workerId: string;
  readonly worker: RawConfig;
  readonly gracefulMs: number;
  readonly pool: ThreadPool;
  tell(event: WorkerEvent): void;
}

/** A connector config that was looked at: as written, with its references resolved, and what it is. */
export interface Accepted {
  readonly config: ConnectorConfig;
  readonly resolved: RawConfig;
  readonly checked: Checked;
}

/** What the tasks of one connector have in common. */
interface Siblings {
  readonly name: string;
  readonly host: ConnectorHost;
  readonly accepted: Accepted;
  readonly settings: RunSettings;
  readonly shares: SinkShares;
}

/** One task for each part of the work, placed on the worker's threads when it starts. */
export function managedTasks(parts: readonly TaskPart[], { name, host, accepted, settings, shares }: Siblings): readonly ManagedTask[] {
  const { pool, workerId, tell } = host;
  const { resolved, checked } = accepted;
  const placement = { dedicated: settings['task.isolation'] === 'dedicated', heapMb: settings['task.heap.max'] || undefined };
  const shared = checked.type === 'sink' && parts.length > 1;
  return parts.map((part, id) => {
    const about = { connector: name, task: id };
    return new ManagedTask({
      id,
      part,
      workerId,
      version: checked.version,
      restarts: settings,
      pausedBy: [],
      place: (unit, told) => pool.start({ kind: 'task', connector: name, config: resolved, shared, ...unit }, placement, told),
      changed: ({ state, trace }) => tell({ kind: 'task-state', ...about, state, ...(trace === undefined ? {} : { trace }) }),
      told: (message) => {
        if (message.kind === 'committed') tell({ kind: 'offsets-committed', ...about, records: message.records });
        else toShares(shares, id, message);
      },
    });
  });
}

function toShares(shares: SinkShares, task: number, message: RunMessage): void {
  if (message.kind === 'found') shares.found(task, message.partitions);
  else if (message.kind === 'holding') shares.holding(task, message.partitions);
  else if (message.kind === 'failed' || message.kind === 'ended' || message.kind === 'displaced') shares.left(task);
}
