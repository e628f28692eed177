import type { RawConfig } from '../sdk/config.ts';
import type { ConnectorHost } from './connector-host.ts';
import type { ConnectorConfig } from './connectors.ts';
import { ManagedTask } from './managed-task.ts';
import type { Checked, TaskPart } from './messages.ts';
import { Restarts } from './restarts.ts';
import { partitionRule, type Shares } from './shares.ts';
import type { RunMessage } from './thread-pool.ts';
import type { RunSettings } from './worker-settings.ts';

/** A connector config that was looked at: as written, with its references resolved, and what it is. */
export interface Accepted {
  readonly config: ConnectorConfig;
  readonly resolved: RawConfig;
  readonly checked: Checked;
  /** How long what the references stand for is good; absent: for ever. */
  readonly ttlMs?: number;
}

/** What the tasks of one connector have in common. */
export interface Siblings {
  readonly name: string;
  readonly host: ConnectorHost;
  readonly accepted: Accepted;
  readonly settings: RunSettings;
  readonly shares: Shares;
  /** Number of tasks. */
  readonly count: number;
  /** The policy lets one begin anew that has failed. */
  again(task: ManagedTask): void;
}

/**
 * The task of one part of the work, placed on one of the worker's threads when it starts.
 *
 * @param restarts those of the task that it takes the place of
 */
export function managedTask(id: number, part: TaskPart, siblings: Siblings, restarts = new Restarts(siblings.settings)): ManagedTask {
  const { name, host, accepted, settings, shares, count, again } = siblings;
  const { pool, workerId } = host;
  const { resolved, checked } = accepted;
  const placement = { dedicated: settings['task.isolation'] === 'dedicated', heapMb: settings['task.heap.max'] || undefined };
  const partitions = partitionRule(host, checked.type, count);
  const about = { connector: name, task: id };
  // A group keeps the offsets of what its members read, not those of sources.
  const answer = partitions === 'group' ? shares.answer : undefined;
  const task: ManagedTask = new ManagedTask({
    id,
    part,
    workerId,
    version: checked.version,
    restarts,
    again: () => again(task),
    pausedBy: [],
    place: (unit, told) =>
      pool.start(
        { kind: 'task', connector: name, config: resolved, partitions, ...unit },
        placement,
        told,
        answer && ((question) => answer.call(shares, id, question, resolved)),
      ),
    changed: ({ state, trace }) => host.tell({ kind: 'task-state', ...about, state, ...(trace === undefined ? {} : { trace }) }),
    failedStopping: ({ trace }) => host.log.error({ ...about, trace }, 'a task failed while it stopped: what it had not committed repeats'),
    told: (message) => {
      if (message.kind === 'used') host.used(name, id, message.topics);
      else if (message.kind === 'committed') host.tell({ kind: 'offsets-committed', ...about, records: message.records });
      else toShares(shares, id, message, resolved);
    },
  });
  return task;
}

function toShares(shares: Shares, task: number, message: RunMessage, config: RawConfig): void {
  if (message.kind === 'found') shares.found(task, message.partitions, config);
  else if (message.kind === 'holding') shares.holding(task, message.number, message.partitions);
  else if (message.kind === 'stalled') shares.stalled?.(task);
  else if (message.kind === 'moving') shares.moving?.(task);
  else if (message.kind === 'failed' || message.kind === 'ended' || message.kind === 'displaced') void shares.left(task);
}
