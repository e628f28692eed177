import { beforeAll, test } from 'vitest';
import { openKafka } from '../../../src/kafka/kafkajs/open-kafka.ts';
import { driverContract } from '../../../src/testing/driver-contract.ts';
import { describeKafka } from './describe-kafka.ts';
import { type SharedBroker, sharedBroker } from './shared-broker.ts';

const MINUTES = 60_000;

describeKafka('the Kafka driver on a real broker', () => {
  let broker: SharedBroker;
  beforeAll(async () => {
    broker = await sharedBroker();
  }, 10 * MINUTES);

  const open = async () => {
    const driver = await openKafka({ bootstrap: broker.bootstrap, properties: { 'heartbeat.interval.ms': '200' } });
    return { driver, close: () => driver.close() };
  };
  for (const { name, run } of driverContract(open)) {
    test(name, { timeout: MINUTES }, async ({ skip }) => {
      const skipped = await run();
      skip(skipped !== undefined, skipped?.skipped);
    });
  }
});
