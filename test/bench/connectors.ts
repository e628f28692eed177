/**
 * What many connectors cost that have nothing to do: one task each, on the embedded broker. Run: npm run build && npm run bench -- connectors
 * [--count 2000] [--kind source|sink]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createRunning } from './connect/rest.ts';
import { cpuSecondsOf, usageOf } from './connect/usage.ts';
import type { RunningWorker } from './connect/worker.ts';
import { idleConnector, startStandalone } from './standalone.ts';

const AT_A_TIME = 8;
const IDLE_SECONDS = 10;
/** V8 gives garbage back to the system after some seconds of quiet. */
const SETTLE_MS = 15_000;
const MOST_KB_A_TASK = 100;
const MOST_IDLE_PERCENT = 5;

export async function connectorsBench(...args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: { count: { type: 'string', default: '2000' }, kind: { type: 'string', default: 'source' } },
  });
  const count = Number(values.count.replaceAll('_', ''));
  const home = await mkdtemp(join(tmpdir(), 'sluice-bench-connectors-'));
  const start = () => startStandalone(home);
  try {
    const worker = await start();
    // The first ones bring threads, plugins and the topic with them, which are not the price of a connector.
    for (const kind of ['source', 'sink']) await createRunning(worker.url, `first-${kind}`, await configOf(kind, home, `first-${kind}`));
    await sleep(SETTLE_MS);
    const before = usageOf(worker.pid);
    const createMs = await timed(() => createAll(worker, values.kind, home, count));
    await sleep(SETTLE_MS);
    const kbATask = ((usageOf(worker.pid).anonMb - before.anonMb) * 1024) / count;
    const idlePercent = await idleCpu(worker);
    const listMs = await timed(async () => (await fetch(`${worker.url}/connectors?expand=status&expand=info`)).text());
    console.log(
      `${count} ${values.kind} connectors: created in ${seconds(createMs)}, ${kbATask.toFixed(0)} KB a task, ${idlePercent.toFixed(1)} % of a core while idle`,
    );
    console.log(`GET /connectors with status and info: ${listMs.toFixed(0)} ms`);
    console.log(`stop: ${seconds(await worker.stop())}`);
    const again = await start();
    const runningMs = await timed(() => allRun(again, count));
    console.log(
      `start again: REST after ${seconds(again.readyMs)}, all tasks run after ${seconds(again.readyMs + runningMs)}, ${cpuSecondsOf(again.pid).toFixed(1)} CPU s`,
    );
    await again.stop();
    return kbATask <= MOST_KB_A_TASK && idlePercent <= MOST_IDLE_PERCENT;
  } finally {
    await rm(home, { recursive: true });
  }
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function configOf(kind: string, home: string, name: string): Promise<Record<string, string>> {
  const file = join(home, `${name}.txt`);
  if (kind === 'source') await writeFile(file, 'a line\n');
  return idleConnector(kind, file);
}

async function createAll({ url }: RunningWorker, kind: string, home: string, count: number): Promise<void> {
  let next = 0;
  const some = async () => {
    while (next < count) {
      const name = `connector-${next++}`;
      await createRunning(url, name, await configOf(kind, home, name));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, some));
}

async function idleCpu({ pid }: RunningWorker): Promise<number> {
  const before = cpuSecondsOf(pid);
  await sleep(IDLE_SECONDS * 1_000);
  return ((cpuSecondsOf(pid) - before) / IDLE_SECONDS) * 100;
}

type Statuses = Readonly<Record<string, { readonly status: { readonly tasks: readonly { readonly state: string }[] } }>>;

async function allRun({ url }: RunningWorker, count: number): Promise<void> {
  for (;;) {
    const all = (await (await fetch(`${url}/connectors?expand=status`)).json()) as Statuses;
    const running = Object.values(all).filter(({ status }) => status.tasks.length === 1 && status.tasks[0]?.state === 'RUNNING');
    if (running.length === count + 2) return;
    await sleep(100);
  }
}
