import type { KeptState, KeptStatus } from '../../store/status-records.ts';
import type { StatusTopic } from '../../store/status-topic.ts';
import type {
  ConnectorState,
  ConnectorStatus,
  ConnectorStatusPart,
  RestartRequest,
  TaskState,
  TaskStatus,
  WorkerEvent,
} from '../connectors.ts';

/** What is known of the plugins of a connector that runs here. */
export interface Reported {
  readonly version: string | null;
  task(id: number): { readonly version: string | null } | undefined;
}

type Parts = Pick<ConnectorStatus, 'connector' | 'tasks'>;

/** Writes what happens on this worker to the status topic, and reads from it what happens on all. */
export class StatusReports {
  readonly #topic: StatusTopic;
  readonly #workerId: string;
  readonly #generation: number;

  constructor(topic: StatusTopic, workerId: string, generation: number) {
    this.#topic = topic;
    this.#workerId = workerId;
    this.#generation = generation;
  }

  of(name: string): Parts | undefined {
    const connector = this.#topic.state.connector(name);
    if (connector === undefined) return undefined;
    const tasks = [...this.#topic.state.tasks(name)].map(([id, status]) => taskPart(id, status));
    return { connector: part(connector), tasks };
  }

  ofTask(name: string, task: number): TaskStatus | undefined {
    const status = this.#topic.state.task(name, task);
    return status && taskPart(task, status);
  }

  /** The status with what a restart will concern, which keeps its trace and version. */
  afterRestart(name: string, { includeTasks, onlyFailed }: RestartRequest): Parts | undefined {
    const status = this.of(name);
    if (status === undefined) return undefined;
    const restarts = ({ state }: { readonly state: string }) => !onlyFailed || state === 'FAILED';
    const again = <S extends { readonly state: string }>(each: S): S => (restarts(each) ? { ...each, state: 'RESTARTING' } : each);
    return { connector: again(status.connector), tasks: includeTasks ? status.tasks.map(again) : status.tasks };
  }

  /** A restart shows where a user asked for it of several things at once; else what restarts is between two owners, as in Connect. */
  report({ kind, connector, task, state, trace }: WorkerEvent, known: Reported | undefined): void {
    if ((kind !== 'connector-state' && kind !== 'task-state') || state === undefined) return;
    const shown = state === 'RESTARTING' ? 'UNASSIGNED' : state;
    if (task === undefined) this.#topic.putConnector(connector, this.#status(shown, known?.version ?? null, trace));
    else {
      const version = shown === 'UNASSIGNED' ? null : (known?.task(task)?.version ?? null);
      this.#topic.putTask(connector, task, this.#status(shown, version, trace));
    }
  }

  restarting(name: string, task?: number): void {
    const status = this.#status('RESTARTING', null);
    if (task === undefined) this.#topic.putConnector(name, status);
    else this.#topic.putTask(name, task, status);
  }

  topics(name: string): readonly string[] {
    return this.#topic.state.topics(name).map(({ topic }) => topic);
  }

  used(connector: string, task: number, topics: readonly string[]): void {
    for (const topic of topics) this.#topic.addTopic({ topic, connector, task, discoveredAt: Date.now() });
  }

  /** Resolves when nobody is told of them any more. */
  async forgetTopics(name: string): Promise<void> {
    this.#topic.forgetTopics(name);
    await this.#topic.flush();
  }

  taskGone(name: string, task: number): void {
    this.#topic.putTask(name, task, null);
  }

  gone(name: string): void {
    this.#topic.forget(name);
  }

  /** Clears away what is told of others than these; `tasks` says how many tasks a connector has, if it is there. */
  forgetAllBut(tasks: (name: string) => number | undefined): void {
    const { state } = this.#topic;
    for (const name of state.names) {
      const count = tasks(name);
      if (count === undefined) this.gone(name);
      else for (const task of state.tasks(name).keys()) if (task >= count) this.taskGone(name, task);
    }
  }

  #status(state: KeptState, version: string | null, trace?: string): KeptStatus {
    return { state, trace: trace ?? null, workerId: this.#workerId, generation: this.#generation, version };
  }
}

const part = ({ state, workerId, version, trace }: KeptStatus): ConnectorStatusPart => ({
  state: state satisfies ConnectorState,
  workerId,
  version,
  ...(trace === null ? {} : { trace }),
});

/** Tasks are never STOPPED: they are no more. */
const taskPart = (id: number, { state, workerId, version, trace }: KeptStatus): TaskStatus => ({
  id,
  state: state as TaskState,
  workerId,
  version,
  ...(trace === null ? {} : { trace }),
});
