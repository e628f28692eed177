import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Admin, Driver } from '../../../src/kafka/driver.ts';
import { openKafka } from '../../../src/kafka/kafkajs/open-kafka.ts';
import { type Broker, startBroker } from './broker.ts';
import { describeKafka } from './describe-kafka.ts';
import { workerOnKafka } from './worker-on-kafka.ts';

const MINUTES = 60_000;

describeKafka('a standalone worker on Kafka', () => {
  let broker: Broker;
  let folder: string;
  let driver: Driver;
  let admin: Admin;
  beforeAll(async () => {
    broker = await startBroker();
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
});
