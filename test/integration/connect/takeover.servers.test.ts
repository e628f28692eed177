import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openKafka } from '../../../src/kafka/kafkajs/open-kafka.ts';
import { SluiceFolder, until } from '../../cli/sluice-process.ts';
import { classpath } from '../kafka/classpath.ts';
import { describeKafka } from '../kafka/describe-kafka.ts';
import { freePorts } from '../kafka/free-ports.ts';
import { JavaProcess } from '../kafka/java.ts';
import { sharedBroker } from '../kafka/shared-broker.ts';

const MINUTES = 60_000;
const pom = fileURLToPath(new URL('../../bench/connect/pom.xml', import.meta.url));
const string = 'org.apache.kafka.connect.storage.StringConverter';

const settingsOf = (bootstrap: string, port: number): string => `bootstrap.servers=${bootstrap}
group.id=takeover
listeners=http://127.0.0.1:${port}
key.converter=${string}
value.converter=${string}
config.storage.topic=takeover-configs
config.storage.replication.factor=1
offset.storage.topic=takeover-offsets
offset.storage.partitions=5
offset.storage.replication.factor=1
status.storage.topic=takeover-status
status.storage.replication.factor=1
offset.flush.interval.ms=500
consumer.session.timeout.ms=6000
`;

describeKafka('the state of a cluster', () => {
  let bootstrap: string;
  let jars: string;
  let port: number;
  const folder = new SluiceFolder();
  beforeAll(async () => {
    ({ bootstrap } = await sharedBroker());
    jars = await classpath('4.3.1', pom);
    [port = 0] = await freePorts(1);
    const driver = await openKafka({ bootstrap });
    const admin = await driver.admin();
    // One partition, so that what goes through it keeps its order.
    await admin.createTopics([{ name: 'takeover', partitions: 1, replicationFactor: 1 }]);
    await driver.close();
  }, 10 * MINUTES);
  afterAll(() => folder.remove());

  const at = (file: string): string => join(folder.path, file);
  const lines = (from: number, count: number) => Array.from({ length: count }, (_, i) => `line ${from + i}`);
  const append = (from: number, count: number) => appendFileSync(at('in.txt'), `${lines(from, count).join('\n')}\n`);
  const written = () => (existsSync(at('out.txt')) ? readFileSync(at('out.txt'), 'utf8').split('\n').slice(0, -1) : []);

  async function ask(method: string, path: string, body?: object): Promise<unknown> {
    const init = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, ...init });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
  const up = () => until(() => ask('GET', '/connectors').then(Boolean, () => false));

  test('goes from Java to us and back: connectors, tasks, states, offsets', { timeout: 5 * MINUTES }, async () => {
    writeFileSync(at('in.txt'), '');
    const file = folder.write('worker.properties', settingsOf(bootstrap, port));
    const connect = () => new JavaProcess(jars, 'org.apache.kafka.connect.cli.ConnectDistributed', [file]);
    const shown = async () => {
      const all = (await ask('GET', '/connectors?expand=info&expand=status')) as Readonly<
        Record<string, { info: { config: object; tasks: object[] } }>
      >;
      return Object.fromEntries(Object.entries(all).map(([name, { info }]) => [name, [info.config, info.tasks]]));
    };
    const running = { connector: { state: 'RUNNING' }, tasks: [{ id: 0, state: 'RUNNING' }] };
    const runs = (name: string) =>
      until(async () => {
        const status = (await ask('GET', `/connectors/${name}/status`).catch(() => undefined)) as typeof running | undefined;
        return status?.connector.state === 'RUNNING' && status.tasks.map(({ state }) => state).join() === 'RUNNING';
      });

    const java = connect();
    await up();
    append(0, 100);
    await until(() =>
      ask('PUT', '/connectors/in/config', { 'connector.class': 'FileStreamSource', file: at('in.txt'), topic: 'takeover' }).then(
        () => true,
        () => false,
      ),
    );
    await ask('PUT', '/connectors/out/config', { 'connector.class': 'FileStreamSink', file: at('out.txt'), topics: 'takeover' });
    await ask('POST', '/connectors', {
      name: 'resting',
      config: { 'connector.class': 'FileStreamSource', file: at('in.txt'), topic: 'never' },
      initial_state: 'STOPPED',
    });
    await runs('in');
    await runs('out');
    await until(() => written().length >= 100);
    const left = await shown();
    const beside = folder.run(['distributed', file, '--set', 'listeners=http://127.0.0.1:0', '--set', 'session.timeout.ms=6000']);
    expect(await beside.ended).toBe(1);
    expect(beside.stderr).toContain('group.id=takeover has another worker: ');
    await java.end('SIGTERM');

    const ours = folder.run(['distributed', file]);
    await ours.url();
    expect(await shown()).toEqual(left);
    append(100, 100);
    await runs('in');
    await runs('out');
    await until(() => written().length >= 200);
    expect(await ask('GET', '/connectors/resting/status')).toMatchObject({ connector: { state: 'STOPPED' }, tasks: [] });
    await ask('PUT', '/connectors/in/config', {
      'connector.class': 'FileStreamSource',
      file: at('in.txt'),
      topic: 'takeover',
      note: 'ours',
    });
    await until(async () => JSON.stringify(await ask('GET', '/connectors/in/tasks')).includes('ours'));
    await runs('in');
    const kept = await shown();
    ours.child.kill('SIGTERM');
    await ours.ended;

    append(200, 100);
    const again = connect();
    await up();
    await until(async () => Object.keys(await shown().catch(() => ({}))).length === 3);
    expect(await shown()).toEqual(kept);
    await until(() => written().length >= 300);
    // Everyone stopped in order, and went on where the other one was.
    expect(written()).toEqual(lines(0, 300));
    expect(await ask('GET', '/connectors/in/status')).toMatchObject(running);
    expect(await ask('GET', '/connectors/resting/status')).toMatchObject({ connector: { state: 'STOPPED' }, tasks: [] });
    await again.end('SIGTERM');
  });
});
