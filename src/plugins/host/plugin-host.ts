import { Worker } from 'node:worker_threads';
import { pluginErrors } from '../../errors/plugins.ts';
import { RestError } from '../../errors/rest-error.ts';
import type { FromHost, HostSettings, ModuleFailure, Question, QuestionKind, Questions } from './questions.ts';

export interface PluginHostOptions extends Omit<HostSettings, 'leftOut'> {
  /** How long an answer may take, and the import of a module. Default: 60,000. */
  readonly timeoutMs?: number;
  /** After how long without questions the thread is ended. Default: 60,000. */
  readonly idleMs?: number;
  /** A module was left out; told with each thread that tries it again. */
  leftOut?(failure: ModuleFailure): void;
}

interface Pending {
  readonly id: number;
  readonly question: Question;
  timer: NodeJS.Timeout | undefined;
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/** What a thread may take to start, on a busy machine: longer than anything else here. */
const startMs = 60_000;

/**
 * Everything that third-party code is asked apart from running it: definitions, validation, offsets. It runs on one thread, which is started
 * with the first question, ended when there are none for a while, and replaced when it hangs or falls.
 */
export class PluginHost {
  readonly #options: PluginHostOptions;
  /** Asked, and not answered yet. */
  readonly #pending = new Map<number, Pending>();
  /** Asked one after another, because one of them may have brought a thread down. */
  #suspects: Pending[] = [];
  readonly #leftOut: ModuleFailure[] = [];
  #worker: Worker | undefined;
  #importing: string | undefined;
  #ready = false;
  #starting: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;
  #ids = 0;

  constructor(options: PluginHostOptions) {
    this.#options = options;
  }

  /** Rejects with a `RestError` when the question is refused, or when nothing is heard for too long. */
  ask<K extends QuestionKind>(kind: K, asked: Questions[K]['ask']): Promise<Questions[K]['answer']> {
    return new Promise<unknown>((resolve, reject) => {
      const question = { kind, ...asked } as unknown as Question;
      const pending: Pending = { id: ++this.#ids, question, timer: undefined, resolve, reject };
      if (this.#suspects.length > 0) this.#suspects.push(pending);
      else this.#send(pending);
    }) as Promise<Questions[K]['answer']>;
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#take();
    const asked = [...this.#drain(), ...this.#suspects.splice(0)];
    for (const pending of asked) pending.reject(new RestError(500, 'The worker is shutting down.'));
    await worker?.terminate();
  }

  get #timeoutMs(): number {
    return this.#options.timeoutMs ?? 60_000;
  }

  #send(pending: Pending): void {
    clearTimeout(this.#idle);
    this.#pending.set(pending.id, pending);
    try {
      this.#worker ??= this.#start();
      if (this.#ready) this.#limit(pending);
      this.#worker.postMessage({ id: pending.id, question: pending.question });
    } catch (error) {
      this.#settle(pending.id);
      pending.reject(new RestError(500, notAsked(pending.question, error), error));
    }
  }

  /** Time counts once the thread can answer: what others do to it before is not the question's fault. */
  #limit(pending: Pending): void {
    clearTimeout(pending.timer);
    pending.timer = setTimeout(() => this.#late(pending), this.#timeoutMs);
    pending.timer.unref();
  }

  #start(): Worker {
    const { properties, mode, modules } = this.#options;
    const workerData: HostSettings = { properties, mode, modules, leftOut: this.#leftOut };
    const worker = new Worker(entry, { workerData, name: 'sluice-plugins', ...(fromSource ? { execArgv } : {}) });
    // Plugins that know of threads may send what is none of ours.
    worker.on('message', (message: FromHost | null | undefined) => {
      if (this.#worker === worker && message?.kind !== undefined) this.#told(message);
    });
    worker.on('error', (error) => this.#lost(worker, error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => this.#lost(worker, `it ended with code ${code}`));
    // Who asks keeps the process alive; the thread alone does not.
    worker.unref();
    this.#mustBeReady(startMs);
    return worker;
  }

  #mustBeReady(withinMs: number): void {
    clearTimeout(this.#starting);
    this.#starting = setTimeout(() => this.#replace('it blocked its thread'), withinMs);
    this.#starting.unref();
  }

  #told(message: FromHost): void {
    if (message.kind === 'importing') this.#imports(message.module);
    else if (message.kind === 'left-out') this.#options.leftOut?.(message.failure);
    else {
      const pending = this.#settle(message.id);
      if (message.kind === 'answer') pending?.resolve(message.answer);
      else pending?.reject(new RestError(message.status, message.message));
      this.#next();
    }
  }

  #imports(module: string | undefined): void {
    this.#importing = module;
    if (module !== undefined) this.#mustBeReady(this.#timeoutMs);
    else {
      clearTimeout(this.#starting);
      this.#ready = true;
      for (const pending of this.#pending.values()) this.#limit(pending);
    }
  }

  /** Nothing is known of what the thread does: another one answers the other questions. */
  #late(pending: Pending): void {
    this.#settle(pending.id);
    pending.reject(new RestError(500, pluginErrors.NO_ANSWER({ question: nameOf(pending.question), waitedMs: this.#timeoutMs }).message));
    this.#replace('it blocked its thread');
  }

  /** A module that was being imported is not tried again. */
  #replace(why: string): void {
    const importing = this.#importing;
    const worker = this.#take();
    if (importing !== undefined) this.#leaveOut(importing, why);
    for (const pending of this.#drain()) this.#send(pending);
    this.#next();
    void worker?.terminate();
  }

  #lost(worker: Worker, why: string): void {
    if (this.#worker !== worker) return;
    if (this.#importing !== undefined) {
      this.#replace(`it ended its thread: ${why}`);
      return;
    }
    this.#take();
    const [first, ...others] = this.#drain();
    if (others.length > 0 && first !== undefined) this.#suspects.push(first, ...others);
    else first?.reject(new RestError(500, pluginErrors.HOST_LOST({ question: nameOf(first.question), why }).message));
    this.#next();
  }

  /** Asks the next of those that are asked alone; without any, the thread may rest. */
  #next(): void {
    while (this.#pending.size === 0 && this.#suspects[0] !== undefined) {
      const [suspect, ...others] = this.#suspects;
      this.#suspects = others;
      this.#send(suspect);
    }
    if (this.#pending.size === 0 && this.#worker !== undefined) {
      clearTimeout(this.#idle);
      this.#idle = setTimeout(() => void this.#take()?.terminate(), this.#options.idleMs ?? 60_000);
      this.#idle.unref();
    }
  }

  #leaveOut(module: string, why: string): void {
    const failure = { module, why: pluginErrors.NO_MODULE({ module, why }).message };
    this.#leftOut.push(failure);
    this.#options.leftOut?.(failure);
  }

  #take(): Worker | undefined {
    const worker = this.#worker;
    clearTimeout(this.#starting);
    this.#worker = undefined;
    this.#importing = undefined;
    this.#ready = false;
    return worker;
  }

  #drain(): readonly Pending[] {
    return [...this.#pending.keys()].flatMap((id) => this.#settle(id) ?? []);
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    clearTimeout(pending?.timer);
    this.#pending.delete(id);
    return pending;
  }
}

const fromSource = import.meta.url.endsWith('.ts');
const entry = new URL(fromSource ? './entry.ts' : './entry.js', import.meta.url);
const execArgv = ['--conditions=source', '--disable-warning=ExperimentalWarning'];

/** The system refuses another thread, or the question cannot be sent. */
const notAsked = (question: Question, error: unknown): string =>
  pluginErrors.NO_THREAD({ question: nameOf(question), why: error instanceof Error ? error.message : String(error) }).message;

function nameOf(question: Question): string {
  if ('config' in question) return `The plugin of connector ${String(question.config['name'])}`;
  return question.kind === 'keys' ? `The plugin ${question.name}` : 'The plugin host';
}
