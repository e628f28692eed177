import type { TaskState } from './connectors.ts';

/** Why a task takes no records for now. It goes on when no reason is left; its status says PAUSED when a user asked. */
export type PauseReason = 'user' | 'rebalance';

/** Everything that a status needs to know of one task. See TASK.md. */
export interface TaskLife {
  readonly state: TaskState;
  readonly pausedBy: ReadonlySet<PauseReason>;
  /** Why it failed; `undefined` unless it did. */
  readonly trace: string | undefined;
}

export type TaskEvent =
  /** Its plugins are open. */
  | { readonly kind: 'started' }
  | { readonly kind: 'pause'; readonly reason: PauseReason }
  | { readonly kind: 'resume'; readonly reason: PauseReason }
  | { readonly kind: 'failed'; readonly trace: string }
  /** A user, the policy or the loss of its thread makes it begin anew. */
  | { readonly kind: 'restart' }
  /** It was stopped, or its source is exhausted. */
  | { readonly kind: 'ended' };

/** `live`: RUNNING, or PAUSED while a user wants it so. `same`: the event is too late, or says nothing new. */
type Next = TaskState | 'live' | 'same';

/** The whole table: TASK.md shows it, and a test compares both. */
export const taskTable: Readonly<Record<TaskState, Readonly<Record<TaskEvent['kind'], Next>>>> = {
  UNASSIGNED: { started: 'live', pause: 'same', resume: 'same', failed: 'FAILED', restart: 'RESTARTING', ended: 'same' },
  RUNNING: { started: 'same', pause: 'live', resume: 'live', failed: 'FAILED', restart: 'RESTARTING', ended: 'UNASSIGNED' },
  PAUSED: { started: 'same', pause: 'live', resume: 'live', failed: 'FAILED', restart: 'RESTARTING', ended: 'UNASSIGNED' },
  FAILED: { started: 'same', pause: 'same', resume: 'same', failed: 'same', restart: 'RESTARTING', ended: 'same' },
  RESTARTING: { started: 'live', pause: 'same', resume: 'same', failed: 'FAILED', restart: 'same', ended: 'UNASSIGNED' },
};

/** A task that was just made, and is on its way to a thread. */
export const newTask = (pausedBy: Iterable<PauseReason> = []): TaskLife => ({
  state: 'UNASSIGNED',
  pausedBy: new Set(pausedBy),
  trace: undefined,
});

/** What an event makes of a task. The same object when nothing changes. */
export function nextTask(life: TaskLife, event: TaskEvent): TaskLife {
  const pausedBy = reasons(life.pausedBy, event);
  const next = taskTable[life.state][event.kind];
  const live = pausedBy.has('user') ? 'PAUSED' : 'RUNNING';
  const state = next === 'same' ? life.state : next === 'live' ? live : next;
  if (state === life.state && pausedBy === life.pausedBy) return life;
  const failed = event.kind === 'failed' && life.state !== 'FAILED';
  return { state, pausedBy, trace: failed ? event.trace : state === 'FAILED' ? life.trace : undefined };
}

/** Kept in every state: a task that is restarted while paused comes back paused. */
function reasons(before: ReadonlySet<PauseReason>, event: TaskEvent): ReadonlySet<PauseReason> {
  if (event.kind === 'pause' && !before.has(event.reason)) return new Set([...before, event.reason]);
  if (event.kind === 'resume' && before.has(event.reason)) return new Set([...before].filter((reason) => reason !== event.reason));
  return before;
}
