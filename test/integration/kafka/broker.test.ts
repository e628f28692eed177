import { existsSync } from 'node:fs';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Broker, startBroker } from './broker.ts';
import { describeKafka } from './describe-kafka.ts';

const MINUTES = 60_000;

describeKafka('a broker of the tests', () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await startBroker();
  }, 10 * MINUTES);
  afterAll(() => broker?.close());

  async function withAdmin<T>(use: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
    const admin = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING, retry: { retries: 1 } }).admin();
    await admin.connect();
    return use(admin).finally(() => admin.disconnect());
  }

  test('keeps its topics when it is killed and started again', { timeout: MINUTES }, async () => {
    await withAdmin((admin) => admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 3 }] }));
    await broker.kill();
    await expect(withAdmin((admin) => admin.listTopics())).rejects.toThrow();
    await broker.start();
    expect(await withAdmin((admin) => admin.listTopics())).toEqual(['kept']);
  });

  test('leaves nothing behind', { timeout: MINUTES }, async () => {
    await broker.close();
    expect(existsSync(broker.folder)).toBe(false);
  });
});
