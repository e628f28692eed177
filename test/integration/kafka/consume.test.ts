import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Admin, type Consumer, type ConsumerOptions, type Driver, type InRecord, partitionKey } from '../../../src/kafka/driver.ts';
import { openKafka } from '../../../src/kafka/kafkajs/open-kafka.ts';
import { describeKafka } from './describe-kafka.ts';
import { type SharedBroker, sharedBroker } from './shared-broker.ts';

const MINUTES = 60_000;
const javaWrites = fileURLToPath(new URL('fixtures/JavaWrites.java', import.meta.url));

describeKafka('the consumer of the Kafka driver', () => {
  let broker: SharedBroker;
  let driver: Driver;
  let admin: Admin;
  beforeAll(async () => {
    broker = await sharedBroker();
    driver = await openKafka({ bootstrap: broker.bootstrap });
    admin = await driver.admin();
    const topics = ['compressed', 'transactional'].map((name) => ({ name, partitions: 1 }));
    await admin.createTopics([...topics, { name: 'shared', partitions: 4 }]);
    await broker.tool(javaWrites, broker.bootstrap, 'compressed', 'transactional');
  }, 10 * MINUTES);
  afterAll(async () => {
    await driver?.close();
  });

  const read = (topic: string, options: Partial<ConsumerOptions> = {}): Promise<Consumer> =>
    driver.consumer({ source: { mode: 'assign', partitions: [{ topic, partition: 0 }] }, reset: 'earliest', ...options });

  const append = async (topic: string, value: string, partition = 0): Promise<void> => {
    const producer = await driver.producer();
    const [answer] = await producer.send([{ topic, partition, records: [{ key: null, value }] }]);
    expect(answer?.error).toBeUndefined();
    await producer.close();
  };

  /** What there is until nothing comes for a while. */
  async function everything(consumer: Consumer): Promise<readonly InRecord[]> {
    const found: InRecord[] = [];
    try {
      for (;;) found.push(...(await consumer.next(AbortSignal.timeout(500))).detach().records);
    } catch (error) {
      if (!(error instanceof Error && error.name === 'TimeoutError')) throw error;
    }
    await consumer.close();
    return found;
  }
  const values = async (consumer: Consumer) => (await everything(consumer)).map((record) => record.valueText());

  test("reads what Java's producer writes, with headers in their order and in all compressions", async () => {
    const found = await everything(await read('compressed'));
    const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
    expect(found.map((record) => [record.offset, record.timestamp, record.keyText(), record.valueText()])).toEqual(
      compressions.flatMap((compression, at) =>
        [0, 1, 2].map((i) => [at * 3 + i, 1000 + i, `k${i}`, `${compression}${' värde '.repeat(50)}${i}`]),
      ),
    );
    for (const { headers } of found)
      expect(headers.map(([key, value]) => [key, value === null ? null : [...value]])).toEqual([
        ['b', [1, 0, 255]],
        ['a', null],
        ['b', [195, 169]],
      ]);
  });

  test('reads only committed records, though transactions interleave and keys look like markers, and stops at an open one', async () => {
    expect(await values(await read('transactional', { isolation: 'committed' }))).toEqual(['kept 1', 'kept 2']);
    const later = await read('transactional', { isolation: 'committed' });
    // Both transactions began before: the broker lists them both.
    later.seek({ topic: 'transactional', partition: 0 }, 2);
    expect(await values(later)).toEqual(['kept 1', 'kept 2']);
    const all = ['aborted 1', 'aborted 2', 'aborted 3', 'aborted 4', 'kept 1', 'aborted 5', 'kept 2', 'open'];
    expect(await values(await read('transactional', { isolation: 'uncommitted' }))).toEqual(all);
  });

  test('ends an open transaction of a producer that it fences', { timeout: MINUTES }, async () => {
    await admin.fenceProducers?.(['two']);
    const consumer = await read('transactional', { isolation: 'committed' });
    await append('transactional', 'after');
    expect(await values(consumer)).toEqual(['kept 1', 'kept 2', 'after']);
  });

  test('divides the partitions of a group among its members, and hands them over with their offsets', { timeout: MINUTES }, async () => {
    const partitions = [0, 1, 2, 3].map((partition) => ({ topic: 'shared', partition }));
    for (const { partition } of partitions) await append('shared', `a${partition}`, partition);
    const seen: (string | null)[] = [];
    const open = async (): Promise<Consumer> => {
      const consumer: Consumer = await driver.consumer({
        source: { mode: 'group', groupId: 'readers', topics: ['shared'], sessionMs: 10_000, rebalanceMs: 10_000 },
        reset: 'earliest',
        onRevoked: (revoked) =>
          consumer.commit(new Map(revoked.map((each) => [partitionKey(each), { offset: consumer.position(each) ?? 0 }]))),
      });
      return consumer;
    };
    const take = async (consumer: Consumer, count: number) => {
      for (let left = count; left > 0; ) {
        const batch = await consumer.next(AbortSignal.timeout(20_000));
        seen.push(...batch.records.map((record) => record.valueText()));
        left -= batch.count;
        batch.release();
      }
    };
    const first = await open();
    expect(first.assignment()).toHaveLength(4);
    await take(first, 4);
    const second = await open();
    await expect.poll(() => [first.assignment().length, second.assignment().length], { timeout: 20_000 }).toEqual([2, 2]);
    for (const { partition } of partitions) await append('shared', `b${partition}`, partition);
    await Promise.all([take(first, 2), take(second, 2)]);
    await second.commit(new Map(second.assignment().map((each) => [partitionKey(each), { offset: second.position(each) ?? 0 }])));
    await second.close();
    await expect.poll(() => first.assignment().length, { timeout: 20_000 }).toBe(4);
    for (const { partition } of partitions) await append('shared', `c${partition}`, partition);
    await take(first, 4);
    expect(seen.toSorted()).toEqual(['a0', 'a1', 'a2', 'a3', 'b0', 'b1', 'b2', 'b3', 'c0', 'c1', 'c2', 'c3']);
    await first.close();
  });

  test('lets members of any protocol type agree, and join again when one asks for it', { timeout: MINUTES }, async () => {
    const log: string[] = [];
    let version = '1';
    const join = (name: string) =>
      driver.group?.({
        groupId: 'workers',
        protocolType: 'connect',
        sessionMs: 10_000,
        rebalanceMs: 10_000,
        heartbeatMs: 200,
        protocols: () => [{ name: 'sessioned', metadata: Buffer.from(`${name} ${version}`) }],
        assign: (_, members) => {
          const all = members.map(({ metadata }) => Buffer.from(metadata).toString()).sort();
          return new Map(members.map(({ memberId }) => [memberId, Buffer.from(all.join())]));
        },
        onAssigned: async ({ assignment }) => void log.push(`${name}: ${Buffer.from(assignment)}`),
        onRevoked: async (why) => void log.push(`${name} ${why}`),
      });
    const first = await join('a');
    expect(log).toEqual(['a: a 1']);
    const second = await join('b');
    await expect.poll(() => log.slice(1).toSorted(), { timeout: 20_000 }).toEqual(['a rebalance', 'a: a 1,b 1', 'b: a 1,b 1']);
    expect(first?.generation).toBe(second?.generation);
    log.length = 0;
    version = '2';
    second?.requestRejoin('its configuration changed');
    const again = ['a rebalance', 'a: a 2,b 2', 'b rebalance', 'b: a 2,b 2'];
    await expect.poll(() => log.toSorted(), { timeout: 20_000 }).toEqual(again);
    const [described] = (await admin.describeGroups?.(['workers'])) ?? [];
    const facts = [
      described?.state,
      described?.protocolType,
      described?.members.map(({ metadata }) => Buffer.from(metadata).toString()).sort(),
    ];
    expect(facts).toEqual(['Stable', 'connect', ['a 2', 'b 2']]);
    expect(second?.lastHeartbeatAgeMs()).toBeLessThan(10_000);
    await second?.leave();
    await expect.poll(() => log.at(-1), { timeout: 20_000 }).toBe('a: a 2');
    await first?.leave();
  });
});
