import type { RawConfig } from '../sdk/config.ts';
import type { ConnectorConfig } from './connectors.ts';
import type { Checked, TaskPart } from './messages.ts';

/** The config of a task as Connect keeps and shows it: texts, with the class of the task. */
export const taskConfig = (part: TaskPart, { javaClass }: Checked): ConnectorConfig => ({
  ...textsOf(part.sink ?? part.source ?? {}),
  'task.class': javaClass.replace(/Connector$/, 'Task'),
});

const textsOf = (raw: RawConfig): ConnectorConfig =>
  Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, value === null ? null : String(value)]));
