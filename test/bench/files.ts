/**
 * The quickstart, whose files are compared, with bounds: lines of a file → topic → file, on the embedded broker or on a real one.
 *
 * Run: npm run bench -- files [--lines 10000000], npm run bench -- kafka-files [--lines 10000000]
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { startBroker } from '../integration/kafka/broker.ts';
import { BUSY_JVM } from '../integration/kafka/java.ts';

const run = promisify(execFile);
const sluice = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

/** A quarter of what Kafka Connect takes: of its CPU time each way, and of the 2.1 GB that it has for the way to a topic. */
const bounds = [
  { most: 1.6, unit: 'CPU seconds per million lines, file → topic', told: /^file → topic .* ([\d.]+) CPU seconds per million/m },
  { most: 0.85, unit: 'CPU seconds per million lines, topic → file', told: /^topic → file .* ([\d.]+) CPU seconds per million/m },
  { most: 512, unit: 'MB of memory at most (RSS)', told: /^memory +([\d.]+) MB at most/m },
];

export async function embeddedFiles(...args: string[]): Promise<boolean> {
  return await carry(args, []);
}

export async function kafkaFiles(...args: string[]): Promise<boolean> {
  const broker = await startBroker({ jvm: { heap: '1g', jvm: BUSY_JVM } });
  try {
    return await carry(args, ['--bootstrap', broker.bootstrap]);
  } finally {
    await broker.close();
  }
}

async function carry(args: string[], at: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({ args, options: { lines: { type: 'string', default: '10000000' } } });
  const data = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  try {
    const { stdout } = await run(process.execPath, [
      ...['--conditions=source', sluice, 'quickstart', '--lines', values.lines, '--data', data],
      ...at,
    ]);
    console.log(stdout);
    return bounds.filter((bound) => !held(stdout, bound)).length === 0;
  } finally {
    await rm(data, { recursive: true });
  }
}

function held(report: string, { most, unit, told }: (typeof bounds)[number]): boolean {
  const [, figure] = told.exec(report) ?? [];
  if (figure === undefined) throw new Error(`Nothing is said of ${unit}: ${report}`);
  if (Number(figure) > most) console.log(`missed: ${figure} ${unit}, and is to be ${most}`);
  return Number(figure) <= most;
}
