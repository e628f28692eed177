import { isObject } from '../sdk/offset-json.ts';

/** A configuration as it is kept: raw, references to config providers unresolved. */
export type KeptConfig = Readonly<Record<string, string | null>>;
export type KeptTarget = 'STARTED' | 'PAUSED' | 'STOPPED';

/** The key with which the leader of a cluster and its followers prove themselves to each other. */
export interface SessionKey {
  /** Base64. */
  readonly key: string;
  readonly algorithm: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

export interface KeptRestart {
  readonly includeTasks: boolean;
  readonly onlyFailed: boolean;
}

/** One record of the config topic. `undefined` members: a tombstone, or something that cannot be read. */
export type ConfigRecord =
  | { readonly kind: 'connector'; readonly name: string; readonly config: KeptConfig | undefined }
  | { readonly kind: 'task'; readonly name: string; readonly task: number; readonly config: KeptConfig | undefined }
  | { readonly kind: 'commit'; readonly name: string; readonly tasks: number | undefined }
  | { readonly kind: 'target'; readonly name: string; readonly target: KeptTarget | undefined; readonly tombstone: boolean }
  | ({ readonly kind: 'restart'; readonly name: string } & KeptRestart)
  | { readonly kind: 'fencing'; readonly name: string; readonly tasks: number | undefined }
  | { readonly kind: 'session-key'; readonly session: SessionKey | undefined }
  | { readonly kind: 'log-level'; readonly logger: string; readonly level: string | undefined };

interface Line {
  readonly key: string;
  readonly value: string | null;
}

type Read = (name: string, value: Readonly<Record<string, unknown>> | undefined, text: string | null) => ConfigRecord | undefined;

/** In Connect's order: the first prefix that fits decides. */
const readers: ReadonlyArray<readonly [prefix: string, read: Read]> = [
  ['target-state-', (name, value, text) => ({ kind: 'target', name, target: targetOf(value), tombstone: text === null })],
  ['connector-', (name, value) => ({ kind: 'connector', name, config: propertiesOf(value) })],
  ['task-', (name, value) => taskRecord(name, value)],
  ['commit-', (name, value) => ({ kind: 'commit', name, tasks: countOf(value?.['tasks']) })],
  ['restart-connector-', (name, value) => restartRecord(name, value)],
  ['tasks-fencing-', (name, value) => ({ kind: 'fencing', name, tasks: countOf(value?.['task-count']) })],
  ['session-key', (_name, value) => ({ kind: 'session-key', session: sessionOf(value) })],
  ['logger-cluster-', (logger, value) => ({ kind: 'log-level', logger, level: textOf(value?.['level']) })],
];

/** What a record of the config topic says; `undefined` for one that Connect does not know. */
export function readConfigRecord({ key, value }: Line): ConfigRecord | undefined {
  const reader = readers.find(([prefix]) => key.startsWith(prefix));
  return reader?.[1](key.slice(reader[0].length), parsed(value), value);
}

export const connectorLine = (name: string, config: KeptConfig | null): Line => ({
  key: `connector-${name}`,
  value: config && JSON.stringify({ properties: config }),
});

/** Those who do not know STOPPED read the first member. */
export const targetLine = (name: string, target: KeptTarget | null): Line => ({
  key: `target-state-${name}`,
  value: target && JSON.stringify({ state: target === 'STOPPED' ? 'PAUSED' : target, 'state.v2': target }),
});

export const taskLine = (name: string, task: number, config: KeptConfig): Line => ({
  key: `task-${name}-${task}`,
  value: JSON.stringify({ properties: config }),
});

export const commitLine = (name: string, tasks: number): Line => ({ key: `commit-${name}`, value: JSON.stringify({ tasks }) });

export const restartLine = (name: string, { includeTasks, onlyFailed }: KeptRestart): Line => ({
  key: `restart-connector-${name}`,
  value: JSON.stringify({ 'include-tasks': includeTasks, 'only-failed': onlyFailed }),
});

export const sessionKeyLine = ({ key, algorithm, createdAt }: SessionKey): Line => ({
  key: 'session-key',
  value: JSON.stringify({ key, algorithm, 'creation-timestamp': createdAt }),
});

export const logLevelLine = (logger: string, level: string): Line => ({
  key: `logger-cluster-${logger}`,
  value: JSON.stringify({ level }),
});

/** `name-3`: names may have a `-` of their own. */
function taskRecord(rest: string, value: Readonly<Record<string, unknown>> | undefined): ConfigRecord | undefined {
  const at = rest.lastIndexOf('-');
  const task = rest.slice(at + 1);
  if (at < 1 || !/^\d+$/.test(task)) return undefined;
  return { kind: 'task', name: rest.slice(0, at), task: Number(task), config: propertiesOf(value) };
}

function restartRecord(name: string, value: Readonly<Record<string, unknown>> | undefined): ConfigRecord | undefined {
  if (value === undefined) return undefined;
  return { kind: 'restart', name, includeTasks: value['include-tasks'] === true, onlyFailed: value['only-failed'] === true };
}

function sessionOf(value: Readonly<Record<string, unknown>> | undefined): SessionKey | undefined {
  const key = textOf(value?.['key']);
  const algorithm = textOf(value?.['algorithm']);
  const createdAt = value?.['creation-timestamp'];
  return key === undefined || algorithm === undefined || typeof createdAt !== 'number' ? undefined : { key, algorithm, createdAt };
}

function propertiesOf(value: Readonly<Record<string, unknown>> | undefined): KeptConfig | undefined {
  const properties = value?.['properties'];
  if (!isObject(properties)) return undefined;
  return Object.fromEntries(Object.entries(properties).map(([key, text]) => [key, text === null ? null : String(text)]));
}

function targetOf(value: Readonly<Record<string, unknown>> | undefined): KeptTarget | undefined {
  const state = typeof value?.['state.v2'] === 'string' ? value['state.v2'] : value?.['state'];
  return state === 'STARTED' || state === 'PAUSED' || state === 'STOPPED' ? state : undefined;
}

const countOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function parsed(value: string | null): Readonly<Record<string, unknown>> | undefined {
  if (value === null) return undefined;
  try {
    const record: unknown = JSON.parse(value);
    return isObject(record) ? record : undefined;
  } catch {
    return undefined;
  }
}
