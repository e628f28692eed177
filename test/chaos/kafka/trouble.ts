import type { Admin } from '../../../src/kafka/driver.ts';
import type { ClusterNode, KafkaCluster } from '../../integration/kafka/cluster.ts';
import { type Random, seededRandom } from '../seeded-random.ts';
import { randomFaults } from '../tcp-proxy.ts';
import { eventually, type Recovery } from './recovery.ts';

export interface Scene {
  readonly cluster: KafkaCluster;
  /** Not harmed: by connections of its own. */
  readonly admin: Admin;
  readonly topics: readonly string[];
  /** What must go on again, by name. */
  readonly recoveries: Readonly<Record<string, Recovery>>;
}

const RECOVERED_MS = 60_000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Kills the leader of a partition under load, and starts it again. */
export async function killLeader(scene: Scene, round: number): Promise<void> {
  const [topic = ''] = scene.topics;
  const [described] = await scene.admin.describeTopics([topic]);
  const node = scene.cluster.node(described?.partitions[round % described.partitions.length]?.leader ?? 1);
  await recovers(`node ${node.id} killed with -9, leader of ${topic}-${round % 3}`, scene, () => node.kill());
  await recovers(`node ${node.id} started again`, scene, () => comesBack(scene, node));
}

/** Stops and starts one broker after the other. */
export async function rollingRestart(scene: Scene): Promise<void> {
  for (const node of scene.cluster.nodes) {
    await recovers(`node ${node.id} stopped in order`, scene, () => node.stop());
    await recovers(`node ${node.id} started again`, scene, () => comesBack(scene, node));
  }
}

/** Cuts, delays, drops, half-opens and truncates connections for so long; `seed` decides which, where and when. */
export async function proxyFaults(scene: Scene, seconds: number, seed: number): Promise<void> {
  const random = seededRandom(seed);
  const faults: Record<string, number> = {};
  const counted = (each: Random) => {
    const plan = randomFaults(each);
    return (connection: number) => {
      const fault = plan(connection);
      if (fault !== undefined) faults[fault.kind] = (faults[fault.kind] ?? 0) + 1;
      return fault;
    };
  };
  const proxies = scene.cluster.nodes.flatMap(({ proxy }) => proxy ?? []);
  const plans = proxies.map((_, at) => counted(seededRandom(seed + 1 + at)));
  await recovers(`proxy faults for ${seconds} s, seed ${seed}`, scene, async () => {
    for (const [at, proxy] of proxies.entries()) proxy.plan(plans[at] ?? (() => undefined));
    for (const until = performance.now() + 1_000 * seconds; performance.now() < until; ) {
      await pause(200 + random(1_500));
      const at = random(proxies.length);
      const fault = plans[at]?.(-1);
      if (fault !== undefined) proxies[at]?.inflict({ ...fault, afterBytes: random(2_000) });
    }
    // What was harmed silently is to be found out by time-outs, or it is cut in the end: the cluster itself is well.
    for (const proxy of proxies) proxy.plan(() => undefined);
    for (const proxy of proxies) proxy.inflict({ kind: 'cut', direction: 'to-client', afterBytes: 0 });
  });
  console.log(
    `  faults: ${Object.entries(faults)
      .map(([kind, count]) => `${count} × ${kind}`)
      .join(', ')}`,
  );
}

async function comesBack({ admin, topics }: Scene, node: ClusterNode): Promise<void> {
  await node.start();
  await eventually('all replicas are in sync', RECOVERED_MS, async () => {
    const described = await admin.describeTopics(topics);
    return described.every(({ partitions }) =>
      partitions.every(({ isr, replicas, leader }) => isr.length === replicas.length && leader > 0),
    );
  });
}

/** Does something, and prints how long each part of the load stood still until it went on. */
async function recovers(what: string, { recoveries }: Scene, act: () => Promise<void>): Promise<void> {
  const all = Object.entries(recoveries);
  for (const [, recovery] of all) recovery.watch();
  const start = performance.now();
  await act();
  for (const [name, recovery] of all) {
    const after = performance.now() - start;
    await eventually(`${name} goes on after ${what}`, RECOVERED_MS, () => recovery.recovered(after));
  }
  await pause(300);
  const stood = all.map(([name, { longestMs }]) => `${name} ${(longestMs / 1000).toFixed(1)} s`);
  console.log(`${what}: longest standstill of ${stood.join(', ')}`);
}
