import { Worker } from 'node:worker_threads';
import { pluginErrors } from '../../errors/plugins.ts';
import { RestError } from '../../errors/rest-error.ts';
import type { FromHost, HostSettings, ModuleFailure, Question, QuestionKind, Questions } from './questions.ts';

export interface PluginHostOptions extends Omit<HostSettings, 'leftOut'> {
  /** How long an answer may take. Default: 60,000. */
  readonly timeoutMs?: number;
  /** After how long without questions the thread is ended. Default: 60,000. */
  readonly idleMs?: number;
  /** A module was left out; told with each thread that tries it again. */
  leftOut?(failure: ModuleFailure): void;
}

interface Pending {
  readonly id: number;
  readonly question: Question;
  /** Threads that were lost while it was asked. */
  lost: number;
  timer: NodeJS.Timeout | undefined;
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/** How often a question is asked again when the thread went down with it: it may have been another one's fault. */
const mostLosses = 2;

/**
 * Everything that third-party code is asked apart from running it: definitions, validation, offsets. It runs on one thread, which is started
 * with the first question, ended when there are none for a while, and replaced when it hangs or falls.
 */
export class PluginHost {
  readonly #options: PluginHostOptions;
  readonly #pending = new Map<number, Pending>();
  readonly #leftOut: ModuleFailure[] = [];
  #worker: Worker | undefined;
  #importing: string | undefined;
  #idle: NodeJS.Timeout | undefined;
  #ids = 0;

  constructor(options: PluginHostOptions) {
    this.#options = options;
  }

  /** Rejects with a `RestError` when the question is refused, or when nothing is heard for too long. */
  ask<K extends QuestionKind>(kind: K, asked: Questions[K]['ask']): Promise<Questions[K]['answer']> {
    return new Promise<unknown>((resolve, reject) => {
      const question = { kind, ...asked } as unknown as Question;
      this.#send({ id: ++this.#ids, question, lost: 0, timer: undefined, resolve, reject });
    }) as Promise<Questions[K]['answer']>;
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#take();
    for (const pending of this.#drain()) pending.reject(new RestError(500, 'The worker is shutting down.'));
    await worker?.terminate();
  }

  #send(pending: Pending): void {
    clearTimeout(this.#idle);
    this.#pending.set(pending.id, pending);
    const { timeoutMs = 60_000 } = this.#options;
    pending.timer = setTimeout(() => this.#late(pending, timeoutMs), timeoutMs);
    pending.timer.unref();
    this.#worker ??= this.#start();
    this.#worker.postMessage({ id: pending.id, question: pending.question });
  }

  #start(): Worker {
    const { properties, mode, modules } = this.#options;
    const workerData: HostSettings = { properties, mode, modules, leftOut: this.#leftOut };
    const worker = new Worker(entry, { workerData, name: 'sluice-plugins', ...(fromSource ? { execArgv } : {}) });
    worker.on('message', (message: FromHost) => this.#worker === worker && this.#told(message));
    worker.on('error', (error) => this.#lost(worker, error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => this.#lost(worker, `it ended with code ${code}`));
    // A question keeps the process alive by itself; the thread does not.
    worker.unref();
    return worker;
  }

  #told(message: FromHost): void {
    if (message.kind === 'importing') {
      this.#importing = message.module;
      return;
    }
    if (message.kind === 'left-out') {
      this.#options.leftOut?.(message.failure);
      return;
    }
    const pending = this.#settle(message.id);
    if (message.kind === 'answer') pending?.resolve(message.answer);
    else pending?.reject(new RestError(message.status, message.message));
    if (this.#pending.size > 0) return;
    this.#idle = setTimeout(() => void this.#take()?.terminate(), this.#options.idleMs ?? 60_000);
    this.#idle.unref();
  }

  /** Nothing is known of what the thread does: another one answers the other questions. */
  #late(pending: Pending, waitedMs: number): void {
    const importing = this.#importing;
    const worker = this.#take();
    if (importing === undefined) {
      this.#settle(pending.id);
      pending.reject(new RestError(500, pluginErrors.NO_ANSWER({ question: nameOf(pending.question), waitedMs }).message));
    } else this.#leaveOut(importing, 'it blocked its thread');
    for (const other of this.#drain()) this.#send(other);
    void worker?.terminate();
  }

  #lost(worker: Worker, why: string): void {
    if (this.#worker !== worker) return;
    const importing = this.#importing;
    this.#take();
    if (importing !== undefined) {
      this.#leaveOut(importing, `it ended its thread: ${why}`);
    }
    for (const pending of this.#drain()) {
      if (importing === undefined && ++pending.lost >= mostLosses) {
        pending.reject(new RestError(500, pluginErrors.HOST_LOST({ question: nameOf(pending.question), why }).message));
      } else this.#send(pending);
    }
  }

  /** Later threads do not try it again. */
  #leaveOut(module: string, why: string): void {
    const failure = { module, why: pluginErrors.NO_MODULE({ module, why }).message };
    this.#leftOut.push(failure);
    this.#options.leftOut?.(failure);
  }

  #take(): Worker | undefined {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#importing = undefined;
    return worker;
  }

  #drain(): readonly Pending[] {
    const all = [...this.#pending.keys()].flatMap((id) => this.#settle(id) ?? []);
    return all;
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

function nameOf(question: Question): string {
  if ('config' in question) return `The plugin of connector ${String(question.config['name'])}`;
  return question.kind === 'keys' ? `The plugin ${question.name}` : 'The plugin host';
}
