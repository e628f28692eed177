import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makingArchive } from './class-archive.ts';
import { classpath } from './classpath.ts';
import { formatStorage } from './format-storage.ts';
import { freePorts } from './free-ports.ts';
import { JavaProcess, type JvmOptions, runTool } from './java.ts';
import { renderProperties } from './render-properties.ts';

export interface BrokerOptions {
  /** Release of Apache Kafka. Default: 4.3.1. */
  readonly version?: string;
  /** Added to, or in the place of, the properties of the server. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Listeners beside PLAINTEXT: their security protocol by name. */
  readonly listeners?: Readonly<Record<string, string>>;
  /** Known to both SCRAM mechanisms. */
  readonly users?: readonly { readonly name: string; readonly password: string }[];
  readonly jvm?: JvmOptions;
  /** When it is closed it leaves behind what makes later JVMs start faster, where that is missing. */
  readonly archives?: boolean;
}

/** A real Apache Kafka: one node that is broker and controller, in a temporary folder, on free ports of 127.0.0.1. */
export interface Broker {
  readonly bootstrap: string;
  /** `host:port` of one of the listeners. */
  address(listener: string): string;
  readonly folder: string;
  readonly version: string;
  /** Shuts down in order. */
  stop(): Promise<void>;
  /** As `kill -9`: what was not on disk is gone. */
  kill(): Promise<void>;
  /** Serves again, on the same ports and data. */
  start(): Promise<void>;
  /** Answers nothing, with its connections open and what comes over them kept, until it is thawed. */
  freeze(): void;
  thaw(): void;
  /** Runs a tool of the release and gives what it prints: `tool('org.apache.kafka.tools.TopicCommand', '--list', …)`. */
  tool(main: string, ...args: readonly string[]): Promise<string>;
  /** Ends it and removes its folder. */
  close(): Promise<void>;
}

const STARTED = 'Kafka Server started';
const START_MS = 60_000;

export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const { version = '4.3.1', properties = {}, users = [] } = options;
  const jars = await classpath(version);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-broker-'));
  const listeners = await listenersOf({ PLAINTEXT: 'PLAINTEXT', CONTROLLER: 'PLAINTEXT', ...options.listeners });
  const address = (name: string) => listeners.find((listener) => listener.name === name)?.address ?? '';
  const settings = join(folder, 'server.properties');
  await writeFile(settings, renderProperties({ ...serverProperties(folder, listeners), ...properties }));
  const archive = options.archives ? makingArchive(jars, folder) : undefined;
  let server: JavaProcess | undefined;
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    await server?.end(signal);
    server = undefined;
  };
  const broker: Broker = {
    bootstrap: address('PLAINTEXT'),
    address,
    folder,
    version,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    start: async () => {
      server ??= new JavaProcess(jars, 'kafka.Kafka', [settings], { ...options.jvm, ...(archive && { archive: archive.options }) });
      await server.says(STARTED, START_MS);
    },
    freeze: () => server?.freeze(),
    thaw: () => server?.thaw(),
    tool: (main, ...args) => runTool(jars, main, args),
    close: async () => {
      await end(archive ? 'SIGTERM' : 'SIGKILL');
      archive?.keep();
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await formatStorage({ jars, settings, data: dataOf(folder), users });
    await broker.start();
    return broker;
  } catch (error) {
    await broker.close();
    throw error;
  }
}

const dataOf = (folder: string): string => join(folder, 'data');

interface Listener {
  readonly name: string;
  readonly protocol: string;
  readonly address: string;
}

async function listenersOf(protocols: Readonly<Record<string, string>>): Promise<readonly Listener[]> {
  const ports = await freePorts(Object.keys(protocols).length);
  return Object.entries(protocols).map(([name, protocol], at) => ({ name, protocol, address: `127.0.0.1:${ports[at]}` }));
}

function serverProperties(folder: string, listeners: readonly Listener[]): Record<string, string> {
  const url = ({ name, address }: Listener) => `${name}://${address}`;
  const clients = listeners.filter(({ name }) => name !== 'CONTROLLER');
  const controllers = listeners.filter(({ name }) => name === 'CONTROLLER');
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': controllers.map(({ address }) => `1@${address}`).join(','),
    listeners: listeners.map(url).join(','),
    'advertised.listeners': clients.map(url).join(','),
    'listener.security.protocol.map': listeners.map(({ name, protocol }) => `${name}:${protocol}`).join(','),
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': dataOf(folder),
    'num.partitions': '1',
    'default.replication.factor': '1',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '4',
    'group.initial.rebalance.delay.ms': '0',
    // A node that was killed may come back once it counts as gone.
    'broker.heartbeat.interval.ms': '500',
    'broker.session.timeout.ms': '1500',
    'log.segment.delete.delay.ms': '1000',
  };
}
