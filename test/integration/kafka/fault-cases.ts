import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type ConsumerOptions, type Driver, partitionKey } from '../../../src/kafka/driver.ts';
import { type FaultyCluster, offsetsOf, recordsOf } from './faulty-cluster.ts';

const MINUTES = 60_000;
const javaGroup = fileURLToPath(new URL('fixtures/JavaGroup.java', import.meta.url));
const soon = () => AbortSignal.timeout(20_000);

/** What clients do when connections, brokers and coordinators fail them. */
export function faultCases(on: () => FaultyCluster): void {
  const reading = (driver: Driver, topic: string, partition: number, options: Partial<ConsumerOptions> = {}) =>
    driver.consumer({ source: { mode: 'assign', partitions: [{ topic, partition }] }, reset: 'earliest', maxWaitMs: 100, ...options });

  test('a reader gets every record once, wherever in an answer its connections end', { timeout: MINUTES }, async () => {
    const { driver, topic, ledBy, proxy } = on();
    const name = await topic();
    const partition = await ledBy(3, name);
    const sent = Array.from({ length: 400 }, (_, index) => `${index} ${'x'.repeat(index % 90)}`);
    const producer = await driver.producer({ batchBytes: 1_000 });
    await producer.send([{ topic: name, partition, records: recordsOf(...sent) }]);
    await producer.close();
    // Connections that are opened later come further; each dies in the middle of an answer.
    proxy(3).plan((connection) => ({
      kind: connection % 2 === 0 ? 'truncate' : 'cut',
      direction: 'to-client',
      afterBytes: 600 + ((connection * 977) % 9_000),
    }));
    proxy(3).inflict({ kind: 'cut', direction: 'to-client', afterBytes: 0 });
    const consumer = await reading(driver, name, partition, { maxPartitionBytes: 3_000 });
    const seen: (string | null)[] = [];
    while (seen.length < sent.length) {
      const batch = await consumer.next(soon());
      seen.push(...batch.records.map((record) => record.valueText()));
      batch.release();
    }
    proxy(3).plan(() => undefined);
    expect(seen).toEqual(sent);
    await consumer.close();
  });

  test('a client opens though its first connections end while it asks for the brokers', { timeout: MINUTES }, async () => {
    const { open, proxy } = on();
    let left = 2;
    // Behind the question for versions, in the one for brokers.
    for (const node of [1, 2, 3])
      proxy(node).plan(() => (left-- > 0 ? { kind: 'cut', direction: 'to-broker', afterBytes: 30 } : undefined));
    const driver = await open({});
    for (const node of [1, 2, 3]) proxy(node).plan(() => undefined);
    expect(left).toBeLessThan(1);
    await driver.close();
  });

  test('a member learns that it is lost when its session ends, though its question to the coordinator stays open', {
    timeout: MINUTES,
  }, async () => {
    const { open, proxy } = on();
    const driver = await open({ 'request.timeout.ms': '30000' });
    const revoked: [why: string, atMs: number][] = [];
    const member = await driver.group?.({
      groupId: 'half-open',
      protocolType: 'connect',
      sessionMs: 2_000,
      rebalanceMs: 6_000,
      heartbeatMs: 200,
      protocols: () => [{ name: 'p', metadata: new Uint8Array() }],
      assign: (_, members) => new Map(members.map(({ memberId }) => [memberId, new Uint8Array()])),
      onAssigned: async () => {},
      onRevoked: async (why) => void revoked.push([why, performance.now()]),
    });
    const start = performance.now();
    const nothing = { kind: 'drop', direction: 'to-client', afterBytes: 0 } as const;
    for (const node of [1, 2, 3]) proxy(node).plan(() => nothing);
    for (const node of [1, 2, 3]) proxy(node).inflict(nothing);
    await expect.poll(() => revoked.length, { timeout: 15_000 }).toBe(1);
    for (const node of [1, 2, 3]) proxy(node).plan(() => undefined);
    for (const node of [1, 2, 3]) proxy(node).inflict({ kind: 'cut', direction: 'to-client', afterBytes: 0 });
    const [[why, at] = ['', 0]] = revoked;
    expect(why).toBe('lost');
    expect(at - start).toBeLessThan(6_000);
    await member?.leave();
  });

  test('access rules are read as they were set', { timeout: MINUTES }, async () => {
    const { admin, cluster } = on();
    await cluster.tool(
      'org.apache.kafka.tools.AclCommand',
      ...['--bootstrap-server', cluster.bootstrap, '--add', '--allow-principal', 'User:alice', '--allow-host', '10.0.0.1'],
      ...['--operation', 'Read', '--topic', 'private-', '--resource-pattern-type', 'prefixed'],
    );
    const rule = { principal: 'User:alice', host: '10.0.0.1', operation: 'READ', permission: 'ALLOW' };
    await expect
      .poll(() => admin.accessRules?.(), { timeout: 10_000 })
      .toEqual([{ ...rule, resourceType: 'TOPIC', resourceName: 'private-', patternType: 'PREFIXED' }]);
  });

  test('the end, for a reader of committed records, lies before what is open, and its group waits for offsets that are', {
    timeout: MINUTES,
  }, async () => {
    const { driver, topic } = on();
    const name = await topic();
    const groupId = `${name}-group`;
    const partition = { topic: name, partition: 0 };
    const producer = await driver.producer({ transactionalId: name, lingerMs: 0 });
    const transaction = await producer.begin?.();
    await transaction?.send([{ ...partition, records: recordsOf('later committed') }]);
    await transaction?.sendOffsets({ groupId }, new Map([[partitionKey(partition), 7]]));
    const latest = await reading(driver, name, 0, { reset: 'latest', isolation: 'committed' });
    const source = { mode: 'assign', partitions: [partition], groupId } as const;
    const [careful, careless] = [
      await driver.consumer({ source: { ...source, partitions: [] }, isolation: 'committed' }),
      await driver.consumer({ source: { ...source, partitions: [] } }),
    ];
    expect((await careless.committed([partition])).size).toBe(0);
    const waiting = careful.committed([partition]);
    expect(await Promise.race([waiting, new Promise((resolve) => setTimeout(() => resolve('waits'), 300))])).toBe('waits');
    await transaction?.commit();
    expect([...(await waiting)]).toEqual([[partitionKey(partition), { offset: 7 }]]);
    expect((await latest.next(soon())).records.map((record) => record.valueText())).toEqual(['later committed']);
    for (const each of [latest, careful, careless, producer]) await each.close();
  });

  test('a transaction that its coordinator gave up fences its producer, which is told of the limit, and another goes on', {
    timeout: MINUTES,
  }, async () => {
    const { driver, topic, values } = on();
    const name = await topic();
    const options = { transactionalId: `${name}-slow`, transactionTimeoutMs: 1_000, lingerMs: 0 };
    const producer = await driver.producer(options);
    const slow = await producer.begin?.();
    await slow?.send([{ topic: name, partition: 0, records: recordsOf('too late') }]);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const fenced = { kind: 'fenced', message: expect.stringContaining('transaction.timeout.ms of 1000') };
    await expect(slow?.commit()).rejects.toMatchObject(fenced);
    await expect(producer.begin?.()).rejects.toMatchObject(fenced);
    const another = await driver.producer(options);
    const next = await another.begin?.();
    await next?.send([{ topic: name, partition: 0, records: recordsOf('next') }]);
    await next?.commit();
    expect(await values(name, 0, { isolation: 'committed' })).toEqual(['next']);
    for (const each of [producer, another]) await each.close();
  });

  test("a consumer of Java's reads offset and leader epoch that a group of ours commits, and ours what Java's commits", {
    timeout: MINUTES,
  }, async () => {
    const { driver, cluster, topic } = on();
    const name = await topic();
    const partition = { topic: name, partition: 0 };
    const producer = await driver.producer({ lingerMs: 0 });
    await producer.send([{ ...partition, records: recordsOf('a', 'b') }]);
    const source = { mode: 'assign', partitions: [partition], groupId: `${name}-group` } as const;
    const consumer = await driver.consumer({ source, reset: 'earliest' });
    const { nextOffset, leaderEpoch = -1 } = await consumer.next(soon());
    expect(leaderEpoch).toBeGreaterThanOrEqual(0);
    await consumer.commit(new Map([[partitionKey(partition), { offset: nextOffset, leaderEpoch }]]));
    const printed = await cluster.tool(javaGroup, cluster.bootstrap, source.groupId, name, '1', `${leaderEpoch + 3}`);
    expect(printed.trim()).toBe(`2 ${leaderEpoch}`);
    expect([...(await consumer.committed([partition]))]).toEqual([[partitionKey(partition), { offset: 1, leaderEpoch: leaderEpoch + 3 }]]);
    for (const each of [consumer, producer]) await each.close();
  });

  test('what was read and then lost with its leader is noticed: an error, or back to where both logs agree', {
    timeout: 2 * MINUTES,
  }, async () => {
    const { driver, cluster, admin } = on();
    const name = 'truncated';
    await cluster.tool(
      'org.apache.kafka.tools.TopicCommand',
      ...['--bootstrap-server', cluster.bootstrap, '--create', '--topic', name, '--replica-assignment', '2:3'],
      ...['--config', 'unclean.leader.election.enable=true', '--config', 'min.insync.replicas=1'],
    );
    const producer = await driver.producer({ lingerMs: 0 });
    const append = async (value: string) => offsetsOf(await producer.send([{ topic: name, partition: 0, records: recordsOf(value) }]));
    await append('both');
    await expect.poll(async () => (await admin.describeTopics([name]))[0]?.partitions[0]?.isr.length, { timeout: 20_000 }).toBe(2);
    await cluster.node(3).kill();
    const consumers = [await reading(driver, name, 0, { reset: 'error' }), await reading(driver, name, 0)] as const;
    for (const consumer of consumers) consumer.seek({ topic: name, partition: 0 }, 0);
    expect([await append('lost 1'), await append('lost 2')]).toEqual([[1], [2]]);
    for (const consumer of consumers) for (let at = 0; at < 3; ) at = (await consumer.next(soon())).nextOffset;
    const partition = { topic: name, partition: 0 };
    const source = { mode: 'assign', partitions: [partition], groupId: 'truncated-group' } as const;
    const member = await driver.consumer({ source, reset: 'earliest' });
    let last = await member.next(soon());
    while (last.nextOffset < 3) last = await member.next(soon());
    await member.commit(new Map([[partitionKey(partition), { offset: last.nextOffset, leaderEpoch: last.leaderEpoch }]]));
    await member.close();
    await cluster.node(2).kill();
    await cluster.node(3).start();
    await append('new 1');
    await append('new 2');
    await append('new 3');
    const [strict, lenient] = consumers;
    await expect(strict.next(soon())).rejects.toMatchObject({
      kind: 'out-of-range',
      message: expect.stringContaining('lost with a former leader'),
    });
    const seen: (string | null)[] = [];
    while (seen.length < 3) seen.push(...(await lenient.next(soon())).records.map((record) => record.valueText()));
    expect(seen).toEqual(['new 1', 'new 2', 'new 3']);
    // Offset 3 of the group is in range again, with another record before it.
    const restarted = await driver.consumer({ source, reset: 'latest' });
    const again: (string | null)[] = [];
    while (again.length < 3) again.push(...(await restarted.next(soon())).records.map((record) => record.valueText()));
    expect(again).toEqual(['new 1', 'new 2', 'new 3']);
    await cluster.node(2).start();
    for (const each of [strict, lenient, restarted, producer]) await each.close();
  });
}
