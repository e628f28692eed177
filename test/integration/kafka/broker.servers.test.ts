import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openKafka } from '../../../src/kafka/kafkajs/open-kafka.ts';
import { type Broker, startBroker } from './broker.ts';
import { describeKafka } from './describe-kafka.ts';

const MINUTES = 60_000;

describeKafka('a broker of the tests', () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await startBroker();
  }, 10 * MINUTES);
  afterAll(() => broker?.close());

  test('keeps its topics when it is killed and started again, and a consumer goes on without an error', {
    timeout: 2 * MINUTES,
  }, async () => {
    const driver = await openKafka({ bootstrap: broker.bootstrap });
    const append = async (value: string) => {
      const producer = await driver.producer();
      const [answer] = await producer.send([{ topic: 'kept', partition: 0, records: [{ key: null, value }] }]);
      expect(answer?.error).toBeUndefined();
      await producer.close();
    };
    await (await driver.admin()).createTopics([{ name: 'kept', partitions: 1 }]);
    await append('before');
    const consumer = await driver.consumer({
      source: { mode: 'assign', partitions: [{ topic: 'kept', partition: 0 }] },
      reset: 'earliest',
    });
    expect((await consumer.next()).records[0]?.valueText()).toBe('before');
    const next = consumer.next(AbortSignal.timeout(MINUTES));
    await broker.kill();
    await expect(openKafka({ bootstrap: broker.bootstrap })).rejects.toThrow(broker.bootstrap);
    await broker.start();
    await append('after');
    expect((await next).records[0]?.valueText()).toBe('after');
    await driver.close();
  });

  test('leaves nothing behind', { timeout: MINUTES }, async () => {
    await broker.close();
    expect(existsSync(broker.folder)).toBe(false);
  });
});
