import type { KeptStatus, KeptTopic, StatusRecord } from './status-records.ts';

/** What the records of a status topic mean together, read in any order of their keys. */
export class StatusState {
  readonly #connectors = new Map<string, KeptStatus>();
  readonly #tasks = new Map<string, Map<number, KeptStatus>>();
  readonly #topics = new Map<string, Map<string, KeptTopic>>();

  /** Of which there is a status, or one of a task. */
  get names(): readonly string[] {
    return [...new Set([...this.#connectors.keys(), ...this.#tasks.keys()])];
  }

  /** The highest that any status was written with. */
  get generation(): number {
    const all = [...this.#connectors.values(), ...[...this.#tasks.values()].flatMap((tasks) => [...tasks.values()])];
    return all.reduce((highest, { generation }) => Math.max(highest, generation), 0);
  }

  connector(name: string): KeptStatus | undefined {
    return this.#connectors.get(name);
  }

  task(name: string, task: number): KeptStatus | undefined {
    return this.#tasks.get(name)?.get(task);
  }

  /** By their number, in order. */
  tasks(name: string): ReadonlyMap<number, KeptStatus> {
    return new Map([...(this.#tasks.get(name) ?? [])].sort(([a], [b]) => a - b));
  }

  topics(name: string): readonly KeptTopic[] {
    return [...(this.#topics.get(name)?.values() ?? [])];
  }

  apply(record: StatusRecord): void {
    if (record.kind === 'connector') this.#applyConnector(record.name, record.status);
    else if (record.kind === 'task') this.#applyTask(record.name, record.task, record.status);
    else keep(this.#topics, record.name, record.topic, record.use);
  }

  #applyConnector(name: string, status: KeptStatus | null): void {
    if (status) this.#connectors.set(name, status);
    else {
      this.#connectors.delete(name);
      this.#tasks.delete(name);
    }
  }

  /** A worker that lets go of a task does not hide that another one has it by now; Connect compares generations like this. */
  #applyTask(name: string, task: number, status: KeptStatus | null): void {
    const before = this.task(name, task);
    if (status?.state === 'UNASSIGNED' && before?.state === 'RUNNING' && before.generation >= status.generation) return;
    keep(this.#tasks, name, task, status);
  }
}

function keep<K, V>(maps: Map<string, Map<K, V>>, name: string, key: K, value: V | null): void {
  const map = maps.get(name) ?? new Map<K, V>();
  if (value === null) map.delete(key);
  else map.set(key, value);
  if (map.size > 0) maps.set(name, map);
  else maps.delete(name);
}
