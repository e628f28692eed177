import type { KeptConfig } from '../../store/config-records.ts';
import type { KeptConnector } from '../../store/config-state.ts';
import { ConnectorInstance } from '../connector-instance.ts';
import type { RestartRequest, TargetState, TaskState } from '../connectors.ts';
import { faultOf } from '../fault.ts';
import type { ManagedTask } from '../managed-task.ts';
import type { Accepted } from '../managed-tasks.ts';
import type { Fault, TaskPart } from '../messages.ts';
import { differ, Reload, warnOfReload } from '../reload.ts';
import { TaskSet } from '../task-set.ts';
import { runSettings } from '../worker-settings.ts';
import type { LocalHost } from './local-host.ts';
import { partOf } from './task-configs-of.ts';
import { untilKept } from './until-kept.ts';

const noTasks: readonly KeptConfig[] = [];

/** What this worker runs of one connector: the connector itself, some of its tasks, both or nothing. */
export class LocalConnector {
  readonly name: string;
  readonly #local: LocalHost;
  #instance: ConnectorInstance | undefined;
  readonly #tasks: TaskSet;
  /** What the instance and the tasks were made from; another object: something else was decided since. */
  #config: KeptConfig | undefined;
  #taskConfigs: readonly KeptConfig[] = noTasks;
  #target: TargetState = 'STARTED';
  /** How often the connector has divided its work. */
  #divisions = 0;
  #changes: Promise<void> = Promise.resolve();
  readonly #reload: Reload;
  /** Whether tasks run with older values of what the config refers to than the connector. */
  #outdated = false;

  constructor(name: string, local: LocalHost) {
    this.name = name;
    this.#local = local;
    this.#tasks = new TaskSet(name, local.host);
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
    let up: Promise<void> | undefined;
    await this.#change(async () => {
      const kept = this.#kept();
      if (kept === undefined) return;
      await this.#prepare(kept);
      up = this.#reach();
    });
    await up;
  }

  restartTask(id: number): Promise<void> {
    return this.#change(() => this.#restartTasks([id]));
  }

  restart({ includeTasks, onlyFailed }: RestartRequest): Promise<void> {
    return this.#change(async () => {
      const wanted = (state: string | undefined) => state !== undefined && (!onlyFailed || state === 'FAILED');
      const tasks = includeTasks ? this.#ownTasks().filter((id) => wanted(this.#stateOf(id))) : [];
      const kept = this.#kept();
      const instance = wanted(this.#instance?.life.state);
      if (instance) this.#local.showRestart(this.name);
      for (const id of tasks) this.#local.showRestart(this.name, id);
      // A connector that fails says so in its status; its tasks start all the same.
      if (kept && instance) {
        await this.#prepare(kept);
        void this.#reach().catch(() => undefined);
      }
      await this.#restartTasks(tasks);
    });
  }

  /** Ends everything, within the worker's graceful time-out. */
  end(): Promise<void> {
    return this.#change(async () => {
      this.#reload.cancel();
      this.#instance?.halt();
      await this.#tasks.stop(this.#tasks.all);
      this.#instance?.end();
    });
  }

  /** What goes wrong with a change is in the status: nobody else waits for it. */
  #change(work: () => Promise<void>): Promise<void> {
    const change = this.#changes.then(work).catch((error: unknown) => this.#local.failed(this.name, undefined, faultOf(error)));
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
    const configs = state.tasks(this.name);
    if (configs !== this.#taskConfigs) await this.#replaceTasks(configs);
    else if (turned && target === 'PAUSED') this.#tasks.pause();
    else if (turned) this.#tasks.resume();
    const kept = this.#kept();
    if (kept === undefined) {
      this.#endInstance();
      return;
    }
    const changed = this.#config !== kept.config;
    if (changed) await this.#prepare(kept);
    // Not waited for: a connector may take long, or never come up. How it does is in its status.
    if (changed || turned) void this.#reach().catch(() => undefined);
  }

  #endInstance(): void {
    this.#reload.cancel();
    this.#instance?.overtake();
    this.#instance?.end();
    this.#instance = undefined;
    this.#config = undefined;
  }

  /** Gives the connector its config as it is now, and what that refers to. */
  async #prepare({ config }: KeptConnector): Promise<void> {
    this.#config = config;
    const { fault, ...accepted } = await this.#local.look(config);
    this.#instance?.overtake();
    const instance = this.#configure(accepted);
    if (fault) instance.fail(fault);
  }

  /** Begins anew when what its config refers to was good for long enough, unless it has another config by then. */
  #renew(fresh: Accepted, from: Accepted): Promise<void> {
    return this.#change(async () => {
      if (this.#instance?.accepted !== from) return;
      this.#configure(fresh);
      void this.#reach().catch(() => undefined);
    });
  }

  #configure(accepted: Accepted): ConnectorInstance {
    this.#reload.after(accepted);
    const before = this.#instance?.accepted;
    this.#outdated ||= before !== undefined && differ(before, accepted);
    if (this.#instance) this.#instance.configure(accepted);
    else this.#instance = this.#makeInstance(accepted);
    return this.#instance;
  }

  #makeInstance(accepted: Accepted): ConnectorInstance {
    const instance: ConnectorInstance = new ConnectorInstance({
      name: this.name,
      host: this.#local.host,
      accepted,
      takeUp: async (parts) => void this.#publish(parts, instance),
      wanted: () => this.#instance === instance && this.#target === 'STARTED',
      later: (work) => work(),
    });
    return instance;
  }

  /** Unless the work is divided anew, or by another config, before it is kept. */
  async #publish(parts: readonly TaskPart[], instance: ConnectorInstance): Promise<void> {
    const { accepted } = instance;
    const division = ++this.#divisions;
    const current = () => this.#instance === instance && instance.accepted === accepted && this.#divisions === division;
    const kept = await untilKept(() => this.#local.publish(this.name, parts, accepted, this.#outdated), current);
    if (kept && current()) this.#outdated = false;
  }

  async #reach(): Promise<void> {
    const instance = this.#instance;
    if (instance === undefined) return;
    if (this.#target !== 'STARTED') instance.overtake();
    if (this.#target === 'PAUSED') instance.pause();
    else if (this.#target === 'STOPPED') instance.stop();
    else if (!instance.running && instance.life.state !== 'FAILED') await instance.start();
  }

  /** Other tasks were decided on: all of the connector's begin anew. */
  async #replaceTasks(configs: readonly KeptConfig[]): Promise<void> {
    const before = this.#tasks.all;
    await this.#tasks.drop();
    this.#taskConfigs = configs;
    for (const { id } of before) if (id >= configs.length) this.#local.taskGone(this.name, id);
    await this.#startTasks(this.#ownTasks());
  }

  /** Those of the connector's tasks that are this worker's. */
  #ownTasks(): readonly number[] {
    return [...this.#taskConfigs.keys()].filter((id) => this.#local.assignment().runsTask(this.name, id));
  }

  /** A task that could not be made has failed. */
  #stateOf(id: number): TaskState {
    return this.#tasks.get(id)?.life.state ?? 'FAILED';
  }

  /** With their configs as they are now: what they refer to may have changed. */
  async #startTasks(ids: readonly number[]): Promise<void> {
    const config = this.#local.state.connector(this.name)?.config;
    if (config === undefined || ids.length === 0) return;
    const { fault, ...accepted } = await this.#local.look(config);
    // A sink's task belongs to a group, whose offsets it reads from; one that is taken for something else reads everything anew.
    if (fault && accepted.checked.type === 'unknown') {
      for (const id of ids) this.#failTask(id, fault);
      return;
    }
    for (const id of ids) {
      const kept = this.#taskConfigs[id];
      if (kept) await this.#startTask(id, kept, accepted);
    }
  }

  /** It is not there until a restart makes it anew. */
  #failTask(id: number, fault: Fault): void {
    this.#tasks.remove(id);
    this.#local.failed(this.name, id, fault);
  }

  async #startTask(id: number, kept: KeptConfig, accepted: Accepted): Promise<void> {
    const { host, resolve } = this.#local;
    try {
      const settings = runSettings(host.worker, accepted.resolved);
      const part = partOf(await resolve(kept), accepted.checked);
      const task = this.#tasks.make(id, part, { accepted, settings, count: this.#taskConfigs.length });
      if (this.#target === 'PAUSED') task.pause('user');
      task.start();
    } catch (error) {
      this.#failTask(id, faultOf(error));
    }
  }

  async #restartTasks(ids: readonly number[]): Promise<void> {
    const tasks = ids.flatMap((id) => this.#tasks.get(id) ?? []);
    for (const task of tasks) task.restarting();
    await this.#tasks.stop(tasks);
    await this.#startTasks(this.#ownTasks().filter((id) => ids.includes(id)));
  }
}
