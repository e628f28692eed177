import { createWriteStream, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectors, topic } from '../../src/cli/quickstart/connectors.ts';
import { fromConnect } from '../../src/graph/from-connect.ts';
import { partitionKey } from '../../src/kafka/driver.ts';
import { openEmbedded } from '../../src/kafka/embedded/open-embedded.ts';
import { PluginRegistry } from '../../src/plugins/registry.ts';
import { type Child, startChild } from './child.ts';
import { type Delivered, delivered } from './delivered.ts';
import { numberedLines } from './numbered-lines.ts';

export interface Round {
  readonly atKill: {
    /** Records in the topic, and lines in the file. */
    readonly produced: number;
    readonly written: number;
    /** Source and sink were both between their first and their last record. */
    readonly inFlight: boolean;
  };
  /** After the second run. */
  readonly end: Delivered;
  /** Records that came twice into the topic, and those that came twice from there into the file. */
  readonly repeated: { readonly source: number; readonly sink: number };
  readonly exitCode: number | null;
}

/** Often, so that offsets are stored all the time while records are under way. */
const commitIntervalMs = 20;
/** An output that does not grow for so long will not be complete any more. */
const quietMs = 10_000;
const deadlineMs = 60_000;

/** One kill: starts a worker on `lines` lines, kills it somewhere on the way, starts it again and counts what arrived in the end. */
export async function killRound({ root, folder, lines }: { root: string; folder: string; lines: number }): Promise<Round> {
  const [input, output, data] = [join(folder, 'in.txt'), join(folder, 'out.txt'), join(folder, 'data')];
  await pipeline(Readable.from(numberedLines(lines)), createWriteStream(input));
  const options = { root, data, files: documents(folder, input, output) };

  const first = startChild(options);
  const goal = statSync(input).size * (0.02 + 0.68 * Math.random());
  await until(first, () => sizeOf(output) >= goal);
  await first.end('SIGKILL');
  const written = (await delivered(output, lines)).lines;
  const produced = await recordsIn(data);

  const second = startChild(options);
  await complete(second, output, lines);
  const exitCode = await second.end('SIGINT');
  const end = await delivered(output, lines);
  const inTopic = await recordsIn(data);
  return {
    atKill: { produced, written, inFlight: between(produced, lines) && between(written, lines) },
    end,
    repeated: { source: inTopic - lines, sink: end.lines - end.torn - inTopic },
    exitCode,
  };
}

/** The quickstart's connectors as pipeline documents that commit often. */
function documents(folder: string, input: string, output: string): readonly string[] {
  const plugins = new PluginRegistry();
  return Object.entries(connectors(input, output)).map(([name, config]) => {
    const worker = { 'offset.flush.interval.ms': commitIntervalMs };
    const { spec } = fromConnect(config, { worker, plugins });
    const file = join(folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(spec));
    return file;
  });
}

const between = (count: number, total: number): boolean => count > 0 && count < total;

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

async function recordsIn(dataDir: string): Promise<number> {
  const driver = await openEmbedded({ dataDir, readOnly: true });
  const admin = await driver.admin();
  const partition = { topic, partition: 0 };
  const next = (await admin.offsets([partition], 'latest')).get(partitionKey(partition)) ?? 0;
  await driver.close();
  return next;
}

async function until(child: Child, holds: () => boolean): Promise<void> {
  for (const start = performance.now(); !holds(); await sleep(2)) {
    if (child.process.exitCode !== null) throw new Error(`the worker ended by itself with ${child.process.exitCode}:\n${child.said()}`);
    if (performance.now() - start > deadlineMs) throw new Error(`the worker does not get there in ${deadlineMs} ms:\n${child.said()}`);
  }
}

/** Resolves when every line is there, or when the output has stopped growing without it. */
async function complete(child: Child, output: string, lines: number): Promise<void> {
  let [size, since] = [-1, performance.now()];
  while (performance.now() - since < quietMs) {
    if (child.process.exitCode !== null) throw new Error(`the worker ended by itself with ${child.process.exitCode}:\n${child.said()}`);
    await sleep(100);
    const now = sizeOf(output);
    if (now === size) {
      if ((await delivered(output, lines)).missing === 0) return;
    } else [size, since] = [now, performance.now()];
  }
}
