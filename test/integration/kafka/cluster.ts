import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProxy, type TcpProxy } from '../../chaos/tcp-proxy.ts';
import { classpath } from './classpath.ts';
import { formatStorage } from './format-storage.ts';
import { freePorts } from './free-ports.ts';
import { JavaProcess, runTool } from './java.ts';
import { renderProperties } from './render-properties.ts';

export interface ClusterOptions {
  /** Release of Apache Kafka. Default: 4.3.1. */
  readonly version?: string;
  /** Default: 3. */
  readonly nodes?: number;
  /** So many of them, from the first on, are controllers too; the others may all be gone. Default: all. */
  readonly controllers?: number;
  /** Clients reach each node only through a proxy of its own, and the nodes each other without one. */
  readonly proxied?: boolean;
  /** Added to, or in the place of, the properties of every server. */
  readonly properties?: Readonly<Record<string, string>>;
}

/** One broker of a cluster. */
export interface ClusterNode {
  readonly id: number;
  readonly folder: string;
  /** What clients connect to. */
  readonly address: string;
  readonly proxy: TcpProxy | undefined;
  readonly running: boolean;
  /** Shuts down in order, handing its partitions over. */
  stop(): Promise<void>;
  /** As `kill -9`. */
  kill(): Promise<void>;
  /** Serves again, on the same ports and data. */
  start(): Promise<void>;
}

/** A real Apache Kafka on several nodes: topics have a replica on each, and are written to while two nodes live. */
export interface KafkaCluster {
  readonly bootstrap: string;
  readonly nodes: readonly ClusterNode[];
  node(id: number): ClusterNode;
  tool(main: string, ...args: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

const STARTED = 'Kafka Server started';
const START_MS = 120_000;

interface Place {
  readonly id: number;
  readonly folder: string;
  readonly settings: string;
  readonly client: number;
  readonly advertised: number;
  readonly internal: number;
  readonly controller: number;
  readonly proxy: TcpProxy | undefined;
}

export async function startCluster(options: ClusterOptions = {}): Promise<KafkaCluster> {
  const { version = '4.3.1', nodes: count = 3, controllers = count, proxied = false, properties = {} } = options;
  const jars = await classpath(version);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-cluster-'));
  const places = await Promise.all(Array.from({ length: count }, (_, at) => place(folder, at + 1, proxied)));
  const nodes = places.map((each) => new Node(each, jars));
  const cluster: KafkaCluster = {
    bootstrap: nodes.map(({ address }) => address).join(','),
    nodes,
    node: (id) => {
      const found = nodes.find((node) => node.id === id);
      if (found === undefined) throw new Error(`there is no node ${id}`);
      return found;
    },
    tool: (main, ...args) => runTool(jars, main, args),
    close: async () => {
      await Promise.all(nodes.map((node) => node.kill()));
      await Promise.all(places.map(({ proxy }) => proxy?.close()));
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  try {
    await Promise.all(
      places.map(async (each) => {
        await writeFile(each.settings, renderProperties({ ...serverProperties(each, places, controllers), ...properties }));
        await formatStorage({ jars, settings: each.settings, data: each.folder, users: [], id: each.id });
      }),
    );
    await Promise.all(nodes.map((node) => node.start()));
    return cluster;
  } catch (error) {
    await cluster.close();
    throw error;
  }
}

class Node implements ClusterNode {
  readonly id: number;
  readonly folder: string;
  readonly address: string;
  readonly proxy: TcpProxy | undefined;
  readonly #settings: string;
  readonly #jars: string;
  #server: JavaProcess | undefined;

  constructor({ id, folder, advertised, proxy, settings }: Place, jars: string) {
    this.id = id;
    this.folder = folder;
    this.address = `127.0.0.1:${advertised}`;
    this.proxy = proxy;
    this.#settings = settings;
    this.#jars = jars;
  }

  get running(): boolean {
    return this.#server !== undefined;
  }

  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  async start(): Promise<void> {
    this.#server ??= new JavaProcess(this.#jars, 'kafka.Kafka', [this.#settings]);
    await this.#server.says(STARTED, START_MS);
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.end(signal);
  }
}

async function place(folder: string, id: number, proxied: boolean): Promise<Place> {
  const [client = 0, internal = 0, controller = 0] = await freePorts(3);
  const proxy = proxied ? await startProxy({ port: client }) : undefined;
  const own = join(folder, `${id}`);
  const settings = join(folder, `server-${id}.properties`);
  return { id, folder: own, settings, client, advertised: proxy?.port ?? client, internal, controller, proxy };
}

function serverProperties(here: Place, places: readonly Place[], controllers: number): Record<string, string> {
  const local = (port: number) => `127.0.0.1:${port}`;
  const copies = `${Math.min(3, places.length)}`;
  const controls = here.id <= controllers;
  const least = places.length > 2 ? '2' : '1';
  return {
    'process.roles': controls ? 'broker,controller' : 'broker',
    'node.id': `${here.id}`,
    'controller.quorum.voters': places
      .slice(0, controllers)
      .map(({ id, controller }) => `${id}@${local(controller)}`)
      .join(','),
    listeners: `CLIENT://${local(here.client)},INTERNAL://${local(here.internal)}${controls ? `,CONTROLLER://${local(here.controller)}` : ''}`,
    'advertised.listeners': `CLIENT://${local(here.advertised)},INTERNAL://${local(here.internal)}`,
    'listener.security.protocol.map': 'CLIENT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'INTERNAL',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': here.folder,
    'default.replication.factor': copies,
    'min.insync.replicas': least,
    'offsets.topic.replication.factor': copies,
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': least,
    'transaction.state.log.num.partitions': '4',
    'group.initial.rebalance.delay.ms': '0',
    // A dead broker is known to be dead after so long, not after nine seconds.
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
    'controlled.shutdown.enable': 'true',
  };
}
