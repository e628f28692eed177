import { cp, mkdir } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { classpath } from '../../integration/kafka/classpath.ts';
import type { Contender } from './worker.ts';

const pom = fileURLToPath(new URL('pom.xml', import.meta.url));
const log4j = fileURLToPath(new URL('../../integration/kafka/log4j2.properties', import.meta.url));
export const sluiceMain = fileURLToPath(new URL('../../../dist/src/cli/main.js', import.meta.url));

/** The flags of Kafka's own start script. */
const scriptJvm = [
  '-server',
  '-XX:+UseG1GC',
  '-XX:MaxGCPauseMillis=20',
  '-XX:InitiatingHeapOccupancyPercent=35',
  '-XX:+ExplicitGCInvokesConcurrent',
  '-Djava.awt.headless=true',
  `-Dlog4j2.configurationFile=${log4j}`,
];

/** Large batches on the way to Kafka and from it. Connect's producers have one request on the way unless they are told otherwise. */
const tunedClients = {
  'producer.batch.size': '262144',
  'producer.linger.ms': '5',
  'producer.max.in.flight.requests.per.connection': '5',
  'consumer.max.poll.records': '10000',
  'consumer.max.partition.fetch.bytes': '4194304',
  'consumer.fetch.min.bytes': '65536',
};
const tunedSource = { 'batch.size': '10000' };

/** Kafka Connect as it is downloaded, with its plugins looked up the fast way, and tuned; Sluice as it is, tuned, and once more as it is. */
export async function allContenders(folder: string): Promise<readonly Contender[]> {
  const jars = (await classpath('4.3.1', pom)).split(delimiter);
  // As in the distribution: the file connectors are a plugin, everything else is on the class path.
  const plugins = join(folder, 'plugins', 'connect-file');
  await mkdir(plugins, { recursive: true });
  const isFile = (jar: string) => basename(jar).startsWith('connect-file');
  for (const jar of jars.filter(isFile)) await cp(jar, join(plugins, basename(jar)));
  const onClassPath = jars.filter((jar) => !isFile(jar)).join(delimiter);
  const connect = (name: string, heap: readonly string[], settings: Contender['settings'], source: Contender['source']): Contender => ({
    name,
    source,
    settings: { 'plugin.path': join(folder, 'plugins'), ...settings },
    command: (worker) => ({
      file: 'java',
      args: [...heap, ...scriptJvm, 'org.apache.kafka.connect.cli.ConnectStandalone', worker],
      env: { CLASSPATH: onClassPath, LC_ALL: 'C.UTF-8' },
    }),
  });
  const sluice = (name: string, settings: Contender['settings'], source: Contender['source'], repeats?: string): Contender => ({
    name,
    source,
    settings,
    ...(repeats === undefined ? {} : { repeats }),
    command: (worker) => ({ file: process.execPath, args: [sluiceMain, 'standalone', worker] }),
  });
  const fast = { 'plugin.discovery': 'service_load' };
  return [
    connect('Connect', ['-Xms256M', '-Xmx2G'], {}, {}),
    sluice('Sluice', {}, {}),
    connect('Connect, tuned', ['-Xms1G', '-Xmx1G'], { ...fast, ...tunedClients }, tunedSource),
    sluice('Sluice, tuned', tunedClients, tunedSource),
    connect('Connect, service_load', ['-Xms256M', '-Xmx2G'], fast, {}),
    sluice('Sluice again', {}, {}, 'Sluice'),
  ];
}
