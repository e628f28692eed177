import { afterAll, beforeAll, describe } from 'vitest';
import { describeKafka } from './describe-kafka.ts';
import { faultCases } from './fault-cases.ts';
import { type FaultyCluster, startFaultyCluster } from './faulty-cluster.ts';
import { kafkajsBugs } from './kafkajs-bugs.ts';

const MINUTES = 60_000;

describeKafka('the Kafka driver behind connections that fail', () => {
  let faulty: FaultyCluster;
  beforeAll(async () => {
    faulty = await startFaultyCluster();
  }, 10 * MINUTES);
  afterAll(() => faulty?.close());

  describe('has none of the bugs of kafkajs', () => kafkajsBugs(() => faulty));
  faultCases(() => faulty);
});
