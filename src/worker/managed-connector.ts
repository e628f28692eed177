import { RestError } from '../errors/rest-error.ts';
import { workerErrors } from '../errors/worker.ts';
import type { RawConfig } from '../sdk/config.ts';
import type { ConnectorHost } from './connector-host.ts';
import { type ConnectorEvent, type ConnectorLife, newConnector, nextConnector } from './connector-state.ts';
import type { ConnectorConfig, ConnectorStatus, ConnectorStatusPart, RestartRequest, TargetState, TaskInfo } from './connectors.ts';
import { faultOf } from './fault.ts';
import type { ManagedTask } from './managed-task.ts';
import { type Accepted, managedTasks } from './managed-tasks.ts';
import type { Checked, Fault, TaskPart } from './messages.ts';
import { Restarts } from './restarts.ts';
import { makeShares, type Shares } from './shares.ts';
import { light, type Run, type RunMessage } from './thread-pool.ts';
import { type RunSettings, runSettings } from './worker-settings.ts';

/** A connector and its tasks as the main thread knows them. Changes are carried out one after the other. */
export class ManagedConnector {
  readonly name: string;
  readonly #host: ConnectorHost;
  #accepted: Accepted;
  #settings: RunSettings;
  #restarts: Restarts;
  #target: TargetState;
  #life: ConnectorLife = newConnector;
  #run: Run | undefined;
  #tasks: readonly ManagedTask[] = [];
  #shares: Shares | undefined;
  /** Whether the tasks run with an older config than the connector's. */
  #outdated = true;
  #changes: Promise<unknown> = Promise.resolve();
  /** Stops waiting for a connector that has not divided its work yet. */
  #overtake: (() => void) | undefined;
  #gone = false;

  constructor(name: string, host: ConnectorHost, accepted: Accepted, target: TargetState) {
    this.name = name;
    this.#host = host;
    this.#accepted = accepted;
    this.#settings = runSettings(host.worker, accepted.resolved);
    this.#restarts = new Restarts(this.#settings);
    this.#target = target;
  }

  get config(): ConnectorConfig {
    return this.#accepted.config;
  }

  get type(): Checked['type'] {
    return this.#accepted.checked.type;
  }

  get target(): TargetState {
    return this.#target;
  }

  get tasks(): readonly TaskInfo[] {
    const { javaClass } = this.#accepted.checked;
    return this.#tasks.map(({ id, part }) => ({
      id: { connector: this.name, task: id },
      config: { ...textsOf(part.sink ?? part.source), 'task.class': javaClass.replace(/Connector$/, 'Task') },
    }));
  }

  get status(): ConnectorStatus {
    return { name: this.name, connector: this.#status, tasks: this.#tasks.map(({ status }) => status), type: this.type };
  }

  get #status(): ConnectorStatusPart {
    const { state, trace } = this.#life;
    const { version } = this.#accepted.checked;
    return { state, workerId: this.#host.workerId, version, ...(trace === undefined ? {} : { trace }), ...this.#restarts.shown };
  }

  /** Begins in its target state. Fails when the connector does. */
  begin(): Promise<void> {
    return this.#change(() => this.#reach());
  }

  /** Runs with another config from now on; the target state stays. */
  update(accepted: Accepted): Promise<void> {
    return this.#change(async () => {
      this.#halt();
      this.#accepted = accepted;
      this.#settings = runSettings(this.#host.worker, accepted.resolved);
      this.#restarts.cancel();
      this.#restarts = new Restarts(this.#settings);
      this.#outdated = true;
      this.#apply({ kind: 'restart' });
      await this.#reach();
    });
  }

  pause(): Promise<void> {
    this.#target = 'PAUSED';
    return this.#change(async () => {
      this.#halt();
      this.#apply({ kind: 'paused' });
      for (const task of this.#tasks) task.pause('user');
    });
  }

  resume(): Promise<void> {
    this.#target = 'STARTED';
    return this.#change(async () => {
      for (const task of this.#tasks) task.resume('user');
      if (this.#life.state === 'FAILED' || this.#run) return;
      // Why it did not start is in its status.
      await this.#startInstance().catch(() => undefined);
    });
  }

  stop(): Promise<void> {
    this.#target = 'STOPPED';
    return this.#change(async () => {
      this.#halt();
      await this.#dropTasks();
      this.#apply({ kind: 'stopped' });
    });
  }

  /** Only the connector; its tasks go on, unless it divides its work otherwise now. */
  restart(): Promise<void> {
    return this.#change(() => this.#restartInstance());
  }

  /** The status with what will restart, and the end of it. */
  restartAll({ includeTasks, onlyFailed }: RestartRequest): { readonly plan: ConnectorStatus; readonly done: Promise<void> } {
    const wanted = (state: string) => !onlyFailed || state === 'FAILED';
    const tasks = includeTasks ? this.#tasks.filter(({ life }) => wanted(life.state)) : [];
    const instance = wanted(this.#life.state);
    const { status } = this;
    const again = <S extends { readonly state: string }>(part: S) => ({ ...part, state: 'RESTARTING' as const });
    const plan: ConnectorStatus = {
      ...status,
      connector: instance ? again(status.connector) : status.connector,
      tasks: status.tasks.map((task) => (tasks.some(({ id }) => id === task.id) ? again(task) : task)),
    };
    const done = this.#change(async () => {
      for (const task of tasks) task.restarting();
      await this.#stopTasks(tasks);
      // A connector that fails says so in its status; its tasks start all the same.
      if (instance) await this.#restartInstance().catch(() => undefined);
      for (const task of tasks) if (this.#tasks.includes(task)) task.start();
    });
    return { plan, done };
  }

  restartTask(id: number): Promise<void> {
    return this.#change(async () => {
      const task = this.#tasks.find((each) => each.id === id);
      if (task === undefined) return;
      task.restarting();
      await this.#stopTasks([task]);
      task.start();
    });
  }

  /** Ends connector and tasks together, within the worker's graceful time-out. */
  end(): Promise<void> {
    return this.#change(async () => {
      this.#gone = true;
      this.#halt();
      await this.#stopTasks(this.#tasks);
      this.#apply({ kind: 'ended' });
    });
  }

  /** A change that somebody asked for does not wait for a connector that may never answer. */
  #change(work: () => Promise<void>): Promise<void> {
    this.#overtake?.();
    return this.#next(work);
  }

  #next(work: () => Promise<void>): Promise<void> {
    const change = this.#changes.then(() => (this.#gone ? undefined : work()));
    this.#changes = change.catch(() => undefined);
    return change;
  }

  async #reach(): Promise<void> {
    if (this.#target === 'STARTED') await this.#startInstance();
    else this.#apply({ kind: this.#target === 'PAUSED' ? 'paused' : 'stopped' });
  }

  async #restartInstance(): Promise<void> {
    this.#restarts.forget();
    this.#halt();
    this.#apply({ kind: 'restart' });
    await this.#reach();
  }

  /** Starts the connector and, once it has divided its work, the tasks. */
  #startInstance(): Promise<void> {
    return new Promise((resolve, reject: (error: RestError) => void) => {
      const told = (message: RunMessage): void => {
        if (this.#run !== run) return;
        if (message.kind === 'divided') this.#divided(message.parts, settled);
        else if (message.kind === 'displaced') this.#apply({ kind: 'restart' });
        else if (message.kind === 'failed') {
          this.#failed(message.fault);
          reject(new RestError(500, message.fault.message));
        }
      };
      let first = true;
      this.#overtake = () => {
        if (first) reject(new RestError(500, `Connector ${this.name} had not started yet when it was asked for something else.`));
        first = false;
      };
      const settled = (parts: readonly TaskPart[]): void => {
        // The first division belongs to the change that started the connector; later ones are changes of their own.
        const change = () => this.#takeUp(parts);
        if (first) change().then(resolve, reject);
        else void this.#next(async () => (this.#run === run ? change().catch(() => undefined) : undefined));
        first = false;
      };
      const unit = { kind: 'connector', connector: this.name, config: this.#accepted.resolved } as const;
      const run = this.#host.pool.start(unit, light, told);
      this.#run = run;
    });
  }

  #divided(parts: readonly TaskPart[], settled: (parts: readonly TaskPart[]) => void): void {
    const { 'tasks.max.enforce': enforce } = this.#settings;
    const max = Number(this.#accepted.resolved['tasks.max'] ?? 1);
    if (parts.length > max && enforce) {
      const run = this.#run;
      this.#halt();
      run?.cancel();
      this.#failed(faultOf(workerErrors.TOO_MANY_TASKS({ connector: this.name, tasks: parts.length, max })));
      settled(parts);
      return;
    }
    this.#restarts.healthy();
    this.#apply({ kind: 'started' });
    settled(parts);
  }

  /** Runs these parts, one task each; tasks that would be the same as before go on. */
  async #takeUp(parts: readonly TaskPart[]): Promise<void> {
    if (this.#life.state === 'FAILED') throw new RestError(500, this.#life.trace?.split('\n')[0] ?? 'The connector failed.');
    if (this.#target !== 'STARTED') return;
    const same = JSON.stringify(this.#tasks.map(({ part }) => part)) === JSON.stringify(parts);
    if (same && !this.#outdated) return;
    await this.#dropTasks();
    this.#outdated = false;
    this.#tasks = this.#makeTasks(parts);
    for (const task of this.#tasks) task.start();
  }

  #makeTasks(parts: readonly TaskPart[]): readonly ManagedTask[] {
    const shares = makeShares({ connector: this.name, config: this.#accepted.resolved }, this.#host, {
      assign: (task, assignment) => this.#tasks[task]?.assign(assignment),
      fail: (task, fault) => this.#tasks[task]?.fail(fault),
    });
    this.#shares = shares;
    return managedTasks(parts, { name: this.name, host: this.#host, accepted: this.#accepted, settings: this.#settings, shares });
  }

  async #stopTasks(tasks: readonly ManagedTask[]): Promise<void> {
    await Promise.all(tasks.map((task) => task.stop(this.#host.gracefulMs)));
    await Promise.all(tasks.map(({ id }) => this.#shares?.left(id)));
  }

  async #dropTasks(): Promise<void> {
    await this.#stopTasks(this.#tasks);
    this.#tasks = [];
  }

  #halt(): void {
    this.#restarts.cancel();
    this.#run?.cancel();
    this.#run = undefined;
  }

  #failed({ trace }: Fault): void {
    this.#run = undefined;
    this.#restarts.failed(() => void this.#next(() => this.#again()).catch(() => undefined));
    this.#apply({ kind: 'failed', trace });
  }

  /** A restart by the policy: not the user's, so earlier ones count on. */
  async #again(): Promise<void> {
    if (this.#life.state !== 'FAILED' || this.#target !== 'STARTED') return;
    this.#apply({ kind: 'restart' });
    await this.#startInstance();
  }

  #apply(event: ConnectorEvent): void {
    const next = nextConnector(this.#life, event);
    if (next === this.#life) return;
    this.#life = next;
    const { state, trace } = next;
    this.#host.tell({ kind: 'connector-state', connector: this.name, state, ...(trace === undefined ? {} : { trace }) });
  }
}

const textsOf = (raw: RawConfig): ConnectorConfig =>
  Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, value === null ? null : String(value)]));
