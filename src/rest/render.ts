import type { ConnectorInfo, ConnectorStatus, TaskStatus } from '../worker/connectors.ts';

/** A connector as Connect's REST shows it. */
export const infoJson = ({ name, config, tasks, type }: ConnectorInfo): object => ({ name, config, tasks, type });

/** A status as Connect's REST shows it, with our own fields where there is something to say. */
export const statusJson = ({ name, connector, tasks, type }: ConnectorStatus): object => ({
  name,
  connector: partJson(connector),
  tasks: tasks.map(taskJson),
  type,
});

export const taskJson = (task: TaskStatus): object => ({ id: task.id, ...partJson(task) });

type Part = Omit<TaskStatus, 'id' | 'state'> & { readonly state: string };

const partJson = ({ state, workerId, version, trace, restarts, nextRestartAt }: Part): object => ({
  state,
  worker_id: workerId,
  version,
  ...(trace ? { trace } : {}),
  ...(restarts ? { restarts } : {}),
  ...(nextRestartAt === undefined ? {} : { next_restart_at: nextRestartAt }),
});
