import { isObject } from '../sdk/offset-json.ts';

export type KeptState = 'UNASSIGNED' | 'RUNNING' | 'PAUSED' | 'STOPPED' | 'FAILED' | 'RESTARTING';

/** How a connector or task is, and who said so. */
export interface KeptStatus {
  readonly state: KeptState;
  readonly trace: string | null;
  readonly workerId: string;
  /** Of the worker group when it was written. */
  readonly generation: number;
  /** Of the plugin; null where it is not known. */
  readonly version: string | null;
}

/** A topic that a connector reads or writes. */
export interface KeptTopic {
  readonly topic: string;
  readonly connector: string;
  /** The task that used it first. */
  readonly task: number;
  /** Milliseconds since the epoch. */
  readonly discoveredAt: number;
}

/** One record of the status topic; `null`: a tombstone. */
export type StatusRecord =
  | { readonly kind: 'connector'; readonly name: string; readonly status: KeptStatus | null }
  | { readonly kind: 'task'; readonly name: string; readonly task: number; readonly status: KeptStatus | null }
  | { readonly kind: 'topic'; readonly name: string; readonly topic: string; readonly use: KeptTopic | null };

interface Line {
  readonly key: string;
  readonly value: string | null;
}

export function statusKey(record: StatusRecord): string {
  if (record.kind === 'topic') return `status-topic-${record.topic}:connector-${record.name}`;
  return record.kind === 'connector' ? `status-connector-${record.name}` : `status-task-${record.name}-${record.task}`;
}

/** The value that a record is written with. */
export const statusValue = (record: StatusRecord): string | null =>
  record.kind === 'topic' ? record.use && topicText(record.use) : record.status && statusText(record.status);

/** Members in Connect's order. */
const statusText = ({ state, trace, workerId, generation, version }: KeptStatus): string =>
  JSON.stringify({ state, trace, worker_id: workerId, generation, version });

const topicText = ({ topic, connector, task, discoveredAt }: KeptTopic): string =>
  JSON.stringify({ topic: { name: topic, connector, task, discoverTimestamp: discoveredAt } });

/** What a record of the status topic says; `undefined` for one that Connect does not know. */
export function readStatusRecord({ key, value }: Line): StatusRecord | undefined {
  const [, kind, rest = ''] = /^status-(connector|task|topic)-(.+)$/s.exec(key) ?? [];
  if (kind === 'connector') return withStatus(value, (status) => ({ kind, name: rest, status }));
  if (kind === 'topic') return topicRecord(rest, value);
  const [, name = '', task = ''] = /^(.+)-(\d+)$/s.exec(rest) ?? [];
  return task === '' ? undefined : withStatus(value, (status) => ({ kind: 'task', name, task: Number(task), status }));
}

/** `orders:connector-sink`: topics have no colon, connectors may. */
function topicRecord(rest: string, value: string | null): StatusRecord | undefined {
  const at = rest.indexOf(':connector-');
  if (at < 1 || at !== rest.indexOf(':')) return undefined;
  const topic = rest.slice(0, at);
  const name = rest.slice(at + ':connector-'.length);
  if (value === null) return { kind: 'topic', name, topic, use: null };
  const use = parsed(value)?.['topic'];
  if (!isObject(use)) return undefined;
  const { task, discoverTimestamp } = use;
  if (typeof task !== 'number' || typeof discoverTimestamp !== 'number') return undefined;
  return { kind: 'topic', name, topic, use: { topic, connector: name, task, discoveredAt: discoverTimestamp } };
}

function withStatus(value: string | null, record: (status: KeptStatus | null) => StatusRecord): StatusRecord | undefined {
  if (value === null) return record(null);
  const status = statusOf(parsed(value));
  return status && record(status);
}

const states: readonly string[] = ['UNASSIGNED', 'RUNNING', 'PAUSED', 'STOPPED', 'FAILED', 'RESTARTING'] satisfies readonly KeptState[];
const isState = (value: unknown): value is KeptState => typeof value === 'string' && states.includes(value);

function statusOf(value: Readonly<Record<string, unknown>> | undefined): KeptStatus | undefined {
  if (value === undefined) return undefined;
  const { state, trace, worker_id: workerId, generation, version } = value;
  if (!isState(state) || typeof workerId !== 'string' || typeof generation !== 'number') return undefined;
  const text = (given: unknown): string | null => (typeof given === 'string' ? given : null);
  return { state, trace: text(trace), workerId, generation, version: text(version) };
}

function parsed(value: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const record: unknown = JSON.parse(value);
    return isObject(record) ? record : undefined;
  } catch {
    return undefined;
  }
}
