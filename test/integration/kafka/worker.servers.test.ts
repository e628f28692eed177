import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Admin, Driver } from '../../../src/kafka/driver.ts';
import { openKafka } from '../../../src/kafka/kafkajs/open-kafka.ts';
import { OffsetTopic } from '../../../src/store/offset-topic.ts';
import { type Broker, startBroker } from './broker.ts';
import { describeKafka } from './describe-kafka.ts';
import { producing } from './producing.ts';
import { workerOnKafka } from './worker-on-kafka.ts';

const MINUTES = 60_000;

describeKafka('a standalone worker on Kafka', () => {
  let broker: Broker;
  let folder: string;
  let driver: Driver;
  let admin: Admin;
  beforeAll(async () => {
    broker = await startBroker({ properties: { 'auto.create.topics.enable': 'false' } });
    driver = await openKafka({ bootstrap: broker.bootstrap });
    admin = await driver.admin();
    folder = mkdtempSync(join(tmpdir(), 'sluice-worker-kafka-'));
  }, 10 * MINUTES);
  afterAll(async () => {
    await driver?.close();
    await broker?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const file = (name: string) => join(folder, name);
  const textOf = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : '');
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  test('copies a file to a topic and the topic to a file', { timeout: MINUTES }, async () => {
    await admin.createTopics([{ name: 'lines' }]);
    writeFileSync(file('in.txt'), 'one\ntwo\n');
    const worker = await workerOnKafka(broker.bootstrap);
    const source = { 'connector.class': 'FileStreamSource', file: file('in.txt'), topic: 'lines' };
    const sink = { 'connector.class': 'FileStreamSink', file: file('out.txt'), topics: 'lines' };
    await worker.connectors.create('in', source);
    await worker.connectors.create('out', sink);
    await until(() => textOf('out.txt') === 'one\ntwo\n');
    await worker.close();
    expect(await admin.groupOffsets('connect-out')).toEqual(new Map([['lines-0', 2]]));
  });

  test('a source whose topic is missing fails and says so; with rules for topics it makes its own', { timeout: MINUTES }, async () => {
    writeFileSync(file('lost.txt'), 'one\n');
    const worker = await workerOnKafka(broker.bootstrap);
    const source = { 'connector.class': 'FileStreamSource', file: file('lost.txt') };
    await worker.connectors.create('lost', { ...source, topic: 'nowhere' });
    const { tasks } = await worker.until(({ tasks: [task] }) => task?.state === 'FAILED', 'lost');
    expect(tasks[0]?.trace).toContain('There is no topic nowhere, and the broker does not make it.');
    expect(tasks[0]?.trace).toContain('auto.create.topics.enable');

    const rules = { 'default.partitions': '2', 'default.replication.factor': '1', 'default.retention.ms': '77777' };
    const creation = Object.fromEntries(Object.entries(rules).map(([key, value]) => [`topic.creation.${key}`, value]));
    await worker.connectors.create('made', { ...source, topic: 'made', ...creation });
    await worker.until(() => worker.events.some(({ kind, connector }) => kind === 'offsets-committed' && connector === 'made'), 'made');
    expect((await admin.describeTopics(['made']))[0]?.partitions).toHaveLength(2);
    expect((await admin.topicConfigs(['made'])).get('made')).toMatchObject({ 'retention.ms': '77777' });
    await worker.close();
  });

  test('a sink whose topic is missing says so, and reads it once it is there', { timeout: MINUTES }, async () => {
    const worker = await workerOnKafka(broker.bootstrap);
    await worker.connectors.create('late', { 'connector.class': 'FileStreamSink', file: file('late.txt'), topics: 'late' });
    await until(() => worker.log.some((line) => line.includes('Waiting for topics that do not exist yet.') && line.includes('"late"')));
    await admin.createTopics([{ name: 'late' }]);
    const producer = await driver.producer();
    await producer.send([{ topic: 'late', partition: 0, records: [{ key: null, value: 'at last' }] }]);
    await until(() => textOf('late.txt') === 'at last\n');
    expect(worker.connectors.status('late').tasks[0]?.state).toBe('RUNNING');
    await worker.close();
  });

  test('while no broker answers tasks wait and say so, and go on when one does', { timeout: 2 * MINUTES }, async () => {
    await Promise.all(['old', 'new'].map((name) => admin.createTopics([{ name }])));
    const soon = { 'request.timeout.ms': '1000', 'default.api.timeout.ms': '1000', 'retry.backoff.ms': '10', 'retry.backoff.max.ms': '50' };
    const impatient = Object.entries(soon).flatMap(([key, value]) => ['', 'producer.', 'consumer.'].map((client) => [client + key, value]));
    const worker = await workerOnKafka(broker.bootstrap, Object.fromEntries(impatient));
    const pair = async (topic: string) => {
      writeFileSync(file(`${topic}-in.txt`), 'before\n');
      const source = { 'connector.class': 'FileStreamSource', file: file(`${topic}-in.txt`), topic };
      await worker.connectors.create(`${topic}-in`, source);
      await worker.connectors.create(`${topic}-out`, {
        'connector.class': 'FileStreamSink',
        file: file(`${topic}-out.txt`),
        topics: topic,
      });
    };
    await pair('old');
    await until(() => textOf('old-out.txt') === 'before\n');
    await broker.kill();
    appendFileSync(file('old-in.txt'), 'meanwhile\n');
    await pair('new');
    await until(() => worker.log.some((line) => line.includes('No broker can be reached; it is tried again.')));
    await until(() => worker.log.some((line) => line.includes(`Broker ${broker.bootstrap} cannot be reached; it is tried again.`)));
    const states = () => worker.connectors.names().flatMap((name) => worker.connectors.status(name).tasks.map(({ state }) => state));
    await until(() => states().join() === 'RUNNING,RUNNING,RUNNING,RUNNING');
    await broker.start();
    await until(() => textOf('old-out.txt') === 'before\nmeanwhile\n' && textOf('new-out.txt') === 'before\n');
    expect(states()).toEqual(['RUNNING', 'RUNNING', 'RUNNING', 'RUNNING']);
    await worker.close();
  });

  test('a source whose offsets are on a topic runs and waits for them while no broker answers', { timeout: 2 * MINUTES }, async () => {
    const soon = { 'request.timeout.ms': '1000', 'default.api.timeout.ms': '1000', 'retry.backoff.max.ms': '50' };
    const own = await openKafka({ properties: { 'bootstrap.servers': broker.bootstrap, ...soon } });
    const offsets = await OffsetTopic.open(own, { topic: 'offsets', partitions: 1 });
    const worker = await workerOnKafka(broker.bootstrap, {}, [], offsets);
    await admin.createTopics([{ name: 'kept' }]);
    writeFileSync(file('kept.txt'), 'before\n');
    const source = { 'connector.class': 'FileStreamSource', file: file('kept.txt'), topic: 'kept' };
    await worker.connectors.create('kept', source);
    await worker.until(() => worker.events.some(({ kind }) => kind === 'offsets-committed'), 'kept');
    await broker.kill();
    appendFileSync(file('kept.txt'), 'meanwhile\n');
    await worker.connectors.restartTask('kept', 0);
    await worker.until(({ tasks: [task] }) => task?.state === 'RUNNING', 'kept');
    // Longer than a look for offsets may take.
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect(worker.connectors.status('kept').tasks[0]?.state).toBe('RUNNING');
    await broker.start();
    const reader = await producing(broker.bootstrap);
    while ((await reader.values('kept')).length < 2) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await reader.values('kept')).toEqual(['before', 'meanwhile']);
    await reader.close();
    await worker.close();
    await own.close();
  });
});
