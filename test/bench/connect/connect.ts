/**
 * Sluice beside real Kafka Connect: the same connectors on the same broker and data, in turns, each worker a process of its own.
 *
 * Run: npm run build && npm run bench -- connect [--rounds 3] [--records 1_000_000] [--only start,source,sink,chain,latency,lifecycle]
 * [--contenders Connect,Sluice] [--keep FILE] [--record [--note TEXT]]. `--keep` adds to what earlier runs have measured; `--record` writes the table to README.md.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openKafka } from '../../../src/kafka/index.ts';
import { startBroker } from '../../integration/kafka/broker.ts';
import { BUSY_JVM } from '../../integration/kafka/java.ts';
import { allContenders } from './contenders.ts';
import { fillTopics, writeLines } from './lines.ts';
import { recordTable } from './record-table.ts';
import { type Figures, missed, table } from './report.ts';
import { parts, Round } from './round.ts';
import type { Contender } from './worker.ts';

export async function connectBench(...args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '3' },
      records: { type: 'string', default: '1_000_000' },
      only: { type: 'string', default: parts.join(',') },
      contenders: { type: 'string', default: '' },
      keep: { type: 'string' },
      record: { type: 'boolean', default: false },
      note: { type: 'string', default: '' },
    },
  });
  const whole = (text: string) => Number(text.replaceAll('_', ''));
  const figures = earlier(values.keep);
  if (whole(values.rounds) > 0) {
    const only = values.only.split(',');
    await measure({
      rounds: whole(values.rounds),
      records: whole(values.records),
      only,
      named: values.contenders,
      figures,
      keep: values.keep,
    });
  }
  console.log(table(figures));
  if (values.record) recordTable(table(figures), figures, values.note);
  const misses = missed(figures);
  for (const miss of misses) console.log(`missed: ${miss}`);
  return misses.length === 0;
}

/** Names are separated by `;`, since some have a comma. */
const isNamed = (named: string) => (contender: Contender) => named === '' || named.split(';').includes(contender.name);

type Growing = Record<string, Record<string, number[]>>;

const earlier = (file: string | undefined): Growing =>
  file !== undefined && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Growing) : {};

function add(figures: Growing, name: string, measured: ReadonlyMap<string, number>): void {
  const rows = figures[name] ?? {};
  figures[name] = rows;
  for (const [row, value] of measured) rows[row] = [...(rows[row] ?? []), value];
}

interface Run {
  readonly rounds: number;
  readonly records: number;
  readonly only: readonly string[];
  readonly named: string;
  readonly figures: Growing;
  readonly keep: string | undefined;
}

async function measure({ rounds, records, only, named, figures, keep }: Run): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-connect-'));
  const broker = await startBroker({ jvm: { heap: '1g', jvm: BUSY_JVM } });
  const driver = await openKafka({ bootstrap: broker.bootstrap });
  try {
    const admin = await driver.admin();
    const lines = await writeLines(join(folder, 'lines.txt'), records);
    const warm = await writeLines(join(folder, 'warm.txt'), Math.ceil(records / 5));
    if (only.includes('sink') || only.includes('chain')) await fillTopics(driver, admin, records);
    const bench = { driver, admin, folder, records };
    const contenders = (await allContenders(folder)).filter(isNamed(named));
    for (let round = 0; round < rounds; round++) {
      for (const contender of contenders) {
        const measured = await new Round(bench, contender, { lines, warm, only }).run(broker.bootstrap);
        add(figures, contender.name, measured);
        console.error(
          `round ${round + 1}: ${contender.name}: ${[...measured].map(([row, value]) => `${row} ${value.toFixed(2)}`).join('; ')}`,
        );
        if (keep !== undefined) writeFileSync(keep, JSON.stringify(figures satisfies Figures));
      }
    }
  } finally {
    await driver.close();
    await broker.close();
    await rm(folder, { recursive: true });
  }
}
