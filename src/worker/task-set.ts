import type { ConnectorHost } from './connector-host.ts';
import type { ManagedTask } from './managed-task.ts';
import { managedTask, type Siblings } from './managed-tasks.ts';
import type { TaskPart } from './messages.ts';
import type { Restarts } from './restarts.ts';
import { makeShares, type Shares } from './shares.ts';

/** The tasks of one connector on this worker, and who tells those of a sink what they read. */
export class TaskSet {
  readonly #name: string;
  readonly #host: ConnectorHost;
  readonly #again: (task: ManagedTask) => void;
  readonly #tasks = new Map<number, ManagedTask>();
  #shares: Shares | undefined;

  /** @param again told when the policy lets a task begin anew that has failed */
  constructor(name: string, host: ConnectorHost, again: (task: ManagedTask) => void) {
    this.#name = name;
    this.#host = host;
    this.#again = again;
  }

  get all(): readonly ManagedTask[] {
    return [...this.#tasks.values()];
  }

  get(id: number): ManagedTask | undefined {
    return this.#tasks.get(id);
  }

  /** Whether it is one of them, and not one that was made anew since. */
  has(task: ManagedTask): boolean {
    return this.#tasks.get(task.id) === task;
  }

  /**
   * Makes a task that is still to be started, in place of one of this number that has ended.
   *
   * @param restarts of that one, where they count on
   */
  make(id: number, part: TaskPart, common: Pick<Siblings, 'accepted' | 'settings' | 'count'>, restarts?: Restarts): ManagedTask {
    this.#shares ??= makeShares(this.#name, this.#host, {
      assign: (task, assignment) => this.#tasks.get(task)?.assign(assignment),
      fail: (task, fault) => this.#tasks.get(task)?.fail(fault),
    });
    const siblings = { name: this.#name, host: this.#host, shares: this.#shares, again: this.#again, ...common };
    const task = managedTask(id, part, siblings, restarts);
    this.#tasks.set(id, task);
    return task;
  }

  /** Forgets one that has ended. */
  remove(id: number): void {
    this.#tasks.delete(id);
  }

  pause(): void {
    for (const task of this.#tasks.values()) task.pause('user');
  }

  resume(): void {
    for (const task of this.#tasks.values()) task.resume('user');
  }

  /** Resolves when these have ended, within the worker's graceful time-out, and what they read is free. */
  async stop(tasks: readonly ManagedTask[]): Promise<void> {
    await Promise.all(tasks.map((task) => task.stop(this.#host.gracefulMs)));
    await Promise.all(tasks.map(({ id }) => this.#shares?.left(id)));
  }

  /** Stops all, after which there are none. */
  async drop(): Promise<void> {
    await this.stop(this.all);
    this.#tasks.clear();
    this.#shares = undefined;
  }
}
