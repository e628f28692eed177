import { lastValueFrom } from 'rxjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Driver } from '../../../src/kafka/driver.ts';
import { openKafka } from '../../../src/kafka/kafkajs/open-kafka.ts';
import { run } from '../../../src/worker/run-pipeline.ts';
import { deadLetterCases } from '../../worker/dead-letter-cases.ts';
import { describeKafka } from './describe-kafka.ts';
import { sharedBroker } from './shared-broker.ts';

describeKafka('dead letter topics on a broker', () => {
  let driver: Driver;
  beforeAll(async () => {
    const { bootstrap } = await sharedBroker();
    driver = await openKafka({ bootstrap });
  }, 600_000);
  afterAll(() => driver?.close());

  deadLetterCases(() => driver);

  test('a topic that cannot be made fails the task in the words of Connect', async () => {
    const connector = {
      name: 'three',
      'connector.class': 'FileStreamSink',
      'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
      'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
      topics: 'in-three',
      'errors.deadletterqueue.topic.name': 'three-copies',
    };
    await expect(lastValueFrom(run(connector, { driver, logLevel: 'silent' }))).rejects.toMatchObject({
      javaClass: 'org.apache.kafka.connect.errors.ConnectException',
      message: 'Could not initialize dead letter queue with topic=three-copies',
    });
  });
});
