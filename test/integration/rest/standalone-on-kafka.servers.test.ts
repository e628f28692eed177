import { afterAll, beforeAll, test } from 'vitest';
import { describeKafka } from '../kafka/describe-kafka.ts';
import { sharedBroker } from '../kafka/shared-broker.ts';
import { expectOnly } from './expect-only.ts';
import { onStandalone } from './expected-failures.ts';
import { replay } from './replay.ts';
import { type StandaloneWorker, startStandalone } from './standalone-worker.ts';

const MINUTE = 60_000;

describeKafka('on a Kafka cluster', () => {
  let onKafka: StandaloneWorker;
  beforeAll(async () => {
    const { bootstrap } = await sharedBroker();
    onKafka = await startStandalone(bootstrap);
  }, 10 * MINUTE);
  afterAll(() => onKafka?.close());

  test('a standalone worker answers as Kafka Connect did', { timeout: MINUTE }, async () => {
    expectOnly(await replay('standalone.json', onKafka), onStandalone);
  });
});
