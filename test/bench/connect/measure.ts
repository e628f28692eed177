import { createReadStream, statSync } from 'node:fs';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Driver, TopicPartition } from '../../../src/kafka/driver.ts';
import { createRunning, remove } from './rest.ts';
import type { Lines, SinkJob, SourceJob } from './rows.ts';
import { busySeconds, cpuSecondsOf, threadSecondsOf, usageOf } from './usage.ts';
import type { Contender, RunningWorker } from './worker.ts';

export interface Bench {
  readonly driver: Driver;
  readonly admin: Admin;
  readonly folder: string;
  readonly records: number;
}

/** What moving records took. */
export interface Moved {
  readonly cpuPerMillion: number;
  readonly perSecond: number;
}

/** What moving records from a topic took. */
export interface Drained extends Moved {
  /** Once it is under way, as on a machine that has nothing to do but this: the time that broker and strangers took of the cores is left out. */
  readonly alonePerSecond: number;
}

interface Look {
  readonly at: number;
  readonly worker: number;
  readonly threads: ReadonlyMap<string, number>;
  readonly busy: number;
}

const CORES = 2;
/** Before it, tasks may still be joining their group. */
const UNDER_WAY = 1 / 5;
const SETTLE_MS = 3_000;
const STUCK_MS = 120_000;
let made = 0;

/** Memory and CPU of a worker that has nothing to do. */
export async function idle({ pid }: RunningWorker, seconds: number) {
  await sleep(SETTLE_MS);
  const before = cpuSecondsOf(pid);
  await sleep(seconds * 1_000);
  const { rssMb, anonMb, cpuSeconds } = usageOf(pid);
  return { rssMb, anonMb, cpuPercent: ((cpuSeconds - before) / seconds) * 100 };
}

export async function fileToTopic(bench: Bench, worker: RunningWorker, contender: Contender, job: SourceJob, lines: Lines): Promise<Moved> {
  const name = `source-${made++}`;
  await bench.admin.createTopics([{ name, partitions: 1 }]);
  const config = { 'connector.class': 'FileStreamSource', file: lines.file, topic: name, ...job.config, ...contender.source };
  const moved = await move(worker, lines.count, async () => {
    await createRunning(worker.url, name, config);
    await until(name, async () => (await recordsIn(bench.admin, name)) >= lines.count);
  });
  await remove(worker.url, name);
  const found = await recordsIn(bench.admin, name);
  if (found !== lines.count) throw new Error(`${contender.name}: ${found} records for ${lines.count} lines`);
  await bench.admin.deleteTopics([name]);
  return moved;
}

export async function topicToFile(bench: Bench, worker: RunningWorker, contender: Contender, job: SinkJob, lines: Lines): Promise<Drained> {
  const name = `sink-${made++}`;
  const file = join(bench.folder, `${name}.txt`);
  const config = { 'connector.class': 'FileStreamSink', file, topics: job.topic, 'tasks.max': String(job.tasks), ...job.config };
  const bytes = lines.count * job.lineBytes;
  await writeFile(file, '');
  const size = () => statSync(file).size;
  let left = 0;
  let begun = look(worker);
  const moved = await move(worker, lines.count, async () => {
    await createRunning(worker.url, name, config);
    await until(name, async () => size() >= bytes * UNDER_WAY);
    begun = look(worker);
    left = bytes - size();
    await until(name, async () => size() >= bytes);
  });
  const alonePerSecond = (lines.count * left) / bytes / aloneSeconds(begun, look(worker));
  await remove(worker.url, name);
  const found = await linesIn(file);
  if (found !== lines.count) throw new Error(`${contender.name}: ${found} lines for ${lines.count} records`);
  await rm(file);
  return { ...moved, alonePerSecond };
}

async function move(worker: RunningWorker, records: number, work: () => Promise<void>): Promise<Moved> {
  const before = look(worker);
  await work();
  const after = look(worker);
  return { cpuPerMillion: ((after.worker - before.worker) * 1e6) / records, perSecond: (records * 1_000) / (after.at - before.at) };
}

const look = ({ pid }: RunningWorker): Look => ({
  at: performance.now(),
  worker: cpuSecondsOf(pid),
  threads: threadSecondsOf(pid),
  busy: busySeconds(),
});

/**
 * What the worker would have taken with the cores to itself.
 *
 * What others did on cores that it left free anyway took nothing from it; and no work is done sooner than its busiest thread can do it.
 */
function aloneSeconds(before: Look, after: Look): number {
  const seconds = (after.at - before.at) / 1_000;
  const cpuSeconds = after.worker - before.worker;
  const others = after.busy - before.busy - cpuSeconds;
  const lost = Math.max(0, Math.min(others, cpuSeconds + others - (CORES - 1) * seconds)) / CORES;
  const busiest = Math.max(...[...after.threads].map(([thread, used]) => used - (before.threads.get(thread) ?? 0)));
  return Math.max(seconds - lost, busiest);
}

async function until(name: string, holds: () => Promise<boolean>): Promise<void> {
  const stuck = performance.now() + STUCK_MS;
  while (!(await holds())) {
    if (performance.now() > stuck) throw new Error(`${name} does not come to its end`);
    await sleep(20);
  }
}

async function recordsIn(admin: Admin, topic: string): Promise<number> {
  const [description] = await admin.describeTopics([topic]);
  const partitions: TopicPartition[] = (description?.partitions ?? []).map(({ partition }) => ({ topic, partition }));
  const ends = await admin.offsets(partitions, 'latest');
  return [...ends.values()].reduce((sum, end) => sum + end, 0);
}

async function linesIn(file: string): Promise<number> {
  let count = 0;
  for await (const chunk of createReadStream(file)) for (const byte of chunk as Buffer) if (byte === 10) count++;
  return count;
}

/** Milliseconds from a line's being written to its record's being read from the topic, one for each line. */
export async function latencies(bench: Bench, worker: RunningWorker, contender: Contender, count: number): Promise<readonly number[]> {
  const name = `latency-${made++}`;
  const file = join(bench.folder, `${name}.txt`);
  await writeFile(file, '');
  await bench.admin.createTopics([{ name, partitions: 1 }]);
  await createRunning(worker.url, name, { 'connector.class': 'FileStreamSource', file, topic: name, ...contender.source });
  const consumer = await bench.driver.consumer({
    source: { mode: 'assign', partitions: [{ topic: name, partition: 0 }] },
    reset: 'earliest',
  });
  const written: number[] = [];
  const took: number[] = [];
  const reading = (async () => {
    while (took.length < count) {
      const batch = await consumer.next();
      for (const { value } of batch.records) took.push(performance.now() - (written[Number(Buffer.from(value ?? []).toString())] ?? 0));
      batch.release();
    }
  })();
  for (let line = 0; line < count; line++) {
    // At any time between two looks of a source that looks now and then.
    await sleep(150 + Math.random() * 250);
    written.push(performance.now());
    await appendFile(file, `${line}\n`);
  }
  await reading;
  await consumer.close();
  await remove(worker.url, name);
  return took;
}

/** Milliseconds from asking for a connector to its running, and those of its removal. */
export async function lifecycles(bench: Bench, worker: RunningWorker, contender: Contender, { file }: Lines, count: number) {
  const topic = `lives-${made++}`;
  await bench.admin.createTopics([{ name: topic, partitions: 1 }]);
  const running: number[] = [];
  const removal: number[] = [];
  for (let i = 0; i < count; i++) {
    const name = `life-${made++}`;
    running.push(await createRunning(worker.url, name, { 'connector.class': 'FileStreamSource', file, topic, ...contender.source }));
    removal.push(await remove(worker.url, name));
  }
  return { running, removal };
}
