import type { KeptConfig } from '../../store/config-records.ts';
import type { TargetState, TaskState } from '../connectors.ts';
import { faultOf } from '../fault.ts';
import type { Looked } from '../look-at.ts';
import type { ManagedTask } from '../managed-task.ts';
import type { Fault } from '../messages.ts';
import type { Restarts } from '../restarts.ts';
import { TaskSet } from '../task-set.ts';
import { runSettings } from '../worker-settings.ts';
import type { LocalHost } from './local-host.ts';
import { partOf } from './task-configs-of.ts';

const noTasks: readonly KeptConfig[] = [];

/** Those of a connector's tasks that are this worker's. Changes are the connector's, which makes them one after the other. */
export class LocalTasks {
  readonly #name: string;
  readonly #local: LocalHost;
  readonly #tasks: TaskSet;
  /** What they were made from; another object: something else was decided since. */
  #configs: readonly KeptConfig[] = noTasks;
  #target: TargetState = 'STARTED';

  /** @param again told when the policy lets a task begin anew: a change that calls `again` follows */
  constructor(name: string, local: LocalHost, again: (task: ManagedTask) => void) {
    this.#name = name;
    this.#local = local;
    this.#tasks = new TaskSet(name, local.host, again);
  }

  get(id: number): ManagedTask | undefined {
    return this.#tasks.get(id);
  }

  /** A task that could not be made has failed. */
  inState(holds: (state: TaskState) => boolean): readonly number[] {
    return this.#own([...this.#configs.keys()]).filter((id) => holds(this.#tasks.get(id)?.life.state ?? 'FAILED'));
  }

  /** Runs what was decided on, as was decided. Where other tasks were decided on, all of the connector's begin anew. */
  async reach(configs: readonly KeptConfig[], target: TargetState): Promise<void> {
    const turned = target !== this.#target;
    this.#target = target;
    if (configs !== this.#configs) await this.#replace(configs);
    else if (turned && target === 'PAUSED') this.#tasks.pause();
    else if (turned) this.#tasks.resume();
  }

  /** They show that they restart; `start` follows. */
  async stop(ids: readonly number[]): Promise<void> {
    const tasks = ids.flatMap((id) => this.#tasks.get(id) ?? []);
    for (const task of tasks) task.restarting();
    await this.#tasks.stop(tasks);
  }

  /** With their configs as they are now: what they refer to may have changed. Answers with what is wrong with those that cannot be made. */
  async start(ids: readonly number[]): Promise<readonly Fault[]> {
    const own = this.#own(ids);
    const looked = own.length === 0 ? undefined : await this.#look();
    if (looked === undefined) return [];
    const faults: Fault[] = [];
    for (const id of own) {
      const wrong = await this.#start(id, looked);
      if (wrong === undefined) continue;
      this.#fail(id, wrong);
      faults.push(wrong);
    }
    return faults;
  }

  /** Restarts one by the policy, unless something else is wanted by then: with other values, if there are, else with what it has. */
  async again(task: ManagedTask): Promise<void> {
    if (!this.#tasks.has(task) || task.life.state !== 'FAILED') return;
    task.restarting('policy');
    const looked = await this.#look();
    if (looked && (await this.#start(task.id, looked, task.restarts))) task.start();
  }

  end(): Promise<void> {
    return this.#tasks.stop(this.#tasks.all);
  }

  #own(ids: readonly number[]): readonly number[] {
    return ids.filter((id) => id in this.#configs && this.#local.assignment().runsTask(this.#name, id));
  }

  async #replace(configs: readonly KeptConfig[]): Promise<void> {
    const before = this.#configs.length;
    await this.#tasks.drop();
    this.#configs = configs;
    for (let id = configs.length; id < before; id++) this.#local.taskGone(this.#name, id);
    await this.start([...configs.keys()]);
  }

  /** The connector as it is now, unless it is no more. */
  async #look(): Promise<Looked | undefined> {
    const config = this.#local.state.connector(this.#name)?.config;
    return config && this.#local.look(config);
  }

  async #start(id: number, { fault, ...accepted }: Looked, restarts?: Restarts): Promise<Fault | undefined> {
    // A sink's task belongs to a group, whose offsets it reads from; one that is taken for something else reads everything anew.
    if (accepted.checked.type === 'unknown' && fault) return fault;
    const { host, resolve } = this.#local;
    try {
      const settings = runSettings(host.worker, accepted.resolved);
      const part = partOf(await resolve(this.#configs[id] ?? {}), accepted.checked);
      const task = this.#tasks.make(id, part, { accepted, settings, count: this.#configs.length }, restarts);
      if (this.#target === 'PAUSED') task.pause('user');
      task.start();
      return undefined;
    } catch (error) {
      return faultOf(error);
    }
  }

  /** It is not there until a restart makes it anew. */
  #fail(id: number, fault: Fault): void {
    this.#tasks.remove(id);
    this.#local.failed(this.#name, id, fault);
  }
}
