import { Subject } from 'rxjs';
import { badRequest, conflict, notFound } from '../../src/errors/rest-error.ts';
import type { OffsetChange } from '../../src/sdk/source.ts';
import type { ConnectorConfig, ConnectorInfo, ConnectorStatus, Connectors, TargetState, WorkerEvent } from '../../src/worker/connectors.ts';

interface Known {
  config: ConnectorConfig;
  target: TargetState;
  trace?: string;
  offsets: readonly OffsetChange[];
}

/** Connectors in memory that run nothing: what REST asks is answered by Connect's rules of standalone mode. */
export class FakeConnectors implements Connectors {
  readonly workerId = '127.0.0.1:8083';
  readonly events = new Subject<WorkerEvent>();
  ready = true;
  readonly calls: unknown[] = [];
  readonly #known = new Map<string, Known>();

  names(): readonly string[] {
    return [...this.#known.keys()];
  }

  info(name: string): ConnectorInfo {
    const { config } = this.#get(name);
    return { name, config, tasks: this.#tasks(name).map((task) => ({ connector: name, task })), type: 'source' };
  }

  config(name: string): ConnectorConfig {
    return this.#get(name).config;
  }

  tasks(name: string) {
    const { config } = this.#get(name);
    return this.#tasks(name).map((task) => ({ id: { connector: name, task }, config: { ...config, 'task.class': 'T' } }));
  }

  status(name: string): ConnectorStatus {
    const known = this.#known.get(name);
    if (known === undefined) throw notFound(`No status found for connector ${name}`);
    const state = ({ STARTED: 'RUNNING', PAUSED: 'PAUSED', STOPPED: 'STOPPED' } as const)[known.target];
    const part = { workerId: this.workerId, version: '1' };
    const tasks = this.#tasks(name).map((id) => ({
      id,
      ...part,
      ...(known.trace === undefined ? { state: 'RUNNING' as const } : { state: 'FAILED' as const, trace: known.trace }),
    }));
    return { name, connector: { state, ...part }, tasks, type: 'source' };
  }

  taskStatus(name: string, task: number) {
    const found = this.#known.has(name) ? this.status(name).tasks[task] : undefined;
    if (found === undefined) throw notFound(`No status found for task ${name}-${task}`);
    return found;
  }

  async create(name: string, config: ConnectorConfig, initialState: TargetState = 'STARTED'): Promise<ConnectorInfo> {
    if (config['tasks.max'] === 'x') throw badRequest('Connector configuration is invalid');
    if (this.#known.has(name)) throw conflict(`Connector ${name} already exists`);
    this.#known.set(name, { config, target: initialState, offsets: [] });
    return this.info(name);
  }

  async put(name: string, config: ConnectorConfig) {
    const known = this.#known.get(name);
    if (known) known.config = config;
    else this.#known.set(name, { config, target: 'STARTED', offsets: [] });
    return { created: known === undefined, info: this.info(name) };
  }

  async patch(name: string, changes: ConnectorConfig): Promise<ConnectorInfo> {
    const known = this.#get(name);
    known.config = Object.fromEntries(Object.entries({ ...known.config, ...changes }).filter(([, value]) => value !== null));
    return this.info(name);
  }

  async remove(name: string): Promise<void> {
    this.#get(name);
    this.#known.delete(name);
  }

  pause = async (name: string): Promise<void> => this.#aim(name, 'PAUSED');
  resume = async (name: string): Promise<void> => this.#aim(name, 'STARTED');
  stop = async (name: string): Promise<void> => this.#aim(name, 'STOPPED');

  async restart(name: string, request: { readonly includeTasks: boolean; readonly onlyFailed: boolean }) {
    this.calls.push(request);
    return request.includeTasks || request.onlyFailed ? this.status(name) : undefined;
  }

  async restartTask(name: string, task: number): Promise<void> {
    this.calls.push({ name, task });
    this.#get(name);
  }

  async offsets(name: string) {
    return this.#get(name).offsets;
  }

  async alterOffsets(name: string, changes: readonly OffsetChange[]): Promise<string> {
    this.#get(name).offsets = changes;
    return 'altered';
  }

  async resetOffsets(name: string): Promise<string> {
    this.#get(name).offsets = [];
    return 'reset';
  }

  topics = (name: string): readonly string[] => (this.#known.has(name) ? ['orders'] : []);

  async resetTopics(name: string): Promise<void> {
    this.calls.push({ resetTopics: name });
  }

  async close(): Promise<void> {
    this.calls.push('close');
  }

  /** Makes the tasks of a connector fail. */
  fail(name: string, trace: string): void {
    this.#get(name).trace = trace;
  }

  #aim(name: string, target: TargetState): void {
    const known = this.#known.get(name);
    if (known === undefined) throw notFound(`Unknown connector ${name}`);
    known.target = target;
  }

  #tasks = (name: string): readonly number[] => (this.#get(name).target === 'STOPPED' ? [] : [0]);

  #get(name: string): Known {
    const known = this.#known.get(name);
    if (known === undefined) throw notFound(`Connector ${name} not found`);
    return known;
  }
}
