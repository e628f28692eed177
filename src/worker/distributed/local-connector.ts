import { RestError } from '../../errors/rest-error.ts';
import type { KeptConfig } from '../../store/config-records.ts';
import type { KeptConnector } from '../../store/config-state.ts';
import { ConnectorInstance } from '../connector-instance.ts';
import type { RestartRequest, TargetState } from '../connectors.ts';
import { faultOf } from '../fault.ts';
import type { ManagedTask } from '../managed-task.ts';
import type { Accepted } from '../managed-tasks.ts';
import type { Fault, TaskPart } from '../messages.ts';
import { differ, Reload, warnOfReload } from '../reload.ts';
import type { RestartedBy } from '../restarts.ts';
import type { LocalHost } from './local-host.ts';
import { LocalTasks } from './local-tasks.ts';
import { untilKept } from './until-kept.ts';

/** What this worker runs of one connector: the connector itself, some of its tasks, both or nothing. */
export class LocalConnector {
  readonly name: string;
  readonly #local: LocalHost;
  readonly #tasks: LocalTasks;
  #instance: ConnectorInstance | undefined;
  /** What it began with last: what was wrong was nothing that it could begin with. */
  #begun: Accepted | undefined;
  /** What the instance was made from; another object: something else was decided since. */
  #config: KeptConfig | undefined;
  #target: TargetState = 'STARTED';
  /** How often the connector has divided its work. */
  #divisions = 0;
  #changes: Promise<void> = Promise.resolve();
  /** Settles with what the connector was last told to reach. */
  #up: Promise<void> = Promise.resolve();
  readonly #reload: Reload;
  /** Whether tasks run with older values of what the config refers to than the connector. */
  #outdated = false;
  #ended = false;

  constructor(name: string, local: LocalHost) {
    this.name = name;
    this.#local = local;
    this.#tasks = new LocalTasks(name, local, (task) => void this.#change(() => this.#tasks.again(task)));
    this.#reload = new Reload({
      resolve: local.host.resolve,
      restart: (fresh, from) => void this.#renew(fresh, from),
      failed: (error) => warnOfReload(local.host.log, name, error),
    });
  }

  get version(): string | null {
    return this.#instance?.accepted.checked.version ?? null;
  }

  task(id: number): ManagedTask | undefined {
    return this.#tasks.get(id);
  }

  /** Resolves when the changes that were begun are done. */
  async settled(): Promise<void> {
    await this.#changes;
  }

  /** Makes what runs here what it should be by now; resolves when that is done or under way. */
  reconcile(): Promise<void> {
    return this.#change(() => this.#reconcile());
  }

  /** Resolves when the connector runs, or is paused or stopped, again; rejects when it does not come up. */
  async restartInstance(): Promise<void> {
    let begun = false;
    await this.#change(async () => {
      const kept = this.#kept();
      if (kept === undefined) return;
      begun = true;
      await this.#beginAnew(kept);
    });
    if (begun) await this.#isUp();
  }

  /** Resolves when the task was stopped and made anew; rejects when it cannot be made. */
  async restartTask(id: number): Promise<void> {
    let faults: readonly Fault[] = [];
    await this.#change(async () => {
      await this.#tasks.stop([id]);
      faults = await this.#tasks.start([id]);
    });
    for (const { message } of faults) throw new RestError(500, message);
  }

  restart({ includeTasks, onlyFailed }: RestartRequest): Promise<void> {
    return this.#change(async () => {
      const wanted = (state: string) => !onlyFailed || state === 'FAILED';
      const tasks = includeTasks ? this.#tasks.inState(wanted) : [];
      const kept = this.#kept();
      const again = wanted(this.#instance?.life.state ?? 'FAILED') ? kept : undefined;
      // Shown once it is stopped, which tells of a state too.
      if (again) {
        this.#instance?.overtake();
        this.#instance?.restarting();
        this.#local.showRestart(this.name);
      }
      await this.#tasks.stop(tasks);
      for (const id of tasks) this.#local.showRestart(this.name, id);
      // A connector that fails says so in its status; its tasks start all the same.
      if (again) await this.#beginAnew(again);
      await this.#tasks.start(tasks);
    });
  }

  /** Ends everything, within the worker's graceful time-out. */
  end(): Promise<void> {
    return this.#change(async () => {
      this.#ended = true;
      this.#reload.cancel();
      this.#instance?.overtake();
      this.#instance?.halt();
      await this.#tasks.end();
      this.#instance?.end();
    });
  }

  /** What goes wrong with a change is in the status: nobody else waits for it. */
  #change(work: () => Promise<void>): Promise<void> {
    const change = this.#changes
      .then(() => (this.#ended ? undefined : work()))
      .catch((error: unknown) => this.#local.failed(this.name, undefined, faultOf(error)));
    this.#changes = change;
    return change;
  }

  #kept(): KeptConnector | undefined {
    const { state, assignment } = this.#local;
    return assignment().runsConnector(this.name) ? state.connector(this.name) : undefined;
  }

  async #reconcile(): Promise<void> {
    const { state } = this.#local;
    const target = state.connector(this.name)?.target ?? 'STARTED';
    const turned = target !== this.#target;
    this.#target = target;
    await this.#tasks.reach(state.tasks(this.name), target);
    const kept = this.#kept();
    if (kept === undefined) this.#endInstance();
    else if (this.#config !== kept.config) await this.#beginAnew(kept);
    else if (turned) this.#begin();
  }

  #endInstance(): void {
    this.#reload.cancel();
    this.#instance?.overtake();
    this.#instance?.end();
    this.#instance = undefined;
    this.#begun = undefined;
    this.#config = undefined;
  }

  /** By the policy, unless something else is wanted by then. */
  async #again(instance: ConnectorInstance): Promise<void> {
    const kept = this.#kept();
    const wanted = this.#instance === instance && instance.restartDue && this.#target === 'STARTED';
    if (kept && wanted) await this.#beginAnew(kept, 'policy');
  }

  /** Gives the connector its config as it is now, and what that refers to. */
  async #beginAnew({ config }: KeptConnector, by?: RestartedBy): Promise<void> {
    this.#config = config;
    const { fault, ...accepted } = await this.#local.look(config);
    this.#beginWith(accepted, fault, by);
  }

  /** Begins anew when what its config refers to was good for long enough, unless it has another config by then. */
  #renew(fresh: Accepted, from: Accepted): Promise<void> {
    return this.#change(async () => {
      if (this.#instance?.accepted === from) this.#beginWith(fresh);
    });
  }

  #beginWith(accepted: Accepted, found?: Fault, by?: RestartedBy): void {
    this.#instance?.overtake();
    const fault = this.#configure(accepted, by) ?? found;
    if (fault) {
      this.#fail(fault);
      return;
    }
    this.#outdated ||= this.#begun !== undefined && differ(this.#begun, accepted);
    this.#begun = accepted;
    this.#begin();
  }

  /** Not waited for: a connector may take long, or never come up. How it does is in its status. */
  #begin(): void {
    this.#follow(this.#reach());
  }

  #fail(fault: Fault): void {
    if (this.#instance) this.#instance.fail(fault);
    else this.#local.failed(this.name, undefined, fault);
    this.#follow(Promise.reject(new RestError(500, fault.message)));
  }

  #follow(up: Promise<void>): void {
    up.catch(() => undefined);
    this.#up = up;
  }

  /** Settles as what was begun last, also where that begins anew meanwhile. */
  async #isUp(): Promise<void> {
    const up = this.#up;
    await up.catch((error: unknown) => {
      if (this.#up === up) throw error;
      return this.#isUp();
    });
  }

  /** Answers with what is wrong: settings that are refused. */
  #configure(accepted: Accepted, by?: RestartedBy): Fault | undefined {
    this.#reload.after(accepted);
    try {
      if (this.#instance) this.#instance.configure(accepted, by);
      else this.#instance = this.#makeInstance(accepted);
      return undefined;
    } catch (error) {
      this.#instance?.restarting(by);
      return faultOf(error);
    }
  }

  #makeInstance(accepted: Accepted): ConnectorInstance {
    const instance: ConnectorInstance = new ConnectorInstance({
      name: this.name,
      host: this.#local.host,
      accepted,
      takeUp: async (parts) => void this.#publish(parts, instance),
      again: () => void this.#change(() => this.#again(instance)),
      later: (work) => work(),
    });
    return instance;
  }

  /** Unless the work is divided anew, or by another config, before it is kept. */
  async #publish(parts: readonly TaskPart[], instance: ConnectorInstance): Promise<void> {
    const { accepted } = instance;
    const division = ++this.#divisions;
    const current = () => this.#instance === instance && instance.accepted === accepted && this.#divisions === division;
    const kept = await untilKept({
      keep: () => this.#local.publish(this.name, parts, accepted, this.#outdated),
      wanted: current,
      failed: (error) =>
        this.#local.host.log.error({ connector: this.name, error }, 'the tasks of a connector cannot be written: tried again'),
    });
    if (kept && current()) this.#outdated = false;
  }

  async #reach(): Promise<void> {
    const instance = this.#instance;
    if (instance === undefined) return;
    if (this.#target !== 'STARTED') instance.overtake();
    if (this.#target === 'PAUSED') instance.pause();
    else if (this.#target === 'STOPPED') instance.stop();
    else await instance.resume();
  }
}
