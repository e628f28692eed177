import type { TaskStatus } from './connectors.ts';
import type { Fault, TaskPart, Unit } from './messages.ts';
import type { RestartedBy, Restarts } from './restarts.ts';
import { newTask, nextTask, type PauseReason, type TaskEvent, type TaskLife } from './task-state.ts';
import type { Run, RunMessage } from './thread-pool.ts';

export interface ManagedTaskOptions {
  readonly id: number;
  readonly part: TaskPart;
  readonly workerId: string;
  readonly version: string | null;
  readonly restarts: Restarts;
  readonly pausedBy: Iterable<PauseReason>;
  /** Places the task on a thread. */
  place(unit: Pick<Extract<Unit, { kind: 'task' }>, 'task' | 'part' | 'pausedBy'>, told: (message: RunMessage) => void): Run;
  /** It failed, and the policy lets it begin anew: `restarting` and `start` follow, unless something else is wanted by then. */
  again(): void;
  /** State or trace changed. */
  changed(life: TaskLife): void;
  /** It failed after a stop was asked for: no state tells of it. */
  failedStopping(fault: Fault): void;
  /** What else it says: commits, its partitions. */
  told(message: RunMessage): void;
}

/** How much longer than its deadline a stop may take before the task is cancelled: the drain keeps to the deadline itself. */
const lateMs = 250;

/** A task as the main thread knows it, over all its runs. */
export class ManagedTask {
  readonly id: number;
  readonly part: TaskPart;
  readonly #options: ManagedTaskOptions;
  /** By the policy. */
  readonly restarts: Restarts;
  #life: TaskLife;
  #run: Run | undefined;
  #ended: (() => void) | undefined;
  #built = false;

  constructor(options: ManagedTaskOptions) {
    this.#options = options;
    this.id = options.id;
    this.part = options.part;
    this.restarts = options.restarts;
    this.#life = newTask(options.pausedBy);
  }

  get life(): TaskLife {
    return this.#life;
  }

  /** Of its plugin; `null` before its plugins were made. */
  get version(): string | null {
    return this.#built ? this.#options.version : null;
  }

  get status(): TaskStatus {
    const { id, workerId } = this.#options;
    const { state, trace } = this.#life;
    return { id, state, workerId, version: this.version, ...(trace === undefined ? {} : { trace }), ...this.restarts.shown };
  }

  start(): void {
    const { id, part, place } = this.#options;
    this.#built = false;
    const run = place({ task: id, part, pausedBy: [...this.#life.pausedBy] }, (message) => {
      if (this.#run === run) this.#told(message);
    });
    this.#run = run;
  }

  pause(reason: PauseReason): void {
    this.#apply({ kind: 'pause', reason });
    this.#run?.pause(reason);
  }

  resume(reason: PauseReason): void {
    this.#apply({ kind: 'resume', reason });
    this.#run?.resume(reason);
  }

  assign: Run['assign'] = (assignment) => this.#run?.assign(assignment);

  /** It cannot go on, for a reason outside of its thread. */
  fail(fault: Fault): void {
    const run = this.#run;
    if (run === undefined) return;
    run.cancel();
    this.#told({ kind: 'failed', run: 0, fault });
  }

  /** Shows that it restarts; `stop`, if it runs, and `start` follow. */
  restarting(by: RestartedBy = 'user'): void {
    if (by === 'user') this.restarts.forget();
    this.#apply({ kind: 'restart' });
  }

  /** Resolves when it has ended; when it has not by the deadline, it is cancelled. */
  async stop(deadlineMs: number): Promise<void> {
    this.restarts.cancel();
    const run = this.#run;
    if (run === undefined) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, deadlineMs + lateMs);
      this.#ended = () => {
        clearTimeout(timer);
        resolve();
      };
      run.stop(deadlineMs);
    });
    this.#ended = undefined;
    if (this.#run === run) run.cancel();
    this.#run = undefined;
    // A task on its way to a restart says so until it is back.
    if (this.#life.state !== 'RESTARTING') this.#apply({ kind: 'ended' });
  }

  #told(message: RunMessage): void {
    if (message.kind === 'built') this.#built = true;
    else if (this.#ended) this.#toldWhileStopping(message);
    else if (message.kind === 'started') {
      this.#apply({ kind: 'started' });
      this.restarts.healthy();
    } else if (message.kind === 'displaced') this.#apply({ kind: 'restart' });
    else if (message.kind === 'failed') this.#failed(message.fault.trace);
    else if (message.kind === 'ended') {
      this.#run = undefined;
      this.#apply({ kind: 'ended' });
    }
    this.#options.told(message);
  }

  /** A failure after a stop was asked for is no failure of the task: what was not committed repeats. */
  #toldWhileStopping(message: RunMessage): void {
    const { kind } = message;
    if (kind === 'failed') this.#options.failedStopping(message.fault);
    if (kind === 'displaced') this.#run?.cancel();
    if (kind !== 'ended' && kind !== 'failed' && kind !== 'displaced') return;
    this.#run = undefined;
    this.#ended?.();
  }

  #failed(trace: string): void {
    this.#run = undefined;
    this.restarts.failed(() => this.#options.again());
    this.#apply({ kind: 'failed', trace });
  }

  #apply(event: TaskEvent): void {
    const next = nextTask(this.#life, event);
    if (next === this.#life) return;
    const said = next.state !== this.#life.state;
    this.#life = next;
    if (said) this.#options.changed(next);
  }
}
