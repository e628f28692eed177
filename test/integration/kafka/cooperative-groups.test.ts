import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeKafka } from './describe-kafka.ts';
import { type GroupBench, until, useGroupBench } from './group-bench.ts';
import type { KafkaWorker } from './worker-on-kafka.ts';

const MINUTES = 60_000;
const cooperative = 'org.apache.kafka.clients.consumer.CooperativeStickyAssignor';
const settings = { 'consumer.heartbeat.interval.ms': '200', 'consumer.partition.assignment.strategy': cooperative };

describeKafka('a consumer group whose members keep partitions through a rebalance', () => {
  let bench: GroupBench;
  let worker: KafkaWorker;
  useGroupBench((opened) => {
    bench = opened;
  });

  const lines = (name: string) => bench.lines(name);
  const sink = (name: string, topics: string, config: Record<string, string> = {}) => {
    const override = { 'consumer.override.group.id': topics };
    return worker.connectors.create(name, { 'connector.class': 'lets-go-slowly', topics, file: bench.file(name), ...override, ...config });
  };
  const letGo = (...names: readonly string[]) => {
    for (const name of names) writeFileSync(bench.file(`${name}.go`), '');
  };
  const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);

  test('goes on with them while it lets go of others, and drops nothing', { timeout: MINUTES }, async () => {
    await bench.admin.createTopics([{ name: 'kept', partitions: 4 }]);
    worker = await bench.worker(settings, 'lets-go-slowly');
    await sink('first', 'kept');
    await bench.append('kept', 'a-', numbers(4));
    await until(() => lines('first').length === 4);
    await sink('second', 'kept');
    await until(() => lines('first.log').some((line) => line.startsWith('rebalance')));
    await bench.append('kept', 'b-', numbers(4));
    await bench.append('kept', 'c-', numbers(4));
    await until(() => lines('first').length === 8);
    expect(lines('first').slice(4).sort()).toEqual(['b-0', 'b-1', 'c-0', 'c-1']);
    expect(lines('second')).toEqual([]);
    letGo('first');
    await until(() => lines('second').length === 4);
    expect(lines('second').sort()).toEqual(['b-2', 'b-3', 'c-2', 'c-3']);
    expect(lines('first')).toHaveLength(8);
    expect([lines('first.log'), lines('second.log')]).toEqual([['has 0,1,2,3', 'rebalance 2,3'], ['has 2,3']]);
    expect((await bench.admin.describeGroups?.(['kept']))?.[0]?.protocol).toBe('cooperative-sticky');
  });

  test('loses nothing and repeats nothing while members come and go under load', { timeout: 2 * MINUTES }, async () => {
    const names = ['x', 'y', 'z'];
    const partitions = numbers(6);
    await bench.admin.createTopics([{ name: 'load', partitions: partitions.length }]);
    worker = await bench.worker(settings, 'lets-go-slowly');
    letGo(...names);
    let sent = 0;
    let loading = true;
    const load = (async () => {
      while (loading) {
        await bench.append('load', `${sent++}-`, partitions);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    })();
    await sink('x', 'load', { 'tasks.max': '2' });
    await bench.shared('load', 2);
    await sink('y', 'load');
    await bench.shared('load', 3);
    await sink('z', 'load', { 'tasks.max': '2' });
    await bench.shared('load', 5);
    await worker.connectors.stop('y');
    await bench.shared('load', 4);
    await worker.connectors.stop('x');
    await bench.shared('load', 2);
    await worker.connectors.resume('y');
    await bench.shared('load', 3);
    loading = false;
    await load;
    const written = () => names.flatMap(lines);
    await until(() => written().length >= sent * partitions.length);
    expect(written().sort()).toEqual(partitions.flatMap((partition) => numbers(sent).map((at) => `${at}-${partition}`)).sort());
    for (const name of names) for (const partition of partitions) expectOrder(lines(name), partition);
  });

  test("shares with Java's consumer: with one that leads, and with an eager one that joins", { timeout: 2 * MINUTES }, async () => {
    await bench.admin.createTopics([{ name: 'beside', partitions: 4 }]);
    worker = await bench.worker(settings, 'lets-go-slowly');
    letGo('beside');
    const java = async (...properties: readonly string[]) => {
      const output = await bench.broker.tool(
        'org.apache.kafka.tools.consumer.ConsoleConsumer',
        ...['--bootstrap-server', bench.broker.bootstrap, '--topic', 'beside', '--group', 'beside', '--from-beginning'],
        ...['--max-messages', '2', '--timeout-ms', '30000'],
        ...properties.flatMap((property) => ['--command-property', property]),
      );
      return output.split('\n').filter((line) => /^\w-\d$/.test(line));
    };
    const handOvers = () => lines('beside.log').filter((line) => line.startsWith('rebalance'));

    const leading = java(`partition.assignment.strategy=${cooperative}`, 'heartbeat.interval.ms=200');
    await bench.shared('beside', 1);
    await sink('beside', 'beside');
    await until(() => lines('beside.log').some((line) => line.startsWith('has')));
    await bench.append('beside', 'a-', numbers(4));
    const byLeader = await leading;
    expect(byLeader).toHaveLength(2);
    await until(() => lines('beside').length === 2);
    expect([...byLeader, ...lines('beside')].sort()).toEqual(['a-0', 'a-1', 'a-2', 'a-3']);
    await bench.append('beside', 'b-', numbers(4));
    await until(() => lines('beside').length === 6);
    expect(handOvers()).toEqual([]);

    // By default it offers range too, and so gives back all whenever it joins.
    const joining = java('heartbeat.interval.ms=200');
    await until(() => handOvers().length === 1);
    await bench.shared('beside', 2);
    await bench.append('beside', 'c-', numbers(4));
    const byEager = await joining;
    expect(byEager).toHaveLength(2);
    await until(() => lines('beside').length === 8);
    expect([...lines('beside').slice(6), ...byEager].sort()).toEqual(['c-0', 'c-1', 'c-2', 'c-3']);
    expect(handOvers()).toHaveLength(1);
  });
});

function expectOrder(all: readonly string[], partition: number): void {
  const order = all.filter((line) => line.endsWith(`-${partition}`)).map((line) => Number(line.split('-')[0]));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
}
