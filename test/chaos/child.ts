import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Child {
  readonly process: ChildProcess;
  /** Sends a signal and waits for the end; answers the exit code, `null` when the signal itself ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** What it said on standard error so far. */
  readonly said: () => string;
}

export interface ChildOptions {
  /** Checkout (or a patched copy of one) whose sources run. */
  readonly root: string;
  readonly data: string;
  /** What `sluice run` is given. */
  readonly files: readonly string[];
  /** Options for Node.js itself. */
  readonly node?: readonly string[];
}

/** Starts `sluice run` in a process of its own. */
export const startChild = ({ root, data, files, node = [] }: ChildOptions): Child =>
  startSluice(root, ['run', ...files, '--data', data], node);

/** Starts `sluice` in a process of its own. Its standard output is a pipe that nobody reads unless the caller does. */
export function startSluice(root: string, command: readonly string[], node: readonly string[] = []): Child {
  const args = [...node, '--conditions=source', join(root, 'src/cli/main.js'), ...command];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = once(child, 'exit');
  return {
    process: child,
    said: () => said,
    async end(signal) {
      child.kill(signal);
      const [code] = await ended;
      return code as number | null;
    },
  };
}

/** Memory of a process that is not backed by files, in MiB; `undefined` once it is gone. */
export function anonymousMiB(pid: number): number | undefined {
  try {
    const [, kib] = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kib === undefined ? undefined : Number(kib) / 1024;
  } catch {
    return undefined;
  }
}
