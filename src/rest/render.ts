import type { ConfigReport, DescribedKey } from '../graph/validation/report.ts';
import type { ConfigValue } from '../sdk/config.ts';
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

/** A key of a configuration as Connect's REST shows it. */
export const keyJson = ({
  name,
  type,
  required,
  defaultValue,
  importance,
  doc,
  group,
  order,
  width,
  displayName,
  dependents,
}: DescribedKey): object => ({
  name,
  type,
  required,
  default_value: defaultValue,
  importance: importance.toUpperCase(),
  documentation: doc,
  group,
  order_in_group: order,
  width: width.toUpperCase(),
  display_name: displayName,
  dependents,
});

const valueJson = ({ name, value, recommendedValues, errors, visible }: ConfigValue): object => ({
  name,
  value,
  recommended_values: recommendedValues,
  errors,
  visible,
});

/** A validation as Connect's REST shows it. */
export const reportJson = ({ name, errorCount, groups, configs }: ConfigReport): object => ({
  name,
  error_count: errorCount,
  groups,
  configs: configs.map(({ definition, value }) => ({ definition: definition && keyJson(definition), value: value && valueJson(value) })),
});

type Part = Omit<TaskStatus, 'id' | 'state'> & { readonly state: string };

const partJson = ({ state, workerId, version, trace, restarts, nextRestartAt }: Part): object => ({
  state,
  worker_id: workerId,
  version,
  ...(trace ? { trace } : {}),
  ...(restarts ? { restarts } : {}),
  ...(nextRestartAt === undefined ? {} : { next_restart_at: nextRestartAt }),
});
