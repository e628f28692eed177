import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { DriverError, SubscriptionOptions } from '../../../src/kafka/driver.ts';
import { openKafka } from '../../../src/kafka/kafkajs/open-kafka.ts';
import { type Broker, startBroker } from './broker.ts';
import { describeKafka } from './describe-kafka.ts';
import { type KafkaWorker, workerOnKafka } from './worker-on-kafka.ts';

const MINUTES = 60_000;
const login = {
  'security.protocol': 'SASL_PLAINTEXT',
  'sasl.mechanism': 'PLAIN',
  'sasl.jaas.config': 'org.apache.kafka.common.security.plain.PlainLoginModule required username="alice" password="secret";',
};
const GROUP_AUTHORIZATION_FAILED = 30;

describeKafka('a user who may read topics, and use no group', () => {
  let broker: Broker;
  let worker: KafkaWorker | undefined;
  beforeAll(async () => {
    broker = await startBroker({
      listeners: { LOGIN: 'SASL_PLAINTEXT' },
      properties: {
        'listener.name.login.sasl.enabled.mechanisms': 'PLAIN',
        'listener.name.login.plain.sasl.jaas.config':
          'org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="secret";',
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'super.users': 'User:ANONYMOUS',
      },
    });
    await allow('--topic', '*', 'All');
  }, 10 * MINUTES);
  afterEach(async () => {
    await worker?.close();
    worker = undefined;
  });
  afterAll(() => broker?.close());

  const allow = (resource: string, name: string, operation: string) =>
    broker.tool(
      'org.apache.kafka.tools.AclCommand',
      ...['--bootstrap-server', broker.bootstrap, '--add', '--allow-principal', 'User:alice', '--operation', operation, resource, name],
    );
  const open = () => openKafka({ bootstrap: broker.address('LOGIN'), properties: login });
  /** The first failure of a member of this group. */
  async function failureOf(groupId: string): Promise<DriverError> {
    const driver = await open();
    const { promise, resolve } = Promise.withResolvers<DriverError>();
    const told: SubscriptionOptions = {
      groupId,
      topics: ['t'],
      onAssigned: async () => {},
      onRevoked: async () => {},
      onFailed: resolve,
    };
    await driver.subscribe?.(told);
    return promise.finally(() => driver.close());
  }

  test('is told so when it joins, also when it may look for the group', { timeout: MINUTES }, async () => {
    expect(await failureOf('unseen')).toMatchObject({ kind: 'auth', code: GROUP_AUTHORIZATION_FAILED });
    await allow('--group', 'seen', 'Describe');
    expect(await failureOf('seen')).toMatchObject({ kind: 'auth', code: GROUP_AUTHORIZATION_FAILED });
  });

  test('is told so at once when it asks for offsets and commits them', { timeout: MINUTES }, async () => {
    const driver = await open();
    const partition = { topic: 't', partition: 0 };
    const consumer = await driver.consumer({ source: { mode: 'assign', partitions: [], groupId: 'unseen' } });
    const began = performance.now();
    const refused = { kind: 'auth', code: GROUP_AUTHORIZATION_FAILED, message: expect.stringContaining('group unseen') };
    await expect(consumer.committed([partition])).rejects.toMatchObject(refused);
    await expect(consumer.commit(new Map([['t-0', { offset: 1 }]]))).rejects.toMatchObject(refused);
    expect(performance.now() - began).toBeLessThan(10_000);
    await driver.close();
  });

  test('has a sink whose task fails, and says why', { timeout: MINUTES }, async () => {
    const consumer = Object.fromEntries(Object.entries(login).map(([key, value]) => [`consumer.${key}`, value]));
    worker = await workerOnKafka(broker.address('LOGIN'), { ...login, ...consumer });
    await worker.connectors.create('refused', { 'connector.class': 'FileStreamSink', topics: 't', file: `${broker.folder}/refused` });
    const { tasks } = await worker.until((status) => status.tasks[0]?.state === 'FAILED', 'refused');
    expect(tasks[0]?.trace).toContain('the coordinator of group connect-refused: GROUP_AUTHORIZATION_FAILED');
  });
});
