/**
 * What a worker of the built package costs before it does anything: start to the first answer, memory, and memory of further threads, each with an
 * idle task. Run: npm run build && npm run bench -- start [starts]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRunning } from './connect/rest.ts';
import { usageOf } from './connect/usage.ts';
import { median } from './kafka/table.ts';
import { idleConnector, startStandalone } from './standalone.ts';

const MOST_MS = 600;
const MOST_MB = 110;
const MOST_MB_A_THREAD = 25;
/** V8 gives back what a start took once nothing has happened for a while. */
const SETTLE_MS = 10_000;
const THREADS = 5;

export async function startBench(starts = '10'): Promise<boolean> {
  const home = await mkdtemp(join(tmpdir(), 'sluice-bench-start-'));
  try {
    const ready: number[] = [];
    const cpu: number[] = [];
    // The first one compiles what the others find compiled.
    for (let i = 0; i <= Number(starts); i++) {
      const worker = await startStandalone(home);
      if (i > 0) {
        ready.push(worker.readyMs);
        cpu.push(worker.readyCpuSeconds);
      }
      await worker.stop();
    }
    console.log(`start to the first answer: ${median(ready).toFixed(0)} ms, ${median(cpu).toFixed(2)} CPU s (medians of ${starts})`);
    const { idleMb, mbAThread } = await memory(home);
    return median(ready) <= MOST_MS && idleMb <= MOST_MB && mbAThread <= MOST_MB_A_THREAD;
  } finally {
    await rm(home, { recursive: true });
  }
}

async function memory(home: string) {
  const worker = await startStandalone(home, { 'task.threads': String(THREADS + 1) });
  await sleep(SETTLE_MS);
  const idle = usageOf(worker.pid);
  console.log(`without connectors: RSS ${idle.rssMb.toFixed(0)} MB, of which ${idle.anonMb.toFixed(0)} MB are its own`);
  // The first task brings the thread that looks at configs too.
  const add = async (name: string) => {
    const file = join(home, `${name}.txt`);
    await writeFile(file, 'a line\n');
    await createRunning(worker.url, name, idleConnector('source', file));
  };
  await add('first');
  await sleep(SETTLE_MS);
  const one = usageOf(worker.pid);
  for (let i = 0; i < THREADS; i++) await add(`further-${i}`);
  await sleep(SETTLE_MS);
  const mbAThread = (usageOf(worker.pid).rssMb - one.rssMb) / THREADS;
  console.log(`with one task: RSS ${one.rssMb.toFixed(0)} MB; a further thread with a task: ${mbAThread.toFixed(1)} MB`);
  await worker.stop();
  return { idleMb: idle.rssMb, mbAThread };
}
