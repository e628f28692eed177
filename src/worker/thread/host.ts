import { AsyncLocalStorage } from 'node:async_hooks';
import { workerErrors } from '../../errors/worker.ts';
import type { PluginRegistry } from '../../plugins/registry.ts';
import type { RawConfig } from '../../sdk/config.ts';
import type { Logger } from '../../telemetry/log.ts';
import type { ClientOwner } from '../client-properties.ts';
import { faultOf } from '../fault.ts';
import type { Lent } from '../lend-driver.ts';
import type { FromThread, OffsetAnswer, OffsetQuestion, ToThread, Unit } from '../messages.ts';
import type { Pulse } from '../pulse.ts';
import { ConnectorUnit } from './connector-unit.ts';
import { TaskUnit } from './task-unit.ts';

/** What a thread has in common for all that runs on it. */
export interface Host {
  readonly worker: RawConfig;
  readonly log: Logger;
  readonly pulse: Pulse;
  /** Imported and opened when first needed: a thread without work costs little. */
  plugins(): Promise<PluginRegistry>;
  /** A driver for one unit, to be closed with it. */
  lend(owner: ClientOwner): Promise<Lent>;
  tell(message: FromThread): void;
  ask(run: number, question: OffsetQuestion): Promise<OffsetAnswer>;
}

type Waiting = { readonly run: number; readonly resolve: (answer: OffsetAnswer) => void };
/** What is about units; the level of the log is the thread's own affair. */
type ForUnits = Exclude<ToThread, { readonly kind: 'level' }>;
type On = { readonly [K in ForUnits['kind']]: (message: Extract<ForUnits, { kind: K }>) => void };

/** The thread's side of the protocol: starts units, hands them their messages, and tells how they end. */
export class ThreadHost {
  readonly #host: Host;
  readonly #units = new Map<number, TaskUnit | ConnectorUnit>();
  readonly #waiting = new Map<number, Waiting>();
  readonly #contexts = new AsyncLocalStorage<number>();
  readonly #close: () => void;
  #requests = 0;

  constructor(host: Omit<Host, 'ask'>, close: () => void) {
    // What is common to all belongs to no run, whoever needs it first.
    const plugins = () => this.#contexts.exit(() => host.plugins());
    this.#host = { ...host, plugins, ask: (run, question) => this.#ask(run, question) };
    this.#close = close;
  }

  receive(message: ForUnits): void {
    // The table is complete by type; its lookup loses which message belongs to which function.
    const act = () => (this.#on[message.kind] as (message: ForUnits) => void)(message);
    if ('run' in message) this.#enter(message.run, act);
    else act();
  }

  /** The run whose code runs now, as far as that can be told; it is carried along timers, I/O and promises. */
  get current(): number | undefined {
    return this.#contexts.getStore();
  }

  /** An error that nobody caught fails the unit whose code raised it; `false` when that cannot be told. */
  uncaught(error: unknown): boolean {
    const run = this.current;
    if (run === undefined) return false;
    const why = error instanceof Error ? error.message : String(error);
    if (this.#units.has(run)) this.#failed(run, workerErrors.UNCAUGHT({ why }, error));
    else this.#host.log.warn({ error }, 'a plugin threw after its task had ended');
    return true;
  }

  readonly #on: On = {
    start: ({ run, unit }) => this.#start(run, unit),
    pause: ({ run, reason }) => this.#task(run)?.pause(reason),
    resume: ({ run, reason }) => this.#task(run)?.resume(reason),
    stop: ({ run, deadlineMs }) => this.#units.get(run)?.stop(deadlineMs),
    cancel: ({ run }) => this.#forget(run)?.cancel(),
    assign: ({ run, ...assignment }) => this.#task(run)?.assign(assignment),
    answer: ({ request, result }) => {
      this.#waiting.get(request)?.resolve(result);
      this.#waiting.delete(request);
    },
    close: () => this.#close(),
  };

  /** Whatever a message makes the code of a run do belongs to that run: a stop calls what its plugin does when it is closed. */
  #enter(run: number, act: () => void): void {
    this.#host.pulse.enter(run);
    this.#contexts.run(run, act);
  }

  #start(run: number, unit: Unit): void {
    const options = { run, host: this.#host, ended: () => this.#ended(run), failed: (error: unknown) => this.#failed(run, error) };
    const started = unit.kind === 'task' ? new TaskUnit(unit, options) : new ConnectorUnit(unit, options);
    this.#units.set(run, started);
    started.start();
  }

  #task(run: number): TaskUnit | undefined {
    const unit = this.#units.get(run);
    return unit instanceof TaskUnit ? unit : undefined;
  }

  #forget(run: number): TaskUnit | ConnectorUnit | undefined {
    const unit = this.#units.get(run);
    this.#units.delete(run);
    for (const [request, waiting] of this.#waiting) if (waiting.run === run) this.#waiting.delete(request);
    return unit;
  }

  #ended(run: number): void {
    if (this.#forget(run)) this.#host.tell({ kind: 'ended', run });
  }

  #failed(run: number, error: unknown): void {
    const unit = this.#forget(run);
    if (unit === undefined) return;
    this.#host.tell({ kind: 'failed', run, fault: faultOf(error) });
    unit.cancel();
  }

  #ask(run: number, question: OffsetQuestion): Promise<OffsetAnswer> {
    const request = ++this.#requests;
    return new Promise((resolve) => {
      this.#waiting.set(request, { run, resolve });
      this.#host.tell({ kind: 'ask', run, request, question });
    });
  }
}
