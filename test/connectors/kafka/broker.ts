import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Admin, type Driver, kafkaDriver, type OutRecord, openEmbedded } from '../../../src/kafka/index.ts';

/** An embedded broker, in a folder of its own unless one is given. */
export interface TestBroker {
  readonly driver: Driver;
  readonly admin: Admin;
  readonly resources: ReadonlyMap<string, unknown>;
  append(topic: string, partition: number, records: readonly (OutRecord | string)[]): Promise<void>;
  /** Values of a partition as text, from its beginning. */
  values(topic: string, partition?: number): Promise<readonly (string | null)[]>;
  close(): Promise<void>;
}

export async function testBroker(folder = mkdtempSync(join(tmpdir(), 'sluice-kafka-connector-'))): Promise<TestBroker> {
  const driver = await openEmbedded({ dataDir: folder, cleanUpEveryMs: 0 });
  const admin = await driver.admin();
  const producer = await driver.producer();
  return {
    driver,
    admin,
    resources: new Map([[kafkaDriver.id, driver]]),
    async append(topic, partition, values) {
      const records = values.map((value) => (typeof value === 'string' ? { key: null, value } : value));
      const [answer] = await producer.send([{ topic, partition, records }]);
      if (answer?.error !== undefined) throw answer.error;
    },
    async values(topic, partition = 0) {
      const at = { topic, partition };
      const end = (await admin.offsets([at], 'latest')).get(`${topic}-${partition}`) ?? 0;
      const consumer = await driver.consumer({ source: { mode: 'assign', partitions: [at] }, reset: 'earliest' });
      const values: (string | null)[] = [];
      while ((consumer.position(at) ?? 0) < end) {
        const batch = await consumer.next();
        values.push(...batch.records.map((record) => record.valueText()));
        batch.release();
      }
      await consumer.close();
      return values;
    },
    async close() {
      await driver.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
