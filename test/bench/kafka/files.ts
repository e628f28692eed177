/**
 * The quickstart on a real broker: lines of a file → topic → file, both files compared; records a second, CPU seconds per million, memory.
 *
 * Run: npm run bench -- kafka-files [--lines 10000000]
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { startBroker } from '../../integration/kafka/broker.ts';
import { BUSY_JVM } from '../../integration/kafka/java.ts';

const run = promisify(execFile);
const sluice = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url));
/** CPU seconds per million lines: a quarter of what Kafka Connect takes to a topic, and as much less from it. */
const most: Readonly<Record<string, number>> = { 'file → topic': 1.6, 'topic → file': 0.85 };

export async function kafkaFiles(...args: string[]): Promise<boolean> {
  const { values } = parseArgs({ args, options: { lines: { type: 'string', default: '10000000' } } });
  const data = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  const broker = await startBroker({ jvm: { heap: '1g', jvm: BUSY_JVM } });
  try {
    const quickstart = ['quickstart', '--bootstrap', broker.bootstrap, '--lines', values.lines, '--data', data];
    const { stdout } = await run(process.execPath, ['--conditions=source', sluice, ...quickstart]);
    console.log(stdout);
    return Object.entries(most).every(([way, bound]) => withinBound(stdout, way, bound));
  } finally {
    await broker.close();
    await rm(data, { recursive: true });
  }
}

function withinBound(report: string, way: string, bound: number): boolean {
  const [, cpu] = new RegExp(`^${way} .* ([\\d.]+) CPU seconds per million`, 'm').exec(report) ?? [];
  if (cpu === undefined) throw new Error(`Nothing is said of ${way}: ${report}`);
  if (Number(cpu) > bound) console.log(`missed: ${way} takes ${cpu} CPU seconds per million, and is to take ${bound}`);
  return Number(cpu) <= bound;
}
