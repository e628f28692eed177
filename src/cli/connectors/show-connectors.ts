import { styleText } from 'node:util';

/** A status as REST gives it. */
export interface Status {
  readonly name: string;
  readonly connector: Part;
  readonly tasks: readonly (Part & { readonly id: number })[];
  readonly type: string;
}

interface Part {
  readonly state: string;
  readonly worker_id: string;
  readonly trace?: string;
}

export interface Expanded {
  readonly status: Status;
  readonly info: { readonly config: Readonly<Record<string, string | null>> };
}

/** One row for each connector. */
export const connectorRows = (all: Readonly<Record<string, Expanded>>): readonly object[] =>
  Object.entries(all).map(([name, { status, info }]) => ({
    connector: name,
    type: status.type,
    state: status.connector.state,
    tasks: tasksText(status.tasks),
    class: info.config['connector.class'] ?? '',
  }));

/** `2 running, 1 failed`; the most frequent first. */
function tasksText(tasks: Status['tasks']): string {
  const counts = new Map<string, number>();
  for (const { state } of tasks) counts.set(state, (counts.get(state) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.map(([state, count]) => `${count} ${state.toLowerCase()}`).join(', ');
}

/** The connector, then its tasks. */
export const statusRows = ({ connector, tasks, type }: Status): readonly object[] => [
  { part: `${type} connector`, state: connector.state, worker: connector.worker_id },
  ...tasks.map(({ id, state, worker_id }) => ({ part: `task ${id}`, state, worker: worker_id })),
];

/** Why parts failed, below the table. */
export function failures({ connector, tasks }: Status): string {
  const parts = [['connector', connector] as const, ...tasks.map((task) => [`task ${task.id}`, task] as const)];
  return parts.flatMap(([part, { trace }]) => (trace ? [`\n${styleText('bold', part)}: ${trace.trimEnd()}\n`] : [])).join('');
}
