import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Appended, OutRecord } from '../../../src/kafka/driver.ts';
import { openKafka } from '../../../src/kafka/kafkajs/open-kafka.ts';
import { describeKafka } from './describe-kafka.ts';
import { type Producing, producing } from './producing.ts';
import { type SharedBroker, sharedBroker } from './shared-broker.ts';

const MINUTES = 60_000;
const of = (...values: readonly string[]): OutRecord[] => values.map((value) => ({ key: null, value }));
const offsets = (answers: readonly Appended[]) =>
  answers.map((answer) => (answer.error === undefined ? answer.baseOffset : answer.error.kind));

describeKafka('a producer on a real broker', () => {
  let broker: SharedBroker;
  let on: Producing;
  beforeAll(async () => {
    broker = await sharedBroker();
    const driver = await openKafka({ bootstrap: broker.bootstrap });
    const limited = { partitions: 1, configs: { 'max.message.bytes': '3000' } };
    await (await driver.admin()).createTopics(['cut', 'transactions'].map((name) => ({ name, ...limited })));
    await driver.close();
    on = await producing(broker.bootstrap);
  }, 10 * MINUTES);
  afterAll(async () => {
    await on?.close();
  });

  const committed = async (topic: string, count: number): Promise<readonly string[]> => {
    const main = 'org.apache.kafka.tools.consumer.ConsoleConsumer';
    const where = ['--bootstrap-server', broker.bootstrap, '--topic', topic, '--from-beginning', '--partition', '0'];
    const how = ['--isolation-level', 'read_committed', '--max-messages', `${count}`, '--timeout-ms', '20000'];
    const shown = ['--formatter-property', 'print.headers=true', '--formatter-property', 'print.key=true'];
    return (await broker.tool(main, ...where, ...how, ...shown)).trim().split('\n');
  };

  test('makes a topic that is missing, and tells its partitions', async () => {
    expect(await on.producer().partitions('made')).toBe(2);
  });

  test('answers each batch with the offset of its first record, and refuses only those without a partition', async () => {
    const batches = [1, 0, 7, 1].map((partition, index) => ({ topic: 'answers', partition, records: of(`${index}a`, `${index}b`) }));
    expect(offsets(await on.producer().send(batches))).toEqual([0, 0, 'unknown-topic', 2]);
    expect(await on.values('answers', 1)).toEqual(['0a', '0b', '3a', '3b']);
  });

  test('keeps the order of 100 sends that do not wait for each other, over many record batches on their way', async () => {
    const producer = on.producer({ batchBytes: 500, lingerMs: 0 });
    const sent = Array.from({ length: 100 }, (_, index) => [`${index}`.padEnd(200, 'a'), `${index}`.padEnd(200, 'b')]);
    const answers = await Promise.all(sent.map((values) => producer.send([{ topic: 'order', partition: 0, records: of(...values) }])));
    expect(offsets(answers.flat())).toEqual(sent.map((_, index) => 2 * index));
    expect(await on.values('order')).toEqual(sent.flat());
    expect(producer.bufferedBytes).toBe(0);
  });

  test('a record batch above max.message.bytes is cut, and only a record above it is refused', async () => {
    const producer = on.producer({ lingerMs: 20 });
    const small = Array.from({ length: 60 }, (_, index) => `small ${index} `.padEnd(100, '.'));
    const parts = [of(...small), of('x'.repeat(4000)), of('after')];
    const answers = await producer.send(parts.map((records) => ({ topic: 'cut', partition: 0, records })));
    expect(offsets(answers)).toEqual([0, 'too-large', 60]);
    expect(offsets(await producer.send([{ topic: 'cut', partition: 0, records: of('later') }]))).toEqual([61]);
    expect(await on.values('cut')).toEqual([...small, 'after', 'later']);
  });

  test('a record above max.request.size is refused by itself', async () => {
    const producer = on.producer({ maxRequestBytes: 2000 });
    const [part, other] = await producer.send([
      { topic: 'request-size', partition: 0, records: of('a', 'é'.repeat(1000), 'b') },
      { topic: 'request-size', partition: 0, records: of('c') },
    ]);
    expect(part?.error).toMatchObject({ kind: 'too-large', code: 10, message: expect.stringContaining('max.request.size') });
    expect([...(part?.refused?.keys() ?? [])]).toEqual([1]);
    expect(other).toMatchObject({ baseOffset: 2 });
    expect(await on.values('request-size')).toEqual(['a', 'b', 'c']);
  });

  test('a transaction that failed is aborted, and the next one commits; Java reads only what was committed', {
    timeout: MINUTES,
  }, async () => {
    const producer = on.producer({ transactionalId: 'several' });
    await producer.initTransactions();
    const headers = [
      ['b', 'one'],
      ['a', null],
      ['b', 'two'],
      ['1', 'three'],
    ] as const;
    for (const [name, end] of [
      ['first', 'commit'],
      ['second', 'abort'],
      ['third', 'fail'],
      ['fourth', 'commit'],
    ] as const) {
      const transaction = await producer.begin();
      await transaction.send([{ topic: 'transactions', partition: 0, records: [{ key: name, value: 'value', headers }] }]);
      if (end === 'fail') {
        const [refused] = await transaction.send([{ topic: 'transactions', partition: 0, records: of('x'.repeat(4000)) }]);
        expect(refused?.error?.kind).toBe('too-large');
        await expect(transaction.commit()).rejects.toMatchObject({ kind: 'abortable' });
      }
      await (end === 'commit' ? transaction.commit() : transaction.abort());
      await expect(transaction.commit()).rejects.toMatchObject({ kind: 'invalid' });
    }
    expect(await committed('transactions', 2)).toEqual([
      'b:one,a:null,b:two,1:three\tfirst\tvalue',
      'b:one,a:null,b:two,1:three\tfourth\tvalue',
    ]);
  });

  test('offsets sent in a transaction are those of the group when it commits, and only then', { timeout: MINUTES }, async () => {
    const producer = on.producer({ transactionalId: 'offsets' });
    for (const [offset, end] of [
      [3, 'commit'],
      [4, 'abort'],
    ] as const) {
      const transaction = await producer.begin();
      await transaction.sendOffsets({ groupId: 'group-of-offsets' }, new Map([['made-0', offset]]));
      await transaction[end]();
    }
    const main = 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand';
    const shown = await broker.tool(main, '--bootstrap-server', broker.bootstrap, '--describe', '--group', 'group-of-offsets');
    expect(shown).toMatch(/group-of-offsets +made +0 +3 /);
  });

  test('a second producer with the same transactional id fences the first, for good', async () => {
    const first = on.producer({ transactionalId: 'fenced' });
    const begun = await first.initTransactions();
    const transaction = await first.begin();
    await transaction.send([{ topic: 'fencing', partition: 0, records: of('a') }]);
    const second = on.producer({ transactionalId: 'fenced' });
    expect((await second.initTransactions()).producerId).toBe(begun.producerId);
    await expect(transaction.commit()).rejects.toMatchObject({ kind: 'fenced' });
    await expect(first.begin()).rejects.toMatchObject({ kind: 'fenced' });
    const next = await second.begin();
    await next.send([{ topic: 'fencing', partition: 0, records: of('b') }]);
    await next.commit();
    expect(await committed('fencing', 1)).toEqual(['NO_HEADERS\tnull\tb']);
  });

  test("Kafka's own tools read every batch: valid, compressed as asked, of idempotent producers in sequence, and of transactions", {
    timeout: MINUTES,
  }, async () => {
    const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
    for (const compression of compressions) {
      const producer = on.producer({ compression });
      const headers = [['compression', compression] as const, ['none', null] as const];
      const recordsOf = (part: string) => of(part.repeat(50), part).map((record) => ({ ...record, headers }));
      for (const part of ['first', 'second']) await producer.send([{ topic: 'dumped', partition: 0, records: recordsOf(part) }]);
    }
    const transactional = on.producer({ transactionalId: 'dumped', compression: 'lz4' });
    for (const end of ['abort', 'commit'] as const) {
      const transaction = await transactional.begin();
      await transaction.send([{ topic: 'dumped', partition: 0, records: of(end) }]);
      await transaction[end]();
    }
    const folder = join(broker.folder, 'data', 'dumped-0');
    const files = readdirSync(folder).filter((file) => file.endsWith('.log'));
    const main = 'org.apache.kafka.tools.DumpLogSegments';
    const dump = await broker.tool(
      main,
      '--deep-iteration',
      '--print-data-log',
      '--files',
      files.map((file) => join(folder, file)).join(','),
    );
    const codecs = [...compressions.flatMap((each) => [each, each]), 'lz4', 'none', 'lz4', 'none'];
    expect(dump.match(/compresscodec: \w+/g)).toEqual(codecs.map((each) => `compresscodec: ${each}`));
    expect(dump.match(/isvalid: true/g)).toHaveLength(14);
    expect(dump.match(/producerEpoch: 0 /g)?.length).toBeGreaterThanOrEqual(10);
    expect(dump.match(/baseSequence: \d+ lastSequence: \d+/g)?.slice(0, 10)).toEqual(
      compressions.flatMap(() => ['baseSequence: 0 lastSequence: 1', 'baseSequence: 2 lastSequence: 3']),
    );
    expect(dump.match(/payload: (?:second){50}/g)).toHaveLength(5);
    expect(dump.match(/isTransactional: true/g)).toHaveLength(4);
    expect(dump.match(/endTxnMarker: \w+/g)).toEqual(['endTxnMarker: ABORT', 'endTxnMarker: COMMIT']);
    const read = compressions.flatMap((compression) =>
      ['first', 'second'].flatMap((part) => [part.repeat(50), part].map((value) => `compression:${compression},none:null\tnull\t${value}`)),
    );
    expect(await committed('dumped', 21)).toEqual([...read, 'NO_HEADERS\tnull\tcommit']);
  });

  test('after close it refuses to send, and what was sent before is answered', async () => {
    const producer = on.producer({ lingerMs: 1000 });
    const before = producer.send([{ topic: 'closed', partition: 0, records: of('a') }]);
    await producer.close();
    expect(offsets(await before)).toEqual([0]);
    await expect(producer.send([{ topic: 'closed', partition: 0, records: of('b') }])).rejects.toMatchObject({ kind: 'fatal' });
  });
});
