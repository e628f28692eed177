import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withArchive } from './class-archive.ts';

const run = promisify(execFile);
const log4j = fileURLToPath(new URL('log4j2.properties', import.meta.url));
const logging = `-Dlog4j2.configurationFile=${log4j}`;
/** Quick to start rather than quick to run: the tests send little. */
const JVM = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto', logging];
/** Quick to run, as Kafka's own scripts start it. */
export const BUSY_JVM = ['-server', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20', '-Xshare:auto', logging];

/** The class path goes in the environment, so that an error message stays readable. */
const environment = (jars: string) => ({ ...process.env, CLASSPATH: jars, LC_ALL: 'C.UTF-8' });

export interface JvmOptions {
  /** Default: 512m. */
  readonly heap?: string;
  /** Options of the JVM, in the place of those for tests. */
  readonly jvm?: readonly string[];
  /** Options that use or make an archive of classes. Default: the archive, where there is one. */
  readonly archive?: readonly string[];
}

const parameters = (jars: string, options: JvmOptions, main: string, args: readonly string[]): string[] => [
  ...(options.jvm ?? JVM),
  ...(options.archive ?? withArchive(jars)),
  `-Xmx${options.heap ?? '512m'}`,
  main,
  ...args,
];

/** What a command line tool of Kafka prints. Rejects when it fails. */
export async function runTool(jars: string, main: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run('java', parameters(jars, { heap: '256m' }, main, args), {
    env: environment(jars),
    maxBuffer: 256 * 1024 * 1024,
  });
  return stdout;
}

/** A JVM that is running: its last output, and its end. It does not outlive this process. */
export class JavaProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #output = '';

  constructor(jars: string, main: string, args: readonly string[], options: JvmOptions = {}) {
    const child = spawn('java', parameters(jars, options, main, args), { env: environment(jars), stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (chunk: Buffer) => {
      this.#output = (this.#output + chunk.toString()).slice(-64 * 1024);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const killed = () => child.kill('SIGKILL');
    process.once('exit', killed);
    this.#child = child;
    this.#ended = once(child, 'close').finally(() => process.off('exit', killed));
  }

  get output(): string {
    return this.#output;
  }

  /** Resolves when the output holds this text; rejects with the output when the process ends before. */
  async says(text: string, withinMs: number): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (!this.#output.includes(text)) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) throw new Error(`it ended: ${this.#output}`);
      if (Date.now() > deadline) throw new Error(`it did not say "${text}" within ${withinMs} ms: ${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Stands still, its connections open, until it goes on. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child.kill('SIGCONT');
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    this.#child.kill(signal);
    await this.#ended;
  }
}
