/**
 * Asks the real classes of Kafka Connect thousands of generated cases and compares: npm run test:differential -- [SEED] [COUNT] [FAMILY].
 * OUT=dir keeps the answers as vectors, the differing cases first. Needs a JDK and Maven.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { classpath } from '../integration/kafka/classpath.ts';
import { checkAll } from './check-all.ts';
import { parseVector } from './envelope.ts';
import { casesOf } from './generate/cases.ts';
import type { Vector } from './vector.ts';

const [seed = '1', count = '100', family = ''] = process.argv.slice(2);
const started = Date.now();
const cases = casesOf(Number(seed), Number(count), family);
const lines = await answersOf(cases);
const byId = new Map(lines.map((line) => [(JSON.parse(line) as { id: string }).id, line]));
const tallies = await checkAll([...byId.values()].map((line) => parseVector(line) as unknown as Vector));

for (const { differences } of tallies) {
  for (const { id, difference } of differences) console.log(`${id}: ${difference}`);
}
for (const tally of tallies)
  console.log(
    `${tally.kind.padEnd(10)} ${tally.family.padEnd(24)} ${String(tally.passed).padStart(7)} ${String(tally.differences.length).padStart(7)}`,
  );
const different = tallies.flatMap(({ differences }) => differences.map(({ id }) => id));
if (process.env.OUT !== undefined)
  writeFileSync(join(process.env.OUT, 'differences.jsonl'), different.map((id) => `${byId.get(id)}\n`).join(''));
console.log(
  `${lines.length} of ${cases.length} answered, ${different.length} differ, seed ${seed}, ${Math.round((Date.now() - started) / 1000)} s`,
);
if (different.length > 0 || lines.length < cases.length * 0.9) process.exitCode = 1;

/** The cases that Connect could be asked, with its answers. */
async function answersOf(asked: readonly string[]): Promise<readonly string[]> {
  const sources = fileURLToPath(new URL('java/', import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), 'sluice-answers-'));
  try {
    const jars = await classpath('4.3.1');
    const files = readdirSync(sources).filter((name) => name.endsWith('.java'));
    await run('javac', ['-cp', jars, '-d', folder, ...files.map((name) => join(sources, name))], '');
    const log4j = fileURLToPath(new URL('../integration/kafka/log4j2.properties', import.meta.url));
    const java = ['-Xmx1g', '-XX:+UseSerialGC', `-Dlog4j2.configurationFile=${log4j}`, '-cp', `${folder}:${jars}`, 'Answers'];
    return (await run('java', java, asked.map((line) => `${line}\n`).join(''))).split('\n').filter((line) => line !== '');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[], input: string): Promise<string> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', process.env.CASES === undefined ? 'ignore' : 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(Buffer.concat(chunks).toString()) : reject(new Error(`${command} ended with ${code}`)),
    );
  });
}
