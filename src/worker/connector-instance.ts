import { RestError } from '../errors/rest-error.ts';
import { workerErrors } from '../errors/worker.ts';
import type { ConnectorHost } from './connector-host.ts';
import { type ConnectorEvent, type ConnectorLife, newConnector, nextConnector } from './connector-state.ts';
import type { ConnectorStatusPart } from './connectors.ts';
import { faultOf } from './fault.ts';
import type { Accepted } from './managed-tasks.ts';
import type { Fault, TaskPart } from './messages.ts';
import { Overtaken } from './overtaken.ts';
import { type RestartedBy, Restarts } from './restarts.ts';
import { light, type Run, type RunMessage } from './thread-pool.ts';
import { type RunSettings, runSettings } from './worker-settings.ts';

export interface InstanceOptions {
  readonly name: string;
  readonly host: ConnectorHost;
  readonly accepted: Accepted;
  /** Takes up the work as it was divided: within the start that divided it first, later as a change of its own. */
  takeUp(parts: readonly TaskPart[]): Promise<void>;
  /**
   * Its restart by the policy is due: who is asked looks up what its config refers to, unless something else is wanted by then. Asked again
   * when it is resumed.
   */
  again(): void;
  /** Does this behind the changes that are under way. */
  later(work: () => Promise<void>): Promise<void>;
}

/** A connector itself, without its tasks: what divides the work, over all its runs. */
export class ConnectorInstance {
  readonly #options: InstanceOptions;
  #accepted: Accepted;
  #settings: RunSettings;
  #restarts: Restarts;
  #life: ConnectorLife = newConnector;
  #run: Run | undefined;
  #restartDue = false;
  /** Stops waiting for a connector that has not divided its work yet. */
  #overtake: (() => void) | undefined;

  constructor(options: InstanceOptions) {
    this.#options = options;
    this.#accepted = options.accepted;
    this.#settings = runSettings(options.host.worker, options.accepted.resolved);
    this.#restarts = new Restarts(this.#settings);
  }

  get accepted(): Accepted {
    return this.#accepted;
  }

  get settings(): RunSettings {
    return this.#settings;
  }

  get life(): ConnectorLife {
    return this.#life;
  }

  /** It failed, and the policy lets it begin anew by now. */
  get restartDue(): boolean {
    return this.#restartDue;
  }

  get running(): boolean {
    return this.#run !== undefined;
  }

  get status(): ConnectorStatusPart {
    const { state, trace } = this.#life;
    const { version } = this.#accepted.checked;
    const { workerId } = this.#options.host;
    return { state, workerId, version, ...(trace === undefined ? {} : { trace }), ...this.#restarts.shown };
  }

  /** Runs with another config from its next start on, or with what that refers to by now. */
  configure(accepted: Accepted, by: RestartedBy = 'user'): void {
    this.halt();
    this.#accepted = accepted;
    this.#settings = runSettings(this.#options.host.worker, accepted.resolved);
    if (by === 'user') this.#restarts = new Restarts(this.#settings);
    this.#apply({ kind: 'restart' });
  }

  /** Shows that it begins anew; a start, pause or stop follows. */
  restarting(by: RestartedBy = 'user'): void {
    if (by === 'user') this.#restarts.forget();
    this.halt();
    this.#apply({ kind: 'restart' });
  }

  /** What has failed stays so, and its restart by the policy stays due. */
  pause(): void {
    if (this.#life.state === 'FAILED') return;
    this.halt();
    this.#apply({ kind: 'paused' });
  }

  /** Starts what does not run. What has failed waits for its restart by the policy, which follows if it came due while it was paused. */
  async resume(): Promise<void> {
    if (this.running) return;
    if (this.#life.state !== 'FAILED') await this.start();
    else if (this.#restartDue) this.#options.again();
  }

  stop(): void {
    this.halt();
    this.#apply({ kind: 'stopped' });
  }

  end(): void {
    this.halt();
    this.#apply({ kind: 'ended' });
  }

  /** It cannot even be started. */
  fail(fault: Fault): void {
    this.halt();
    this.#failed(fault);
  }

  /** Runs no more, and says nothing of it yet. */
  halt(): void {
    this.#restarts.cancel();
    this.#restartDue = false;
    this.#run?.cancel();
    this.#run = undefined;
  }

  /** A change that somebody asked for does not wait for a connector that may never answer. */
  overtake(): void {
    this.#overtake?.();
  }

  /** Resolves when it runs and its work, once divided, is taken up. Rejects when it fails first, or is overtaken. */
  start(): Promise<void> {
    return new Promise((resolve, reject: (error: RestError) => void) => {
      const { name, host } = this.#options;
      let first = true;
      const told = (message: RunMessage): void => {
        if (this.#run !== run) return;
        if (message.kind === 'divided') {
          // Once the start is over they say nothing: of what is divided later the status tells.
          this.#divided(message.parts, first).then(resolve, reject);
          first = false;
        } else if (message.kind === 'displaced') this.#apply({ kind: 'restart' });
        else if (message.kind === 'failed') {
          this.#failed(message.fault);
          reject(new RestError(500, message.fault.message));
        }
      };
      this.#overtake = () => {
        if (first) reject(new Overtaken(name));
        first = false;
      };
      const unit = { kind: 'connector', connector: name, config: this.#accepted.resolved } as const;
      const run = host.pool.start(unit, light, told);
      this.#run = run;
    });
  }

  /**
   * The first division belongs to the change that started the connector; later ones are changes of their own. Work that cannot be taken up fails
   * the connector.
   */
  async #divided(parts: readonly TaskPart[], first: boolean): Promise<void> {
    const { takeUp, later } = this.#options;
    const run = this.#run;
    try {
      this.#mustBeAllowed(parts.length);
      this.#restarts.healthy();
      this.#apply({ kind: 'started' });
      if (first) await takeUp(parts);
      else await later(async () => (this.#run === run ? takeUp(parts) : undefined));
    } catch (error) {
      const fault = faultOf(error);
      if (this.#run === run) this.fail(fault);
      throw new RestError(500, fault.message);
    }
  }

  #mustBeAllowed(tasks: number): void {
    const max = Number(this.#accepted.resolved['tasks.max'] ?? 1);
    if (tasks > max && this.#settings['tasks.max.enforce']) {
      throw workerErrors.TOO_MANY_TASKS({ connector: this.#options.name, tasks, max });
    }
  }

  #failed({ trace }: Fault): void {
    this.#run = undefined;
    this.#restartDue = false;
    this.#restarts.failed(() => {
      this.#restartDue = true;
      this.#options.again();
    });
    this.#apply({ kind: 'failed', trace });
  }

  #apply(event: ConnectorEvent): void {
    const next = nextConnector(this.#life, event);
    if (next === this.#life) return;
    this.#life = next;
    const { state, trace } = next;
    const { name, host } = this.#options;
    host.tell({ kind: 'connector-state', connector: name, state, ...(trace === undefined ? {} : { trace }) });
  }
}
