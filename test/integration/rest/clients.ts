/**
 * The life of a connector through clients that others wrote for Kafka Connect: create, pause, resume, change, restart, delete, against a real
 * worker process. Exits with 1 when one of them sees something else than the rest.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SluiceFolder } from '../../cli/sluice-process.ts';
import { pythonWith } from './python-packages.ts';

const run = promisify(execFile);
const at = (path: string): string => fileURLToPath(new URL(`clients/${path}`, import.meta.url));
const CLASSPATH = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath';

type Live = (url: string, name: string) => Promise<{ readonly stdout: string }>;

async function goClient(): Promise<Live> {
  const folder = join(tmpdir(), 'sluice-clients');
  mkdirSync(folder, { recursive: true });
  const binary = join(folder, 'go-clients');
  await run('go', ['build', '-o', binary, '.'], { cwd: at('go') });
  return (url, name) => run(binary, [url, name]);
}

async function javaClient(): Promise<Live> {
  const file = join(mkdtempSync(join(tmpdir(), 'sluice-clients-')), 'classpath');
  await run('mvn', ['-q', '-B', '-f', at('java/pom.xml'), CLASSPATH, `-Dmdep.outputFile=${file}`]);
  const jars = readFileSync(file, 'utf8').trim();
  rmSync(dirname(file), { recursive: true });
  return (url, name) => run('java', ['-cp', jars, at('java/LifeCycle.java'), url, name]);
}

async function pythonClient(): Promise<Live> {
  const command = await pythonWith('kafka-connect-py==1.0.0');
  return (url, name) => run(command('python'), [at('python/life_cycle.py'), url, name]);
}

const clients: Readonly<Record<string, () => Promise<Live>>> = {
  'go: github.com/go-kafka/connect': goClient,
  'go: github.com/cloudhut/connect-client': goClient,
  'java: org.sourcelab:kafka-connect-client': javaClient,
  'python: kafka-connect-py': pythonClient,
};

const life = [
  'listed: false',
  'plugin: true',
  'created: true',
  'state: RUNNING',
  'state: PAUSED',
  'state: RUNNING',
  'updated: 500',
  'state: RUNNING',
  'state: RUNNING',
  'tasks: 1',
  'gone: true',
];

const folder = new SluiceFolder();
let failed = 0;
try {
  const worker = folder.write('worker.properties', 'listeners=http://127.0.0.1:0\n');
  const url = await folder.run(['standalone', worker]).url();
  for (const [name, open] of Object.entries(clients)) {
    const started = Date.now();
    const live = await open();
    const { stdout } = await live(url, name.replace(/\W+/g, '-').replace(/.*(gokafka|cloudhut).*/, '$1'));
    const seen = stdout.trim().toLowerCase().split('\n');
    const good = JSON.stringify(seen) === JSON.stringify(life.map((line) => line.toLowerCase()));
    if (!good) failed++;
    console.log(`${good ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    if (!good) console.log(`  expected ${life.join(' | ')}\n  saw      ${seen.join(' | ')}`);
  }
} finally {
  await folder.remove();
}
console.log(`${Object.keys(clients).length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
