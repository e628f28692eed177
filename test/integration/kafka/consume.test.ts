import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Admin, Consumer, ConsumerOptions, Driver, InRecord } from '../../../src/kafka/driver.ts';
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
    await admin.createTopics(topics);
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

  test('writes and reads with metadata.max.age.ms 0, which asks for leaders often but not all the time', async () => {
    const lively = await openKafka({ bootstrap: broker.bootstrap, properties: { 'metadata.max.age.ms': '0' } });
    await admin.createTopics([{ name: 'lively', partitions: 1 }]);
    const producer = await lively.producer({ lingerMs: 0 });
    const consumer = await lively.consumer({
      source: { mode: 'assign', partitions: [{ topic: 'lively', partition: 0 }] },
      reset: 'earliest',
    });
    for (const value of ['a', 'b', 'c']) {
      const [answer] = await producer.send([{ topic: 'lively', partition: 0, records: [{ key: null, value }] }]);
      expect(answer?.error).toBeUndefined();
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    expect(await values(consumer)).toEqual(['a', 'b', 'c']);
    await lively.close();
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
});
