/**
 * Stalls a sink behind a fast source: nobody reads the worker's standard output for a while. Memory must stay bounded meanwhile, and
 * everything must arrive in order afterwards; once straight from file to sink, once through a topic.
 *
 * `npm run chaos:stall -- --seconds 60`
 */
import { createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { connectors } from '../../src/cli/quickstart/connectors.ts';
import { anonymousMiB, type Child, startChild } from './child.ts';
import { lineOf, numberedLines } from './numbered-lines.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' }, lines: { type: 'string', default: '4000000' } } });
const seconds = Number(values.seconds);
const lines = Number(values.lines);
/** A small heap, so that what is measured is what is held, not garbage that nobody needed to collect yet. */
const smallHeap = ['--max-old-space-size=128', '--max-semi-space-size=8'];
/** Anonymous memory of the whole process, Node.js included. A worker that does not wait for its sink would hold the input, which is far more. */
const limitMiB = 200;
/** For all lines to arrive once the sink moves again. */
const deadlineMs = 120_000;

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sluice-stall-'));
const input = join(folder, 'in.txt');

try {
  await pipeline(Readable.from(numberedLines(lines)), createWriteStream(input));
  const inputMiB = statSync(input).size / 2 ** 20;
  if (inputMiB < 1.5 * limitMiB)
    throw new Error(`an input of ${inputMiB.toFixed(0)} MiB proves nothing against a limit of ${limitMiB} MiB`);
  for (const [route, documents] of Object.entries(routes(input))) await stalled(route, documents);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Straight from file to standard output, and by way of a topic. */
function routes(file: string): Readonly<Record<string, readonly object[]>> {
  const { source, sink } = connectors(file, '');
  const straight = {
    name: 'straight',
    nodes: [
      { kind: 'source', name: 'in', plugin: 'file', config: { file, topic: 'lines' } },
      { kind: 'sink', name: 'out', plugin: 'file' },
    ],
  };
  return { straight: [straight], 'through a topic': [source, sink] };
}

async function stalled(route: string, documents: readonly object[]): Promise<void> {
  const files = documents.map((document, i) => {
    const path = join(folder, `${route}-${i}.json`);
    writeFileSync(path, JSON.stringify(document));
    return path;
  });
  const child = startChild({ root, data: join(folder, route), files, node: smallHeap });
  const peak = await peakMiB(child, seconds);
  await arrives(child);
  const code = await child.end('SIGINT');
  console.log(`${route}: stalled for ${seconds} s with ${peak.toFixed(0)} MiB at most, then all ${lines} lines arrived in order`);
  if (peak > limitMiB) throw new Error(`memory grew to ${peak.toFixed(0)} MiB while the sink stood still (limit ${limitMiB} MiB)`);
  if (code !== 130) throw new Error(`the worker ended with ${code} after SIGINT:\n${child.said()}`);
}

async function peakMiB({ process: { pid = 0 }, said }: Child, forSeconds: number): Promise<number> {
  let peak = 0;
  for (const end = performance.now() + forSeconds * 1_000; performance.now() < end; await sleep(50)) {
    const now = anonymousMiB(pid);
    if (now === undefined) throw new Error(`the worker ended by itself:\n${said()}`);
    peak = Math.max(peak, now);
  }
  return peak;
}

/** Reads the worker's standard output until every line was there once, in order. */
async function arrives({ process: child, said }: Child): Promise<void> {
  const deadline = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
  let [rest, next] = ['', 0];
  for await (const chunk of child.stdout?.setEncoding('latin1') ?? []) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) {
      if (line !== lineOf(next)) throw new Error(`line ${next} is expected, ${JSON.stringify(line)} came`);
      next++;
    }
    if (next === lines) return clearTimeout(deadline);
  }
  throw new Error(`standard output ended after ${next} of ${lines} lines:\n${said()}`);
}
