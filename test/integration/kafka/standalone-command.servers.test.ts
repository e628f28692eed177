import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openKafka } from '../../../src/kafka/kafkajs/open-kafka.ts';
import { OffsetFile } from '../../../src/store/offset-file.ts';
import { SluiceFolder, until } from '../../cli/sluice-process.ts';
import { describeKafka } from './describe-kafka.ts';
import { type SharedBroker, sharedBroker } from './shared-broker.ts';

const MINUTES = 60_000;

describeKafka('sluice standalone on Kafka', () => {
  let broker: SharedBroker;
  let folder: SluiceFolder;
  beforeAll(async () => {
    broker = await sharedBroker();
    folder = new SluiceFolder();
  }, 10 * MINUTES);
  afterAll(() => folder?.remove());

  const textOf = (name: string) => (existsSync(join(folder.path, name)) ? readFileSync(join(folder.path, name), 'utf8') : '');
  const string = 'org.apache.kafka.connect.storage.StringConverter';

  test('is set by the variables of a Docker image; offsets outlive it in their file, connectors made by REST do not', {
    timeout: MINUTES,
  }, async () => {
    const environment = {
      CONNECT_BOOTSTRAP_SERVERS: broker.bootstrap,
      CONNECT_KEY_CONVERTER: string,
      CONNECT_VALUE_CONVERTER: string,
      CONNECT_OFFSET_STORAGE_FILE_FILENAME: join(folder.path, 'offsets'),
      CONNECT_OFFSET_FLUSH_INTERVAL_MS: '50',
      CONNECT_LISTENERS: 'http://127.0.0.1:0',
    };
    folder.write('in.txt', 'one\ntwo\n');
    const source = folder.write('in.properties', 'name=docker-in\nconnector.class=FileStreamSource\nfile=in.txt\ntopic=docker\n');
    const worker = folder.run(['standalone', source], environment);
    const url = await worker.url();
    const sink = { 'connector.class': 'FileStreamSink', topics: 'docker', file: 'out.txt' };
    const body = JSON.stringify({ name: 'docker-out', config: sink });
    const made = await fetch(`${url}/connectors`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(made.status).toBe(201);
    await until(() => textOf('out.txt') === 'one\ntwo\n');
    const { kafka_cluster_id: id } = (await (await fetch(url)).json()) as { kafka_cluster_id: string };
    const driver = await openKafka({ bootstrap: broker.bootstrap });
    expect(id).toBe(await (await driver.admin()).clusterId?.());
    await driver.close();
    worker.child.kill('SIGTERM');
    expect(await worker.ended).toBe(143);
    const told = worker.stderr.split('\n').filter((line) => line.startsWith('{'));
    expect(told.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 30, connector: 'docker-in', msg: 'connector created' }),
      expect.objectContaining({ level: 30, connector: 'docker-out', msg: 'connector created' }),
    ]);
    const { entries } = await OffsetFile.open(join(folder.path, 'offsets'));
    expect([...entries]).toEqual([['["docker-in",{"filename":"in.txt"}]', '{"position":8}']]);

    folder.write('in.txt', 'one\ntwo\nthree\n');
    const again = folder.run(['standalone', source], environment);
    const other = await again.url();
    expect(await (await fetch(`${other}/connectors`)).json()).toEqual(['docker-in']);
    const sinkAgain = folder.run(['config', 'docker-out', '--url', other]);
    expect(await sinkAgain.ended).not.toBe(0);
    await fetch(`${other}/connectors`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    await until(() => textOf('out.txt') === 'one\ntwo\nthree\n');
    again.child.kill('SIGINT');
    expect(await again.ended).toBe(130);
  });
});
