import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../../integration/kafka/free-ports.ts';
import { renderProperties } from '../../integration/kafka/render-properties.ts';
import { cpuSecondsOf } from './usage.ts';

/** A way of running connectors: what is started, and with which settings. */
export interface Contender {
  readonly name: string;
  /** Of the worker, beside those that all have. */
  readonly settings: Readonly<Record<string, string>>;
  /** Of each connector. */
  readonly source: Readonly<Record<string, string>>;
  /** The same again, to see how far two runs of one thing differ. */
  readonly repeats?: string;
  command(workerFile: string): Command;
}

interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

export interface RunningWorker {
  readonly pid: number;
  readonly url: string;
  /** From the start of the process to its first answer to `GET /connectors`, and what it used by then. */
  readonly readyMs: number;
  readonly readyCpuSeconds: number;
  /** Asks it to end, and answers with the milliseconds that took. */
  stop(): Promise<number>;
}

const READY_WITHIN_MS = 120_000;
const ASK_EVERY_MS = 5;

/** Starts a worker on the brokers and waits until its REST answers. */
export async function startWorker(contender: Contender, bootstrap: string, folder: string): Promise<RunningWorker> {
  const home = join(folder, `${contender.name.replaceAll(/\W+/g, '-')}-${Date.now()}`);
  await mkdir(home);
  const url = await freeUrl();
  const file = join(home, 'worker.properties');
  await writeFile(file, renderProperties({ ...commonSettings(bootstrap, url, home), ...contender.settings }));
  return startProcess(contender.command(file), url, home);
}

export async function freeUrl(): Promise<string> {
  const [port = 0] = await freePorts(1);
  return `http://127.0.0.1:${port}`;
}

/** Starts the process of a worker and waits until its REST answers. It does not outlive this process. */
export async function startProcess({ file, args, env }: Command, url: string, home: string): Promise<RunningWorker> {
  const started = performance.now();
  const child = spawn(file, [...args], { cwd: home, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createWriteStream(join(home, 'worker.log'));
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const closed = once(child, 'close').finally(() => process.off('exit', kill));
  const { pid = 0 } = child;
  await answers(url, child, home);
  const readyMs = performance.now() - started;
  return {
    pid,
    url,
    readyMs,
    readyCpuSeconds: cpuSecondsOf(pid),
    async stop() {
      const asked = performance.now();
      child.kill('SIGTERM');
      await closed;
      return performance.now() - asked;
    },
  };
}

async function answers(url: string, child: ChildProcess, home: string): Promise<void> {
  const until = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const answer = await fetch(`${url}/connectors`).catch(() => undefined);
    if (answer?.ok) return;
    if (child.exitCode !== null || performance.now() > until) throw new Error(`the worker is not ready: see ${join(home, 'worker.log')}`);
    await sleep(ASK_EVERY_MS);
  }
}

/** As the properties file that comes with Kafka, with texts instead of JSON. */
const commonSettings = (bootstrap: string, url: string, home: string): Record<string, string> => ({
  'bootstrap.servers': bootstrap,
  listeners: url,
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'offset.storage.file.filename': join(home, 'offsets'),
  'offset.flush.interval.ms': '10000',
});
