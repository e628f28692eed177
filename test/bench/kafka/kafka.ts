/**
 * What writing to and reading from a real broker costs, beside kafkajs, @platformatic/kafka and Kafka's own performance tools, all on the same broker
 * in the same run: records of 100 bytes, acks all, a topic of four partitions. Each client runs alone in a process of its own, in turns.
 *
 * Run: npm run bench -- kafka [--records 1000000] [--rounds 3] [--only "produce; produce, lz4"] [--clients ours,kafkajs] [--record]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openKafka } from '../../../src/kafka/index.ts';
import { type Broker, startBroker } from '../../integration/kafka/broker.ts';
import { classpath } from '../../integration/kafka/classpath.ts';
import { BUSY_JVM } from '../../integration/kafka/java.ts';
import { record } from '../record.ts';
import type { Figures, Job } from './job.ts';
import { measureNode, payloadLines } from './measure.ts';
import { type Competitor, competitors, type Scenario, scenarios } from './scenario.ts';
import { judge, type Measured, median, table, withTables } from './table.ts';

const PARTITIONS = 4;

interface Bench {
  readonly broker: Broker;
  readonly payloads: string;
  readonly records: number;
  readonly rounds: number;
  readonly clients: readonly Competitor[];
}

export async function kafka(...args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      records: { type: 'string', default: '1000000' },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string', default: '' },
      clients: { type: 'string', default: '' },
      record: { type: 'boolean', default: false },
    },
  });
  const only = values.only.split(';').map((name) => name.trim());
  const wanted = scenarios.filter(({ name }) => values.only === '' || only.includes(name));
  if (wanted.length === 0) throw new Error(`Nothing is named ${values.only}. Name of: ${scenarios.map(({ name }) => name).join('; ')}`);
  const named = values.clients === '' ? undefined : values.clients.split(',');
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  const payloads = join(folder, 'payloads.txt');
  await writeFile(payloads, payloadLines(2_000));
  const broker = await startBroker({ jvm: { heap: '1g', jvm: BUSY_JVM } });
  const clients = competitors(await classpath(broker.version)).filter(({ name }) => named?.includes(name) ?? true);
  const bench: Bench = { broker, payloads, clients, records: Number(values.records), rounds: Number(values.rounds) };
  let held = true;
  const tables: string[] = [];
  try {
    for (const scenario of wanted) {
      const measured = await compare(bench, scenario);
      tables.push(table(scenario.name, bench, measured));
      console.log(`\n${tables.at(-1)}`);
      held = judge(scenario.task, measured) && held;
    }
  } finally {
    await broker.close();
    await rm(folder, { recursive: true });
  }
  if (values.record) record('kafka', (before) => withTables(before, tables));
  return held;
}

async function compare(bench: Bench, scenario: Scenario): Promise<readonly Measured[]> {
  const filled = scenario.task === 'consume' ? await filledTopic(bench, scenario) : undefined;
  const best = new Map<Competitor, number>();
  for (const client of bench.clients) best.set(client, await bestPerSend(bench, scenario, client, filled));
  const figures = new Map<Competitor, Figures[]>(bench.clients.map((client) => [client, []]));
  for (let round = 0; round < bench.rounds; round++)
    for (const client of bench.clients)
      figures.get(client)?.push(await once(bench, scenario, client, best.get(client) ?? 1_000, bench.records, filled));
  if (filled !== undefined) await deleteTopic(bench, filled);
  return [...figures].map(([client, all]) => ({
    name: client.perSend.length > 1 && filled === undefined ? `${client.name}, ${best.get(client)} a send` : client.name,
    seconds: median(all.map(({ seconds }) => seconds)),
    cpuPerMillion: (median(all.map(({ cpuSeconds }) => cpuSeconds)) * 1e6) / bench.records,
    rssBytes: all[0]?.rssBytes === undefined ? undefined : median(all.map(({ rssBytes = 0 }) => rssBytes)),
  }));
}

async function bestPerSend(bench: Bench, scenario: Scenario, client: Competitor, filled: string | undefined): Promise<number> {
  let [best, least] = [client.perSend[0] ?? 1_000, Number.POSITIVE_INFINITY];
  if (client.perSend.length === 1 || filled !== undefined) return best;
  for (const perSend of client.perSend) {
    const { cpuSeconds } = await once(bench, scenario, client, perSend, Math.ceil(bench.records / 4), filled);
    if (cpuSeconds < least) [best, least] = [perSend, cpuSeconds];
  }
  return best;
}

async function once(
  bench: Bench,
  scenario: Scenario,
  client: Competitor,
  perSend: number,
  records: number,
  filled: string | undefined,
): Promise<Figures> {
  const topic = filled ?? (await newTopic(bench));
  const figures = await client.measure(jobOf(bench, scenario, { topic, perSend, records }));
  if (filled === undefined) await deleteTopic(bench, topic);
  return figures;
}

const jobOf = (
  { broker: { bootstrap }, payloads }: Bench,
  { task, idempotent, compression }: Scenario,
  own: Pick<Job, 'topic' | 'perSend' | 'records'>,
): Job => ({ task, idempotent, compression, bootstrap, payloads, partitions: PARTITIONS, ...own });

/** A topic with what consumers are to read. */
async function filledTopic(bench: Bench, scenario: Scenario): Promise<string> {
  const topic = await newTopic(bench);
  await measureNode('ours', jobOf(bench, { ...scenario, task: 'produce' }, { topic, perSend: 1_000, records: bench.records }));
  return topic;
}

let topics = 0;

async function newTopic({ broker: { bootstrap } }: Bench): Promise<string> {
  const driver = await openKafka({ bootstrap });
  const name = `bench-${topics++}`;
  await (await driver.admin()).createTopics([{ name, partitions: PARTITIONS }]);
  await driver.close();
  return name;
}

async function deleteTopic({ broker: { bootstrap } }: Bench, topic: string): Promise<void> {
  const driver = await openKafka({ bootstrap });
  await (await driver.admin()).deleteTopics([topic]);
  await driver.close();
}
