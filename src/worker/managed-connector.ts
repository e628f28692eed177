import { RestError } from '../errors/rest-error.ts';
import type { KeptConnector } from '../store/config-state.ts';
import type { ConnectorHost } from './connector-host.ts';
import { ConnectorInstance } from './connector-instance.ts';
import type { ConnectorConfig, ConnectorStatus, RestartRequest, TargetState, TaskInfo } from './connectors.ts';
import { faultOf } from './fault.ts';
import type { Looked } from './look-at.ts';
import type { ManagedTask } from './managed-task.ts';
import type { Accepted } from './managed-tasks.ts';
import type { Checked, Fault, TaskPart } from './messages.ts';
import { differ, Reload, refreshed, warnOfReload } from './reload.ts';
import { restartPlan } from './restart-plan.ts';
import type { RestartedBy } from './restarts.ts';
import { taskConfig } from './task-config.ts';
import { TaskSet } from './task-set.ts';

export interface ManagedConnectorOptions {
  readonly name: string;
  readonly host: ConnectorHost;
  /** What was found out about its config: where something is wrong with it, the connector is there to say so. */
  readonly looked: Looked;
  /** Looks at a config again with which something was wrong. */
  look(config: ConnectorConfig): Promise<Looked>;
  readonly target: TargetState;
  /** It is kept already, as it begins. */
  readonly kept: boolean;
  /** Keeps it over restarts of the worker. */
  keep(connector: KeptConnector): Promise<void>;
}

/** A connector and its tasks as the main thread knows them. Changes are carried out one after the other. */
export class ManagedConnector {
  readonly name: string;
  readonly #options: ManagedConnectorOptions;
  readonly #host: ConnectorHost;
  readonly #instance: ConnectorInstance;
  #target: TargetState;
  readonly #tasks: TaskSet;
  /** Whether the tasks run with an older config than the connector's. */
  #outdated = true;
  #changes: Promise<unknown> = Promise.resolve();
  readonly #reload: Reload;
  /** What is wrong with its config, as it was looked at last. */
  #fault: Fault | undefined;
  /** Set when it has ended: what is said of changes that come too late. */
  #gone: RestError | undefined;

  constructor(options: ManagedConnectorOptions) {
    const { name, host, target } = options;
    const { fault, ...accepted } = options.looked;
    this.#fault = fault;
    this.name = name;
    this.#options = options;
    this.#host = host;
    this.#target = target;
    this.#tasks = new TaskSet(name, host, (task) => void this.#next(() => this.#taskAgain(task)).catch(() => undefined));
    this.#reload = new Reload({
      resolve: host.resolve,
      restart: (fresh, from) => void this.#next(() => this.#renew(fresh, from)).catch(() => undefined),
      failed: (error) => warnOfReload(host.log, name, error),
    });
    this.#instance = new ConnectorInstance({
      name,
      host,
      accepted,
      takeUp: (parts) => this.#takeUp(parts),
      again: () => void this.#next(() => this.#instanceAgain()).catch(() => undefined),
      later: (work) => this.#next(work),
    });
  }

  get config(): ConnectorConfig {
    return this.#instance.accepted.config;
  }

  get accepted(): Accepted {
    return this.#instance.accepted;
  }

  get type(): Checked['type'] {
    return this.#instance.accepted.checked.type;
  }

  get target(): TargetState {
    return this.#target;
  }

  get tasks(): readonly TaskInfo[] {
    const { accepted } = this.#instance;
    return this.#tasks.all.map(({ id, part }) => ({ id: { connector: this.name, task: id }, config: taskConfig(part, accepted) }));
  }

  get status(): ConnectorStatus {
    return { name: this.name, connector: this.#instance.status, tasks: this.#tasks.all.map(({ status }) => status), type: this.type };
  }

  /** Begins in its target state. Fails when the connector does. */
  begin(): Promise<void> {
    const work = async () => {
      if (this.#fault) this.#fail(this.#fault);
      this.#reload.after(this.accepted);
      await this.#reach();
    };
    return this.#options.kept ? this.#change(work) : this.#changeKept(work);
  }

  /** Runs with another config from now on; the target state stays. */
  update(accepted: Accepted): Promise<void> {
    return this.#changeKept(async () => {
      this.#configure(accepted);
      this.#outdated = true;
      await this.#reach();
    });
  }

  pause(): Promise<void> {
    this.#target = 'PAUSED';
    return this.#changeKept(async () => {
      this.#instance.pause();
      this.#tasks.pause();
    });
  }

  resume(): Promise<void> {
    this.#target = 'STARTED';
    return this.#changeKept(async () => {
      this.#tasks.resume();
      const unsound = this.#fault !== undefined && this.#instance.life.state !== 'FAILED';
      // Why it did not start is in its status.
      await (unsound ? this.#restartInstance() : this.#instance.resume()).catch(() => undefined);
    });
  }

  stop(): Promise<void> {
    this.#target = 'STOPPED';
    return this.#changeKept(async () => {
      this.#instance.halt();
      await this.#tasks.drop();
      this.#instance.stop();
    });
  }

  /** Only the connector; its tasks go on, unless it divides its work otherwise now. */
  restart(): Promise<void> {
    return this.#change(() => this.#restartInstance());
  }

  /** The status with what will restart, and the end of it. */
  restartAll({ includeTasks, onlyFailed }: RestartRequest): { readonly plan: ConnectorStatus; readonly done: Promise<void> } {
    const wanted = (state: string) => !onlyFailed || state === 'FAILED';
    const tasks = includeTasks ? this.#tasks.all.filter(({ life }) => wanted(life.state)) : [];
    const instance = wanted(this.#instance.life.state);
    const plan = restartPlan(this.status, tasks, instance);
    const done = this.#change(async () => {
      for (const task of tasks) task.restarting();
      await this.#tasks.stop(tasks);
      await this.#startAgain(tasks, instance);
    });
    return { plan, done };
  }

  restartTask(id: number): Promise<void> {
    return this.#change(async () => {
      const task = this.#tasks.get(id);
      if (task === undefined) return;
      task.restarting();
      await this.#tasks.stop([task]);
      await this.#startAgain([task]);
    });
  }

  /**
   * Ends connector and tasks together, within the worker's graceful time-out.
   *
   * @param why what is said of changes that come too late
   */
  end(why: RestError): Promise<void> {
    this.#reload.cancel();
    this.#instance.overtake();
    return this.#next(async () => {
      this.#gone = why;
      this.#reload.cancel();
      this.#instance.halt();
      await this.#tasks.stop(this.#tasks.all);
      this.#instance.end();
    });
  }

  /** A change that somebody asked for. */
  #change(work: () => Promise<void>): Promise<void> {
    this.#instance.overtake();
    return this.#next(work, (why) => {
      throw why;
    });
  }

  /**
   * A change of what is kept. That is stored before the next change, also when the connector fails to start: it has that config, and that target
   * state, all the same.
   */
  #changeKept(work: () => Promise<void>): Promise<void> {
    return this.#change(async () => {
      try {
        await work();
      } finally {
        await this.#options.keep({ config: this.config, target: this.#target });
      }
    });
  }

  #next(work: () => Promise<void>, tooLate: (why: RestError) => void = () => undefined): Promise<void> {
    const change = this.#changes.then(() => (this.#gone ? tooLate(this.#gone) : work()));
    this.#changes = change.catch(() => undefined);
    return change;
  }

  async #reach(): Promise<void> {
    if (this.#target === 'STARTED') await this.#instance.start();
    else if (this.#target === 'PAUSED') this.#instance.pause();
    else this.#instance.stop();
  }

  /** Unless something else is wanted by then. */
  async #instanceAgain(): Promise<void> {
    if (this.#instance.restartDue && this.#target === 'STARTED') await this.#restartInstance('policy');
  }

  /** Unless something else is wanted by then. */
  async #taskAgain(task: ManagedTask): Promise<void> {
    if (!this.#tasks.has(task) || task.life.state !== 'FAILED') return;
    task.restarting('policy');
    await this.#startAgain([task]);
  }

  /** Starts tasks that have ended. So does the connector, if it is to or would divide its work by other values now. */
  async #startAgain(tasks: readonly ManagedTask[], instance = false): Promise<void> {
    // A connector that fails says so in its status; its tasks start all the same.
    if (instance || (await this.#hasOtherValues())) await this.#restartInstance().catch(() => undefined);
    for (const task of tasks) if (this.#tasks.has(task)) task.start();
  }

  async #restartInstance(by: RestartedBy = 'user'): Promise<void> {
    this.#instance.restarting(by);
    const from = this.accepted;
    const { fault, ...fresh } = await this.#lookAgain(from);
    if (fault) this.#fail(fault);
    await this.#renew(fresh, from, by);
  }

  /** Only what it refers to, where nothing is wrong with it. */
  async #lookAgain(from: Accepted): Promise<Looked> {
    if (this.#fault) return this.#options.look(from.config);
    return refreshed(from, this.#host.resolve).catch((error: unknown) => ({ ...from, fault: faultOf(error) }));
  }

  #fail(fault: Fault): never {
    this.#instance.fail(fault);
    throw new RestError(fault.status, fault.message);
  }

  /** Whether its config refers to something else by now; not, as far as a provider that does not answer says. */
  async #hasOtherValues(): Promise<boolean> {
    const fresh = await refreshed(this.accepted, this.#host.resolve).catch(() => this.accepted);
    return differ(fresh, this.accepted);
  }

  /** Begins anew with what its config refers to by now; so do its tasks, if that is something else. */
  async #renew(fresh: Accepted, from: Accepted, by: RestartedBy = 'user'): Promise<void> {
    if (this.accepted !== from) return;
    this.#outdated ||= differ(fresh, from);
    try {
      this.#configure(fresh, by);
    } catch (error) {
      // Values that settings of the run refuse.
      this.#instance.fail(faultOf(error));
      throw error;
    }
    await this.#reach();
  }

  #configure(accepted: Accepted, by: RestartedBy = 'user'): void {
    this.#reload.after(accepted);
    this.#instance.configure(accepted, by);
    this.#fault = undefined;
  }

  /** Runs these parts, one task each; tasks that would be the same as before go on. */
  async #takeUp(parts: readonly TaskPart[]): Promise<void> {
    if (this.#target !== 'STARTED') return;
    const same = JSON.stringify(this.#tasks.all.map(({ part }) => part)) === JSON.stringify(parts);
    if (same && !this.#outdated) return;
    await this.#tasks.drop();
    this.#outdated = false;
    const { accepted, settings } = this.#instance;
    for (const [id, part] of parts.entries()) this.#tasks.make(id, part, { accepted, settings, count: parts.length });
    for (const task of this.#tasks.all) task.start();
  }
}
