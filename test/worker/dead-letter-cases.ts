import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { BatchError, config, defineSink, writeInOrder } from 'sluice/sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Driver, InRecord } from '../../src/kafka/driver.ts';
import { run } from '../../src/worker/run-pipeline.ts';

/** Refuses the values that begin with `bad`, and takes the others. */
const picky = defineSink({
  name: 'picky',
  summary: 'Refuses some records.',
  config: config({}),
  open: () =>
    writeInOrder((records) => {
      const refused = records.flatMap(({ value }, i) =>
        String(value).startsWith('bad') ? [[i, new Error(`refused ${value}`)] as const] : [],
      );
      if (refused.length > 0) throw new BatchError(new Map(refused));
      return [];
    }),
});

const string = 'org.apache.kafka.connect.storage.StringConverter';
const json = 'org.apache.kafka.connect.json.JsonConverter';
const worker = { 'key.converter': string, 'value.converter': string, 'offset.flush.interval.ms': '20' };
const tolerant = {
  'errors.tolerance': 'all',
  'errors.deadletterqueue.topic.replication.factor': '1',
  'errors.deadletterqueue.context.headers.enable': 'true',
};

const again = () => new Promise((resolve) => setTimeout(resolve, 10));

/** What dead letter topics are on any driver. */
export function deadLetterCases(driverOf: () => Driver): void {
  let folder: string;
  let topic: string;
  let made = 0;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-dead-'));
    topic = `in-${made++}`;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const out = () => join(folder, 'out.txt');
  const sink = (more: Readonly<Record<string, string>>) => ({
    name: `c-${topic}`,
    'connector.class': 'FileStreamSink',
    file: out(),
    topics: topic,
    'errors.deadletterqueue.topic.name': `${topic}-dead`,
    ...more,
  });

  async function append(...values: readonly string[]): Promise<void> {
    const admin = await driverOf().admin();
    await admin.createTopics([{ name: topic, partitions: 1, replicationFactor: 1 }]);
    await admin.close();
    const producer = await driverOf().producer();
    const records = values.map((value, i) => ({ key: `k${i}`, value, headers: [['n', String(i)]] as const, timestamp: 1_000 + i }));
    await producer.send([{ topic, partition: 0, records }]);
    await producer.close();
  }

  /** The first `count` dead letters, once they are there. */
  async function deadLetters(count: number): Promise<readonly InRecord[]> {
    const partition = { topic: `${topic}-dead`, partition: 0 };
    const admin = await driverOf().admin();
    while ((await admin.describeTopics([partition.topic])).length === 0) await again();
    await admin.close();
    const consumer = await driverOf().consumer({ source: { mode: 'assign', partitions: [partition] }, reset: 'earliest' });
    const found: InRecord[] = [];
    while (found.length < count) found.push(...(await consumer.next(AbortSignal.timeout(10_000))).detach().records);
    await consumer.close();
    return found;
  }

  /** Runs the connector until `done`, stops it and gives the offset its group has then. */
  async function runUntil(connector: ReturnType<typeof sink>, done: () => Promise<unknown>): Promise<number | undefined> {
    const stop = new AbortController();
    const ended = lastValueFrom(run(connector, { driver: driverOf(), worker, plugins: [picky], signal: stop.signal, logLevel: 'silent' }), {
      defaultValue: undefined,
    });
    await Promise.race([done(), ended]);
    stop.abort();
    await ended;
    const admin = await driverOf().admin();
    const offsets = await admin.groupOffsets(`connect-${connector.name}`);
    await admin.close();
    return offsets.get(`${topic}-0`);
  }

  const shown = (letter: InRecord) => ({
    key: letter.keyText(),
    value: letter.valueText(),
    timestamp: letter.timestamp,
    headers: Object.fromEntries(
      letter.headers
        .map(([name, value]) => [name.replace('__connect.errors.', ''), value && new TextDecoder().decode(value)] as const)
        .filter(([name]) => !name.startsWith('exception.')),
    ),
  });
  const context = (offset: number, stage: string, className: string) => ({
    topic,
    partition: '0',
    offset: String(offset),
    'connector.name': `c-${topic}`,
    'task.id': '0',
    stage,
    'class.name': className,
  });

  test('a record that its converter cannot read goes there as it was consumed, and the others go on', async () => {
    await append('{"a":1}', '{"a":', '{"a":3}');
    const connector = sink({ ...tolerant, 'value.converter': json, 'value.converter.schemas.enable': 'false' });
    let letters: readonly InRecord[] = [];
    const offset = await runUntil(connector, async () => {
      letters = await deadLetters(1);
    });
    expect(letters.map(shown)).toEqual([
      { key: 'k1', value: '{"a":', timestamp: 1_001, headers: { n: '1', ...context(1, 'VALUE_CONVERTER', json) } },
    ]);
    expect(readFileSync(out(), 'utf8')).toBe('{a=1}\n{a=3}\n');
    expect(offset).toBe(3);
  });

  test('a record that a transform refused goes there, not what the transforms before it made of it', async () => {
    await append('7', 'seven');
    const cast = 'org.apache.kafka.connect.transforms.Cast$Value';
    const connector = sink({
      ...tolerant,
      transforms: 'route,cast',
      'transforms.route.type': 'org.apache.kafka.connect.transforms.RegexRouter',
      'transforms.route.regex': '.*',
      'transforms.route.replacement': 'elsewhere',
      'transforms.cast.type': cast,
      'transforms.cast.spec': 'int32',
    });
    let letters: readonly InRecord[] = [];
    await runUntil(connector, async () => {
      letters = await deadLetters(1);
    });
    expect(letters.map(shown)).toEqual([
      { key: 'k1', value: 'seven', timestamp: 1_001, headers: { n: '1', ...context(1, 'TRANSFORMATION', cast) } },
    ]);
  });

  test('records that a sink refused go there in their order', async () => {
    await append('bad 0', 'good', 'bad 2');
    let letters: readonly InRecord[] = [];
    const offset = await runUntil({ ...sink(tolerant), 'connector.class': 'picky' }, async () => {
      letters = await deadLetters(2);
    });
    expect(letters.map((letter) => letter.valueText())).toEqual(['bad 0', 'bad 2']);
    expect(shown(letters[0] as InRecord).headers).toEqual({
      n: '0',
      ...context(0, 'TASK_PUT', 'org.apache.kafka.connect.sink.SinkTask'),
    });
    expect(offset).toBe(3);
  });

  test('without tolerance the first failed record is there too, and fails the task', async () => {
    await append('good', 'bad 1', 'good');
    const connector = { ...sink({ ...tolerant, 'errors.tolerance': 'none' }), 'connector.class': 'picky' };
    await expect(runUntil(connector, () => new Promise(() => undefined))).rejects.toThrow('refused bad 1');
    expect((await deadLetters(1)).map((letter) => letter.valueText())).toEqual(['bad 1']);
  });

  test('the topic that is made has one partition, and one that is there is left as it is', async () => {
    await append('good');
    const admin = await driverOf().admin();
    await admin.createTopics([{ name: `${topic}-wide`, partitions: 3, replicationFactor: 1 }]);
    for (const name of [`${topic}-dead`, `${topic}-wide`]) {
      const written = async () => {
        while ((await admin.groupOffsets(`connect-${name}`)).get(`${topic}-0`) !== 1) await again();
      };
      await runUntil({ ...sink({ ...tolerant, 'errors.deadletterqueue.topic.name': name }), name }, written);
    }
    const found = await admin.describeTopics([`${topic}-dead`, `${topic}-wide`]);
    await admin.close();
    expect(Object.fromEntries(found.map(({ name, partitions }) => [name, partitions.length]))).toEqual({
      [`${topic}-dead`]: 1,
      [`${topic}-wide`]: 3,
    });
  });
}
