import { createWriteStream, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Admin, partitionKey } from '../../src/kafka/driver.ts';
import type { Broker } from '../integration/kafka/broker.ts';
import { type Child, startSluice } from './child.ts';
import { type Delivered, delivered } from './delivered.ts';
import { numberedLines } from './numbered-lines.ts';

export type Victim = 'worker' | 'broker';

export interface WorkerRound {
  /** Records in the topic when the kill came, and lines in the file. */
  readonly atKill: { readonly produced: number; readonly written: number };
  readonly end: Delivered;
  /** Records that came twice into the topic, and those that came twice from there into the file. */
  readonly repeated: { readonly source: number; readonly sink: number };
  readonly exitCode: number | null;
  /** What the worker said in the end. */
  readonly said: string;
}

export interface WorkerRoundOptions {
  readonly root: string;
  readonly folder: string;
  readonly broker: Broker;
  readonly admin: Admin;
  readonly topic: string;
  readonly lines: number;
  readonly victim: Victim;
}

const partitions = 2;
/** An output that does not grow for so long will not be complete any more: longer than a session and a broker's start. */
const quietMs = 15_000;
const deadlineMs = 60_000;

/** One kill of a standalone worker or of its broker, in the middle of file → topic → file; both go on afterwards, and what arrived is counted. */
export async function workerRound(options: WorkerRoundOptions): Promise<WorkerRound> {
  const { folder, broker, admin, topic, lines, victim } = options;
  const [input, output] = [join(folder, 'in.txt'), join(folder, 'out.txt')];
  await pipeline(Readable.from(numberedLines(lines)), createWriteStream(input));
  await admin.createTopics([{ name: topic, partitions }]);
  const command = ['standalone', ...settings(options, input, output)];

  let worker = startSluice(options.root, command);
  const goal = statSync(input).size * (0.02 + 0.68 * Math.random());
  await until(worker, () => sizeOf(output) >= goal);
  const produced = await recordsIn(admin, topic);
  if (victim === 'worker') {
    await worker.end('SIGKILL');
    worker = startSluice(options.root, command);
  } else {
    await broker.kill();
    await sleep(1_000 * Math.random());
    await broker.start();
  }
  const written = (await delivered(output, lines)).lines;
  await complete(worker, output, lines);
  const exitCode = await worker.end('SIGINT');
  const end = await delivered(output, lines);
  const inTopic = await recordsIn(admin, topic);
  await admin.deleteTopics([topic]);
  return {
    atKill: { produced, written },
    end,
    repeated: { source: inTopic - lines, sink: end.lines - end.torn - inTopic },
    exitCode,
    said: worker.said(),
  };
}

/** Offsets are stored all the time while records are under way; a member that was killed is given up soon. */
function settings({ folder, broker, topic }: WorkerRoundOptions, input: string, output: string): readonly string[] {
  const string = 'org.apache.kafka.connect.storage.StringConverter';
  const files = {
    'worker.properties': {
      'bootstrap.servers': broker.bootstrap,
      'key.converter': string,
      'value.converter': string,
      'offset.storage.file.filename': join(folder, 'offsets'),
      'offset.flush.interval.ms': 20,
      listeners: 'http://127.0.0.1:0',
      'consumer.session.timeout.ms': 1_500,
      'consumer.heartbeat.interval.ms': 200,
    },
    'in.properties': { name: topic, 'connector.class': 'FileStreamSource', file: input, topic },
    'out.properties': { name: `${topic}-out`, 'connector.class': 'FileStreamSink', file: output, topics: topic, 'tasks.max': partitions },
  };
  return Object.entries(files).map(([name, properties]) => {
    const file = join(folder, name);
    const text = Object.entries(properties).map(([key, value]) => `${key}=${value}\n`);
    writeFileSync(file, text.join(''));
    return file;
  });
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

async function recordsIn(admin: Admin, topic: string): Promise<number> {
  const all = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));
  const ends = await admin.offsets(all, 'latest');
  return all.reduce((sum, partition) => sum + (ends.get(partitionKey(partition)) ?? 0), 0);
}

const check = (worker: Child): void => {
  const { exitCode } = worker.process;
  if (exitCode !== null) throw new Error(`the worker ended by itself with ${exitCode}:\n${worker.said()}`);
};

async function until(worker: Child, holds: () => boolean): Promise<void> {
  for (const start = performance.now(); !holds(); await sleep(2)) {
    check(worker);
    if (performance.now() - start > deadlineMs) throw new Error(`the worker does not get there in ${deadlineMs} ms:\n${worker.said()}`);
  }
}

/** Resolves when every line is there, or when the output has stopped growing without it. */
async function complete(worker: Child, output: string, lines: number): Promise<void> {
  let [size, since] = [-1, performance.now()];
  while (performance.now() - since < quietMs) {
    check(worker);
    await sleep(100);
    const now = sizeOf(output);
    if (now !== size) [size, since] = [now, performance.now()];
    else if ((await delivered(output, lines)).missing === 0) return;
  }
}
