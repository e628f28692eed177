import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { classpath } from '../integration/kafka/classpath.ts';

/** A transformation or predicate with its settings, without prefixes. */
export interface JavaPlugin {
  readonly type: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** Work for Connect's own classes. */
export interface JavaCase {
  readonly name: string;
  /** What JsonConverter reads, one text a record. */
  readonly texts: readonly string[];
  readonly schemas: boolean;
  /** Whether each record is decoded and encoded; else only the stages count. */
  readonly converts: boolean;
  readonly stages: ReadonlyArray<JavaPlugin & { readonly predicate?: JavaPlugin }>;
}

const source = fileURLToPath(new URL('java/TransformBench.java', import.meta.url));
const log4j = fileURLToPath(new URL('../integration/kafka/log4j2.properties', import.meta.url));

/** What Connect's scripts give to its JVM. */
const flagsOfConnect = '-Xms256M -Xmx2G -server -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35'.split(' ');

/** CPU nanoseconds per record of each case; nothing, with a word why, where there is no JDK or no Maven. */
export async function javaCosts(cases: readonly JavaCase[]): Promise<ReadonlyMap<string, number>> {
  if (['java', 'mvn'].some((tool) => spawnSync(tool, ['-version']).error !== undefined)) {
    console.log('Connect is left out: there is no JDK or no Maven here.');
    return new Map();
  }
  const jars = await classpath('4.3.1');
  const asked = cases.map((one) => `${JSON.stringify(one)}\n`).join('');
  // Java compiles the program as it starts it.
  const printed = await run([...flagsOfConnect, `-Dlog4j2.configurationFile=${log4j}`, '-cp', jars, source], asked);
  const rows = printed.trim().split('\n');
  return new Map(rows.map((line) => line.split('\t')).map(([name = '', nanoseconds]) => [name, Number(nanoseconds)]));
}

function run(args: readonly string[], input: string): Promise<string> {
  const child = spawn('java', args, { stdio: ['pipe', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(printed) : reject(new Error(`java ended with ${code}`))));
  });
}
