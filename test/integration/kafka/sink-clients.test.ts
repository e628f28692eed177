import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Cluster, inStates } from '../../worker/distributed/cluster.ts';
import { describeKafka } from './describe-kafka.ts';
import { GroupBench } from './group-bench.ts';

const MINUTES = 60_000;

describeKafka('the clients of a sink in a cluster of workers', () => {
  let bench: GroupBench;
  let cluster: Cluster;
  beforeAll(async () => {
    bench = await GroupBench.open();
    cluster = new Cluster();
  }, 10 * MINUTES);
  afterAll(async () => {
    await cluster?.close();
    await bench?.close();
  });

  test('are those of what the config refers to when its task is restarted', { timeout: MINUTES }, async () => {
    await bench.admin.createTopics([{ name: 'rotated', partitions: 1 }]);
    const settings = { 'bootstrap.servers': bench.broker.bootstrap };
    const worker = await cluster.worker(settings, [], { kind: 'kafka', worker: settings });
    cluster.secret = { file: 'secret.txt', client: 'before' };
    const config = { file: join(cluster.folder, 'out.txt'), topics: 'rotated', 'consumer.override.client.id': '${secret:client}' };
    await worker.connectors.create('out', { 'connector.class': 'FileStreamSink', ...config });
    await worker.until('out', inStates('RUNNING', 'RUNNING'));
    await bench.shared('connect-out', 1);
    expect(await bench.members('connect-out')).toEqual(['before']);
    cluster.secret = { file: 'secret.txt', client: 'after' };
    await worker.connectors.restartTask('out', 0);
    await bench.shared('connect-out', 1);
    expect(await bench.members('connect-out')).toEqual(['after']);
    await worker.close();
  });
});
