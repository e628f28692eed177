import { randomUUID } from 'node:crypto';
import type { Admin, Appended, ConsumerOptions, Driver, InRecord, OutRecord } from '../../../src/kafka/driver.ts';
import { openKafka } from '../../../src/kafka/kafkajs/open-kafka.ts';
import type { TcpProxy } from '../../chaos/tcp-proxy.ts';
import { type KafkaCluster, startCluster } from './cluster.ts';

/** Three brokers behind proxies, the second and third of which may go away together, and what tests on them say often. */
export interface FaultyCluster {
  readonly cluster: KafkaCluster;
  readonly driver: Driver;
  readonly admin: Admin;
  /** Another driver with client properties of its own, closed with the cluster. */
  open(properties: Readonly<Record<string, string>>): Promise<Driver>;
  /** Makes a topic of a name of its own, with a leader on each node. */
  topic(configs?: Readonly<Record<string, string>>, replicationFactor?: number): Promise<string>;
  /** The partition of a topic that this node leads. */
  ledBy(node: number, topic: string): Promise<number>;
  proxy(node: number): TcpProxy;
  /** All records of a partition, as a reader that meets no faults gets them. */
  values(topic: string, partition: number, options?: Partial<ConsumerOptions>): Promise<readonly (string | null)[]>;
  close(): Promise<void>;
}

const properties = {
  'min.insync.replicas': '1',
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': '300',
  'unclean.leader.election.interval.ms': '500',
  'group.min.session.timeout.ms': '1000',
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:ANONYMOUS',
};

export async function startFaultyCluster(): Promise<FaultyCluster> {
  const cluster = await startCluster({ nodes: 3, controllers: 1, proxied: true, properties });
  const drivers: Driver[] = [];
  const open = async (more: Readonly<Record<string, string>>) => {
    const driver = await openKafka({ bootstrap: cluster.bootstrap, properties: { 'retry.backoff.ms': '20', ...more } });
    drivers.push(driver);
    return driver;
  };
  const driver = await open({});
  const admin = await driver.admin();
  return {
    cluster,
    driver,
    admin,
    open,
    async topic(configs = {}, replicationFactor = 1) {
      const name = `faulty-${randomUUID().slice(0, 8)}`;
      await admin.createTopics([{ name, partitions: 3, replicationFactor, configs }]);
      return name;
    },
    async ledBy(node, topic) {
      // Any broker answers, also one that has not heard of the topic yet.
      for (const until = performance.now() + 10_000; ; ) {
        const [described] = await admin.describeTopics([topic]);
        const found = described?.partitions.find(({ leader }) => leader === node);
        if (found !== undefined) return found.partition;
        if (performance.now() > until) throw new Error(`Node ${node} leads no partition of ${topic}: ${JSON.stringify(described)}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    proxy: (node) => {
      const { proxy } = cluster.node(node);
      if (proxy === undefined) throw new Error('there is no proxy');
      return proxy;
    },
    async values(topic, partition, options = {}) {
      const end = (await admin.offsets([{ topic, partition }], 'latest')).get(`${topic}-${partition}`) ?? 0;
      const consumer = await driver.consumer({
        source: { mode: 'assign', partitions: [{ topic, partition }] },
        reset: 'earliest',
        ...options,
      });
      const found: InRecord[] = [];
      while ((consumer.position({ topic, partition }) ?? 0) < end) {
        const next = await consumer.next(AbortSignal.timeout(1_000)).catch((error: unknown) => error as Error);
        // Behind the last record that is handed out there may be others that are not.
        if (next instanceof Error && next.name === 'TimeoutError') break;
        if (next instanceof Error) throw next;
        found.push(...next.detach().records);
        next.release();
      }
      await consumer.close();
      return found.map((record) => record.valueText());
    },
    async close() {
      for (const node of cluster.nodes) node.proxy?.plan(() => undefined);
      await Promise.all(drivers.map((each) => each.close()));
      await cluster.close();
    },
  };
}

export const recordsOf = (...values: readonly string[]): OutRecord[] => values.map((value) => ({ key: null, value }));

/** Offsets, or the kinds of errors. */
export const offsetsOf = (answers: readonly Appended[]): readonly (number | string)[] =>
  answers.map((answer) => (answer.error === undefined ? answer.baseOffset : answer.error.kind));
