import type { RawConfig } from '../sdk/config.ts';
import type { ConnectorConfig } from './connectors.ts';
import type { Accepted } from './managed-tasks.ts';
import type { TaskPart } from './messages.ts';

/** The config of a task as Connect keeps and shows it: texts, with the class of the task. */
export const taskConfig = (part: TaskPart, accepted: Accepted): ConnectorConfig => ({
  ...withReferences(textsOf(part.sink ?? part.source ?? {}), accepted),
  'task.class': accepted.checked.javaClass.replace(/Connector$/, 'Task'),
});

/** Shows what config providers gave as the reference to it, wherever a task was given it unchanged (I10). */
const withReferences = (task: ConnectorConfig, { config, resolved }: Accepted): ConnectorConfig =>
  Object.fromEntries(Object.entries(task).map(([key, value]) => [key, value === resolved[key] ? (config[key] ?? value) : value]));

const textsOf = (raw: RawConfig): ConnectorConfig =>
  Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, value === null ? null : String(value)]));
