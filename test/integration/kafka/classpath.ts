import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const brokerPom = fileURLToPath(new URL('pom.xml', import.meta.url));
const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath';

/** The jars of a Kafka release that a pom names, where Maven keeps them. Default: those of a broker. The first call downloads about 100 MB; later ones read a file. */
export async function classpath(version: string, pom = brokerPom): Promise<string> {
  const key = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  const folder = join(tmpdir(), 'sluice-kafka');
  const file = join(folder, `${version}-${key}.classpath`);
  if (existsSync(file)) {
    const known = await readFile(file, 'utf8');
    if (known.split(delimiter).every((jar) => existsSync(jar))) return withOneLogger(known);
  }
  mkdirSync(folder, { recursive: true });
  const fresh = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await run('mvn', [
    '-q',
    '-B',
    '-f',
    pom,
    PLUGIN,
    `-Dkafka.version=${version}`,
    '-Dmdep.includeScope=runtime',
    `-Dmdep.outputFile=${fresh}`,
  ]);
  const found = readFileSync(fresh, 'utf8').trim();
  writeFileSync(fresh, found);
  renameSync(fresh, file);
  return withOneLogger(found);
}

/** Releases before 4.0 bring a logger of their own, which does not know our settings. */
const withOneLogger = (jars: string): string =>
  jars
    .split(delimiter)
    .filter((jar) => !jar.includes('slf4j-reload4j'))
    .join(delimiter);
