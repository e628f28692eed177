import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../cli/sluice-process.ts';
import { type Broker, startBroker } from '../kafka/broker.ts';
import { describeKafka } from '../kafka/describe-kafka.ts';
import { startDistributed } from './distributed-worker.ts';
import { expectOnly } from './expect-only.ts';
import { onCluster } from './expected-failures.ts';
import { type Replayed, replay } from './replay.ts';

const MINUTE = 60_000;

/** Groups of steps that wait long, each with some that do not: what does not concern each other runs at the same time. */
const lanes = [
  ['failing', 'root', 'media'],
  ['restart', 'patch', 'routes', 'body'],
  ['offsets', 'initial', 'values', 'names'],
  ['state', 'create', 'aliases', 'missing', 'plugins', 'loggers', 'validate'],
];

describeKafka('a worker of a cluster of one', () => {
  let broker: Broker;
  beforeAll(async () => {
    // A topic that is made by writing to it has one partition, as in the recordings.
    broker = await startBroker();
  }, 10 * MINUTE);
  afterAll(() => broker?.close());

  test.concurrent('answers as Kafka Connect did, twice in a row', { timeout: 3 * MINUTE }, async () => {
    const worker = await startDistributed(broker.bootstrap, 'replay');
    try {
      for (const round of ['a', 'b']) {
        const parts = await Promise.all(lanes.map((only, lane) => replay('distributed.json', { ...worker, only, run: `${round}${lane}` })));
        const failed: Replayed['failed'] = Object.assign({}, ...parts.map((part) => part.failed));
        expectOnly({ failed }, onCluster);
        expect(parts.reduce((sum, { passed }) => sum + passed, 0)).toBe(728);
      }
      expect(await worker.end('SIGTERM')).toBe(143);
    } finally {
      await worker.close();
    }
  });

  test.concurrent('does not start beside another worker of its group', { timeout: MINUTE }, async () => {
    const worker = await startDistributed(broker.bootstrap, 'alone');
    try {
      await expect(startDistributed(broker.bootstrap, 'alone')).rejects.toThrow(
        `group.id=alone has another worker: ${new URL(worker.url).host}. One worker runs all that a group has, so far`,
      );
      expect((await fetch(`${worker.url}/connectors`)).ok).toBe(true);
    } finally {
      await worker.close();
    }
  });

  test.concurrent('takes up everything again, after a stop and after kill -9, and loses no record', { timeout: MINUTE }, async () => {
    let worker = await startDistributed(broker.bootstrap, 'again');
    const { cwd } = worker;
    const ask = async (method: string, path: string, body?: object) => {
      const init = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      const answer = await fetch(`${worker.url}${path}`, { method, ...init });
      expect(answer.ok).toBe(true);
      const text = await answer.text();
      return text === '' ? undefined : JSON.parse(text);
    };
    const string = 'org.apache.kafka.connect.storage.StringConverter';
    // The group of the sink waits for its member that was killed, as long as the session lasts.
    const connector = { 'key.converter': string, 'value.converter': string, 'consumer.override.session.timeout.ms': '6000' };
    const written = () => (existsSync(join(cwd, 'out.txt')) ? readFileSync(join(cwd, 'out.txt'), 'utf8').split('\n').slice(0, -1) : []);
    const lines = (from: number, count: number) => Array.from({ length: count }, (_, i) => `line ${from + i}`);
    const append = (from: number, count: number) => appendFileSync(join(cwd, 'in.txt'), `${lines(from, count).join('\n')}\n`);
    const arrived = (count: number) => until(() => new Set(written()).size >= count);
    try {
      writeFileSync(join(cwd, 'in.txt'), '');
      append(0, 1_000);
      await ask('PUT', '/connectors/in/config', {
        ...connector,
        'connector.class': 'FileStreamSource',
        file: 'in.txt',
        topic: 'again-lines',
      });
      await ask('PUT', '/connectors/out/config', {
        ...connector,
        'connector.class': 'FileStreamSink',
        file: 'out.txt',
        topics: 'again-lines',
      });
      await ask('POST', '/connectors', {
        name: 'resting',
        config: { ...connector, 'connector.class': 'FileStreamSource', file: 'in.txt', topic: 'never' },
        initial_state: 'STOPPED',
      });
      await arrived(1_000);
      append(1_000, 1_000);
      await worker.end('SIGKILL');
      worker = await worker.again();
      await arrived(2_000);
      await worker.end('SIGTERM');
      append(2_000, 1_000);
      worker = await worker.again();
      await arrived(3_000);
      expect(new Set(written())).toEqual(new Set(lines(0, 3_000)));
      // An orderly stop commits: nothing of before repeats after it.
      expect(written().slice(-1_000)).toEqual(lines(2_000, 1_000));
      const states = await ask('GET', '/connectors?expand=status');
      expect(states).toMatchObject({
        in: { status: { connector: { state: 'RUNNING' }, tasks: [{ state: 'RUNNING' }] } },
        out: { status: { connector: { state: 'RUNNING' }, tasks: [{ state: 'RUNNING' }] } },
        resting: { status: { connector: { state: 'STOPPED' }, tasks: [] } },
      });
    } finally {
      await worker.close();
    }
  });
});
