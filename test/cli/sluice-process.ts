import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

/** A folder of files, and the `sluice` processes that run in it. */
export class SluiceFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'sluice-process-'));
  readonly #running: SluiceProcess[] = [];

  run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): SluiceProcess {
    const sluice = new SluiceProcess(args, this.path, environment);
    this.#running.push(sluice);
    return sluice;
  }

  write(name: string, content: string): string {
    const file = join(this.path, name);
    writeFileSync(file, content);
    return file;
  }

  /** Kills what still runs, and removes the folder. */
  async remove(): Promise<void> {
    for (const { child, ended } of this.#running) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(this.path, { recursive: true });
  }
}

/** A `sluice` process: what it said so far, and its end. */
class SluiceProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  stdout = '';
  stderr = '';

  constructor(args: readonly string[], folder: string, environment: Readonly<Record<string, string>>) {
    this.child = spawn(process.execPath, ['--conditions=source', main, ...args], { cwd: folder, env: { ...process.env, ...environment } });
    for (const name of ['stdout', 'stderr'] as const) {
      this.child[name]?.setEncoding('utf8').on('data', (text: string) => {
        this[name] += text;
      });
    }
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
  }

  /** The URL of its REST, once it is up. */
  async url(): Promise<string> {
    await until(() => this.stderr.includes('REST on ') || this.child.exitCode !== null);
    const url = /REST on (\S+);/.exec(this.stderr)?.[1];
    if (url === undefined) throw new Error(`it did not start: ${this.stderr}`);
    return url;
  }
}

export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}
