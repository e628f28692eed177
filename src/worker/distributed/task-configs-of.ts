import type { RawConfig } from '../../sdk/config.ts';
import type { ConnectorConfig } from '../connectors.ts';
import type { Accepted } from '../managed-tasks.ts';
import type { Checked, TaskPart } from '../messages.ts';
import { taskConfig } from '../task-config.ts';

/** Keys of a sink that its tasks have too, whatever the connector gives them. */
const topicKeys = ['topics', 'topics.regex'];

/**
 * Configs of tasks as they are kept: with the class of the task, with the topics of a sink, and with references to config providers where
 * the connector has them, so that no secret is kept.
 */
export function keptTaskConfigs(parts: readonly TaskPart[], accepted: Accepted): readonly ConnectorConfig[] {
  const { config, checked } = accepted;
  const topics = checked.type === 'sink' ? Object.fromEntries(topicKeys.flatMap((key) => (key in config ? [[key, config[key]]] : []))) : {};
  return parts.map((part) => {
    const own = Object.entries({ ...taskConfig(part, accepted), ...topics });
    return Object.fromEntries(own.map(([key, text]) => [key, refersIn(config[key]) ? (config[key] ?? null) : (text ?? null)]));
  });
}

/** The part of the work that a task config is about. */
export function partOf({ 'task.class': _class, ...own }: RawConfig, { type }: Checked): TaskPart {
  return type === 'sink' ? { source: null, sink: own } : { source: own, sink: null };
}

export const sameConfigs = (a: readonly ConnectorConfig[], b: readonly ConnectorConfig[]): boolean =>
  a.length === b.length && a.every((config, i) => sameConfig(config, b[i]));

/** The order of keys says nothing: Java's is another than ours. */
export function sameConfig(a: ConnectorConfig | undefined, b: ConnectorConfig | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && a[key] === b[key]);
}

const refersIn = (text: string | null | undefined): boolean => text?.includes('${') ?? false;
