import { Worker } from 'node:worker_threads';
import type { AboutRun, FromThread, ThreadSettings, ToThread } from './messages.ts';
import { Pulse } from './pulse.ts';

/** Why a thread is no longer there, or soon will not be. */
export type Loss =
  | { readonly kind: 'blocked'; readonly silentMs: number }
  | { readonly kind: 'memory' }
  | { readonly kind: 'crash'; readonly why: string };

export interface PoolThreadOptions {
  readonly settings: Omit<ThreadSettings, 'pulse' | 'beatMs'>;
  /** Most megabytes of its heap; `undefined`: Node's own limit. */
  readonly heapMb: number | undefined;
  readonly livenessMs: number;
  told(message: AboutRun): void;
  log(line: string): void;
  /** Once. */
  lost(loss: Loss): void;
}

/** Looks at the pulse in one interval of liveness. */
const looks = 4;
const closeMs = 5_000;

/** One thread: what it is sent, what it says, and whether it lives. */
export class PoolThread {
  readonly #worker: Worker;
  readonly #options: PoolThreadOptions;
  readonly #pulse = new Pulse();
  #watch: NodeJS.Timeout | undefined;
  /** Its standard input, once it looks at it. */
  #lent: NodeJS.WritableStream | undefined;
  #gone = false;

  constructor(options: PoolThreadOptions) {
    this.#options = options;
    const beatMs = Math.max(10, Math.min(1_000, options.livenessMs / looks / 2));
    const workerData: ThreadSettings = { ...options.settings, pulse: this.#pulse.memory, beatMs };
    this.#worker = new Worker(entry, {
      workerData,
      name: 'sluice-task',
      stdin: true,
      ...(fromSource ? { execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'] } : {}),
      ...(options.heapMb === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: options.heapMb } }),
    });
    // Plugins that know of threads may send what is none of ours.
    this.#worker.on('message', (message: FromThread | null | undefined) => {
      if (message?.kind !== undefined) this.#receive(message);
    });
    this.#worker.on('error', (error) => this.#lose(lossOf(error)));
    this.#worker.on('exit', (code) => this.#lose({ kind: 'crash', why: `it exited with code ${code}` }));
  }

  /** The run whose code was entered last. */
  get entered(): number {
    return this.#pulse.entered;
  }

  post(message: ToThread): void {
    if (!this.#gone) this.#worker.postMessage(message);
  }

  /** Ends when it has heard of it, or soon: it has nothing to do any more. */
  close(): void {
    this.post({ kind: 'close' });
    this.#leave();
    setTimeout(() => void this.#worker.terminate(), closeMs).unref();
  }

  /** Ends at once, also what blocks. */
  async terminate(): Promise<void> {
    this.#leave();
    await this.#worker.terminate();
  }

  #receive(message: FromThread): void {
    if (this.#gone) return;
    if (message.kind === 'log') this.#options.log(message.line);
    else if (message.kind === 'ready') this.#watchOver();
    else if (message.kind === 'stdin') this.#lendStandardInput();
    else this.#options.told(message);
  }

  /** Counts looks, not time: while this thread was held up itself, nobody is to blame. */
  #watchOver(): void {
    const { livenessMs } = this.#options;
    let seen = this.#pulse.beats;
    let silent = 0;
    this.#watch = setInterval(() => {
      const { beats } = this.#pulse;
      silent = beats === seen ? silent + 1 : 0;
      seen = beats;
      if (silent >= looks) this.#lose({ kind: 'blocked', silentMs: livenessMs });
    }, livenessMs / looks);
    this.#watch.unref();
  }

  /** What the process is given, as long as the thread lives; a stream that nobody reads does not keep the process alive. */
  #lendStandardInput(): void {
    const { stdin } = this.#worker;
    if (stdin !== null) process.stdin.pipe(stdin);
    this.#lent = stdin ?? undefined;
  }

  #lose(loss: Loss): void {
    if (this.#gone) return;
    this.#leave();
    this.#options.lost(loss);
  }

  #leave(): void {
    this.#gone = true;
    clearInterval(this.#watch);
    if (this.#lent) process.stdin.unpipe(this.#lent);
  }
}

const fromSource = import.meta.url.endsWith('.ts');
const entry = new URL(fromSource ? './thread/entry.ts' : './thread/entry.js', import.meta.url);

function lossOf(error: unknown): Loss {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') return { kind: 'memory' };
  return { kind: 'crash', why: error instanceof Error ? error.message : String(error) };
}
