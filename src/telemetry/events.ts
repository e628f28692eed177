import type { Failure } from '../record/outcome.ts';
import type { Logger } from './log.ts';

/** Which task of which connector or pipeline a line is about. */
export interface TaskName {
  readonly connector: string;
  readonly task: number;
}

/** Where a failed record came from; never what it contains (I10). */
export interface RecordPlace {
  readonly topic?: string;
  readonly partition?: number | null;
  readonly offset?: number;
}

/** Everything that is told about running pipelines: one function for one thing that happens. Normal work is at level debug. */
export interface Events {
  taskStarted(task: TaskName): void;
  offsetsCommitted(task: TaskName, facts: { readonly partitions: number; readonly records: number }): void;
  commitFailed(task: TaskName, error: unknown): void;
  recordFailed(task: TaskName, failure: Failure, place?: RecordPlace): void;
  taskStalled(task: TaskName, facts: { readonly forMs: number }): void;
  taskMoving(task: TaskName): void;
  taskDraining(task: TaskName, reason: string): void;
  taskEnded(task: TaskName): void;
}

/** Events that write to `log`. */
export function logEvents(log: Logger): Events {
  return {
    taskStarted: (task) => log.debug(task, 'task started'),
    offsetsCommitted: (task, facts) => log.debug({ ...task, ...facts }, 'offsets committed'),
    commitFailed: (task, error) => log.warn({ ...task, error }, 'offsets not committed, trying again at the next interval'),
    recordFailed: (task, { stage, node, error }, place) => log.error({ ...task, stage, node, error, ...place }, 'record failed'),
    taskStalled: (task, facts) =>
      log.warn({ ...task, ...facts }, 'task stands still and leaves its consumer group (max.poll.interval.ms) until its sink goes on'),
    taskMoving: (task) => log.info(task, 'task goes on and joins its consumer group again'),
    taskDraining: (task, reason) => log.debug({ ...task, reason }, 'task draining'),
    taskEnded: (task) => log.debug(task, 'task ended'),
  };
}
