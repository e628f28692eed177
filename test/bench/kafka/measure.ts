import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Figures, type Job, RECORD_BYTES } from './job.ts';

const run = promisify(execFile);
const clientFile = fileURLToPath(new URL('client.ts', import.meta.url));

/** Figures of a client for Node. What Node and the modules take to start is not in them; what the JIT compiles is. */
export async function measureNode(client: string, job: Job): Promise<Figures> {
  const { stdout } = await run(process.execPath, [
    '--conditions=source',
    ...process.execArgv.filter(isProfile),
    clientFile,
    client,
    JSON.stringify(job),
  ]);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Figures;
}

const isProfile = (argument: string): boolean => argument.startsWith('--cpu-prof');

export interface JavaClient {
  readonly jars: string;
  readonly jvm: readonly string[];
  readonly produce: readonly string[];
  readonly consume: readonly string[];
}

/** Time and CPU time of Kafka's own performance tools, less those of a run of the same tool with one record. */
export async function measureJava(client: JavaClient, job: Job): Promise<Figures> {
  const start = await toolFigures(client, { ...job, records: 1 });
  const all = await toolFigures(client, job);
  return { seconds: all.seconds - start.seconds, cpuSeconds: all.cpuSeconds - start.cpuSeconds, rssBytes: undefined };
}

async function toolFigures({ jars, jvm, ...settings }: JavaClient, job: Job): Promise<Figures> {
  const tool = job.task === 'produce' ? producerTool(job, settings.produce) : consumerTool(job, settings.consume);
  // The shell tells the CPU time of its child, which Node does not.
  const timed = 'TIMEFORMAT="times %R %U %S"; time java "$@"';
  const { stderr, stdout } = await run('bash', ['-c', timed, 'bash', ...jvm, ...tool], {
    env: { ...process.env, CLASSPATH: jars, LC_ALL: 'C.UTF-8' },
    maxBuffer: 64 * 1024 * 1024,
  });
  const [, real, user, system] = /^times (\S+) (\S+) (\S+)$/m.exec(stderr) ?? [];
  if (real === undefined || /exception/i.test(stdout + stderr)) throw new Error(`${tool.join(' ')}: ${stdout}${stderr}`);
  return { seconds: Number(real), cpuSeconds: Number(user) + Number(system), rssBytes: undefined };
}

const producerTool = ({ topic, records, payloads, bootstrap, idempotent, compression }: Job, settings: readonly string[]): string[] => [
  'org.apache.kafka.tools.ProducerPerformance',
  ...['--topic', topic, '--num-records', String(records), '--throughput', '-1', '--payload-file', payloads],
  ...['--command-property', `bootstrap.servers=${bootstrap}`, 'acks=all', `enable.idempotence=${idempotent}`],
  ...[`compression.type=${compression}`, ...settings],
];

const consumerTool = ({ topic, records, bootstrap }: Job, settings: readonly string[]): string[] => [
  'org.apache.kafka.tools.ConsumerPerformance',
  ...['--topic', topic, '--num-records', String(records), '--bootstrap-server', bootstrap, '--fetch-size', String(1024 * 1024)],
  ...settings.flatMap((setting) => ['--command-property', setting]),
];

/** Lines of JSON that compress as such lines do, all of the same size. */
export function payloadLines(count: number): string {
  let text = '';
  for (let i = 0; i < count; i++) {
    const line = `{"id":${100_000_000 + ((i * 7_919_111) % 900_000_000)},"user":"u-${(i * 104_729) % 100_000}","action":"${actions[i % 5]}","cents":${(i * 31_337) % 99_999},"note":"`;
    text += `${line.padEnd(RECORD_BYTES - 2, 'lorem ipsum dolor sit amet, consectetur').slice(0, RECORD_BYTES - 2)}"}\n`;
  }
  return text;
}

const actions = ['view', 'search', 'add-to-cart', 'checkout', 'refund'];
