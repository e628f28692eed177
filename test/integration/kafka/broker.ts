import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { classpath } from './classpath.ts';
import { freePorts } from './free-ports.ts';
import { JavaProcess, runTool } from './java.ts';

export interface BrokerOptions {
  /** Release of Apache Kafka. Default: 4.3.1. */
  readonly version?: string;
  /** Added to, or in the place of, the properties of the server. */
  readonly properties?: Readonly<Record<string, string>>;
}

/** A real Apache Kafka: one node that is broker and controller, in a temporary folder, on free ports of 127.0.0.1. */
export interface Broker {
  readonly bootstrap: string;
  readonly folder: string;
  readonly version: string;
  /** Shuts down in order. */
  stop(): Promise<void>;
  /** As `kill -9`: what was not on disk is gone. */
  kill(): Promise<void>;
  /** Serves again, on the same ports and data. */
  start(): Promise<void>;
  /** Runs a tool of the release and gives what it prints: `tool('org.apache.kafka.tools.TopicCommand', '--list', …)`. */
  tool(main: string, ...args: readonly string[]): Promise<string>;
  /** Ends it and removes its folder. */
  close(): Promise<void>;
}

const STARTED = 'Kafka Server started';
const START_MS = 60_000;

export async function startBroker({ version = '4.3.1', properties = {} }: BrokerOptions = {}): Promise<Broker> {
  const jars = await classpath(version);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-broker-'));
  const [port = 0, controllerPort = 0] = await freePorts(2);
  const settings = join(folder, 'server.properties');
  await writeFile(settings, render({ ...serverProperties(folder, port, controllerPort), ...properties }));
  await runTool(jars, 'kafka.tools.StorageTool', ['format', '-t', 'c2x1aWNlLXRlc3QtMDAwMQ', '-c', settings]);
  let server: JavaProcess | undefined;
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    await server?.end(signal);
    server = undefined;
  };
  const broker: Broker = {
    bootstrap: `127.0.0.1:${port}`,
    folder,
    version,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    start: async () => {
      server ??= new JavaProcess(jars, 'kafka.Kafka', [settings]);
      await server.says(STARTED, START_MS);
    },
    tool: (main, ...args) => runTool(jars, main, args),
    close: async () => {
      await end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
  await broker.start().catch(async (error: unknown) => {
    await broker.close();
    throw error;
  });
  return broker;
}

const serverProperties = (folder: string, port: number, controllerPort: number): Record<string, string> => ({
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
  listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
  'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  'controller.listener.names': 'CONTROLLER',
  'log.dirs': join(folder, 'data'),
  'num.partitions': '1',
  'default.replication.factor': '1',
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '4',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'transaction.state.log.num.partitions': '4',
  'group.initial.rebalance.delay.ms': '0',
  'log.segment.delete.delay.ms': '1000',
});

const render = (properties: Readonly<Record<string, string>>): string =>
  Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
