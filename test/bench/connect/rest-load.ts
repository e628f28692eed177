/**
 * REST under load while a task runs at full speed, Sluice beside real Kafka Connect: requests come at a fixed rate whatever the answers take
 * (open loop), for `/connectors?expand=status&expand=info` of many connectors, while file → Kafka runs again and again.
 *
 * Run: npm run build && npm run bench -- rest-load [--seconds 60] [--per-second 100] [--connectors 200] [--records 1_000_000]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openKafka } from '../../../src/kafka/index.ts';
import { startBroker } from '../../integration/kafka/broker.ts';
import { BUSY_JVM } from '../../integration/kafka/java.ts';
import { allContenders } from './contenders.ts';
import { writeLines } from './lines.ts';
import { type Bench, fileToTopic } from './measure.ts';
import { createStopped } from './rest.ts';
import { type Lines, sourceJobs } from './rows.ts';
import { type Contender, type RunningWorker, startWorker } from './worker.ts';

interface Load {
  readonly seconds: number;
  readonly perSecond: number;
  readonly connectors: number;
}

/** What the requests came to. */
interface Answers {
  readonly sent: number;
  readonly errors: number;
  /** Milliseconds from when a request was due to the end of its answer, in ascending order. */
  readonly took: readonly number[];
}

export async function restLoad(...args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '60' },
      'per-second': { type: 'string', default: '100' },
      connectors: { type: 'string', default: '200' },
      records: { type: 'string', default: '1_000_000' },
    },
  });
  const whole = (text: string) => Number(text.replaceAll('_', ''));
  const load = { seconds: whole(values.seconds), perSecond: whole(values['per-second']), connectors: whole(values.connectors) };
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-rest-'));
  const broker = await startBroker({ jvm: { heap: '1g', jvm: BUSY_JVM } });
  const driver = await openKafka({ bootstrap: broker.bootstrap });
  let errors = 0;
  try {
    const lines = await writeLines(join(folder, 'lines.txt'), whole(values.records));
    const bench = { driver, admin: await driver.admin(), folder, records: lines.count };
    const contenders = (await allContenders(folder)).filter(({ name }) => name === 'Sluice' || name === 'Connect');
    for (const contender of contenders.reverse()) errors += await measured(bench, contender, broker.bootstrap, load, lines);
  } finally {
    await driver.close();
    await broker.close();
    await rm(folder, { recursive: true });
  }
  return errors === 0;
}

/** Prints a line; answers with the number of requests of Sluice that failed. */
async function measured(bench: Bench, contender: Contender, bootstrap: string, load: Load, lines: Lines): Promise<number> {
  const worker = await startWorker(contender, bootstrap, bench.folder);
  const idle = { 'connector.class': 'FileStreamSource', file: lines.file, topic: 'nothing' };
  for (let i = 0; i < load.connectors; i++) await createStopped(worker.url, `idle-${i}`, idle);
  const moving = () => moveFor(bench, worker, contender, lines, load.seconds);
  const alone = await moving();
  const [under, answers] = await Promise.all([moving(), request(worker, load)]);
  await worker.stop();
  const at = (part: number) => (answers.took[Math.floor(answers.took.length * part)] ?? Number.NaN).toFixed(1);
  console.log(
    `${contender.name}: ${answers.sent} requests, ${answers.errors} errors; p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(0.9999)} ms; ` +
      `CPU s per million records ${alone.toFixed(2)} without requests, ${under.toFixed(2)} with (${(under / alone).toFixed(2)} times)`,
  );
  return contender.name === 'Sluice' ? answers.errors : 0;
}

/** Moves the lines again and again; CPU seconds of the worker for a million. */
async function moveFor(bench: Bench, worker: RunningWorker, contender: Contender, lines: Lines, seconds: number): Promise<number> {
  const [job] = sourceJobs;
  if (job === undefined) throw new Error('there is a job');
  const until = performance.now() + seconds * 1_000;
  const figures: number[] = [];
  while (performance.now() < until) figures.push((await fileToTopic(bench, worker, contender, job, lines)).cpuPerMillion);
  return figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
}

async function request({ url }: RunningWorker, { seconds, perSecond, connectors }: Load): Promise<Answers> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const took: number[] = [];
  let errors = 0;
  const pending: Promise<void>[] = [];
  const start = performance.now();
  for (let n = 0; n < seconds * perSecond; n++) {
    const due = start + (n * 1_000) / perSecond;
    if (due > performance.now()) await sleep(due - performance.now());
    const answered = bodyOf(`${url}/connectors?expand=status&expand=info`, agent).then(
      (body) => {
        took.push(performance.now() - due);
        if (Object.keys(JSON.parse(body) as object).length < connectors) errors++;
      },
      () => {
        errors++;
      },
    );
    pending.push(answered);
  }
  await Promise.all(pending);
  agent.destroy();
  return { sent: pending.length, errors, took: took.sort((a, b) => a - b) };
}

function bodyOf(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('error', reject).on('end', () => (response.statusCode === 200 ? resolve(body) : reject(new Error(body))));
    }).on('error', reject);
  });
}
