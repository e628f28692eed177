import assert from 'node:assert/strict';
import type { Compression, InRecord } from '../../kafka/driver.ts';
import { appended, type DriverCase, needs, ofKind, readValues, records, within } from './bench.ts';

const bytes = (value: Uint8Array | null): string | null => (value === null ? null : Buffer.from(value).toString('hex'));
const plain = (record: InRecord) => [record.offset, record.timestamp, record.keyText(), record.valueText()];

const compressions: readonly DriverCase[] = (['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const satisfies readonly Compression[]).map(
  (compression) => ({
    name: `reads back what was sent with compression ${compression}`,
    unless: ({ driver }) =>
      driver.capabilities.compression.has(compression) ? undefined : `capabilities.compression has no ${compression}`,
    async run({ driver, topic, read }) {
      const name = await topic();
      const producer = await driver.producer({ compression });
      const sent = Array.from({ length: 500 }, (_, index) => `value ${index} ${'x'.repeat(index % 50)}`);
      appended((await producer.send([{ topic: name, partition: 0, records: records(...sent) }]))[0]);
      assert.deepEqual(await readValues(await read(name), 500), sent);
    },
  }),
);

export const producerCases: readonly DriverCase[] = [
  {
    name: 'keeps order, offsets, times, keys and values of the records of a batch',
    async run({ topic, append, read }) {
      const name = await topic();
      assert.equal(
        await append(name, [
          { key: 'a', value: '1', timestamp: 1_700_000_000_001 },
          { key: 'b', value: '2', timestamp: 1_700_000_000_000 },
        ]),
        0,
      );
      assert.equal(await append(name, [{ key: 'c', value: '3', timestamp: 1_700_000_000_005 }]), 2);
      const consumer = await read(name);
      const found: unknown[] = [];
      while (found.length < 3) found.push(...(await consumer.next(within())).records.map(plain));
      assert.deepEqual(found, [
        [0, 1_700_000_000_001, 'a', '1'],
        [1, 1_700_000_000_000, 'b', '2'],
        [2, 1_700_000_000_005, 'c', '3'],
      ]);
    },
  },
  {
    name: 'keeps headers in order, with repeated keys, null values and any bytes',
    async run({ topic, append, read }) {
      const name = await topic();
      const headers = [
        ['b', Uint8Array.of(1, 0, 2, 255)],
        ['a', null],
        ['b', 'text'],
        ['', Uint8Array.of()],
      ] as const;
      await append(name, [{ key: null, value: 'v', headers }]);
      const batch = await (await read(name)).next(within());
      assert.deepEqual(
        batch.records[0]?.headers.map(([key, value]) => [key, bytes(value)]),
        [
          ['b', '010002ff'],
          ['a', null],
          ['b', '74657874'],
          ['', ''],
        ],
      );
    },
  },
  {
    name: 'tells tombstones and null keys from empty values and keys',
    async run({ topic, append, read }) {
      const name = await topic();
      await append(name, [
        { key: 'k', value: null },
        { key: null, value: '' },
        { key: Uint8Array.of(), value: Uint8Array.of(0, 255) },
      ]);
      const batch = await (await read(name)).next(within());
      assert.deepEqual(
        batch.records.map((record) => [bytes(record.key), bytes(record.value)]),
        [
          ['6b', null],
          [null, ''],
          ['', '00ff'],
        ],
      );
    },
  },
  {
    name: 'writes text as its UTF-8 bytes',
    async run({ topic, append, read }) {
      const name = await topic();
      await append(name, [{ key: 'ключ', value: 'naïve 😀' }]);
      const [record] = (await (await read(name)).next(within())).records;
      assert.equal(bytes(record?.key ?? null), 'd0bad0bbd18ed187');
      assert.equal(record?.valueText(), 'naïve 😀');
    },
  },
  ...compressions,
  {
    name: 'answers each batch in order, with the offset of its first record',
    async run({ topic, producer }) {
      const name = await topic({ partitions: 2 });
      const answers = await producer.send([
        { topic: name, partition: 1, records: records('a', 'b') },
        { topic: name, partition: 0, records: records('c') },
        { topic: name, partition: 1, records: records('d') },
      ]);
      assert.deepEqual(
        answers.map((answer) => [answer.topic, answer.partition, appended(answer)]),
        [
          [name, 1, 0],
          [name, 0, 0],
          [name, 1, 2],
        ],
      );
    },
  },
  {
    name: 'keeps the order of sends that do not wait for each other',
    async run({ topic, producer, read }) {
      const name = await topic();
      const sent = Array.from({ length: 50 }, (_, index) => `v${index}`);
      const answers = await Promise.all(sent.map((value) => producer.send([{ topic: name, partition: 0, records: records(value) }])));
      assert.deepEqual(
        answers.map(([answer]) => appended(answer)),
        sent.map((_, index) => index),
      );
      assert.deepEqual(await readValues(await read(name), 50), sent);
    },
  },
  {
    name: 'refuses only the batch with a record above max.message.bytes',
    async run({ topic, producer, read }) {
      const name = await topic({ configs: { 'max.message.bytes': '2000' } });
      const [first, second, third] = await producer.send([
        { topic: name, partition: 0, records: records('before') },
        { topic: name, partition: 0, records: records('x'.repeat(3000)) },
        { topic: name, partition: 0, records: records('after') },
      ]);
      assert.equal(appended(first), 0);
      assert.equal(second?.error?.kind, 'too-large');
      assert.equal(appended(third), 1);
      assert.deepEqual(await readValues(await read(name), 2), ['before', 'after']);
    },
  },
  {
    name: 'refuses only the records above max.message.bytes, and appends those around them once, in order',
    async run({ topic, producer, read }) {
      const name = await topic({ configs: { 'max.message.bytes': '2000' } });
      const sent = Array.from({ length: 60 }, (_, index) => `${index} ${'x'.repeat(index % 20 === 7 ? 3000 : 100)}`);
      const [first, second] = await producer.send([
        { topic: name, partition: 0, records: records(...sent) },
        { topic: name, partition: 0, records: records('after') },
      ]);
      assert.deepEqual(
        [...(first?.refused ?? [])].map(([index, { kind }]) => [index, kind]).sort(),
        [7, 27, 47].map((index) => [index, 'too-large']).sort(),
      );
      assert.equal(appended(second), 57);
      assert.deepEqual(await readValues(await read(name), 58), [...sent.filter((_, index) => index % 20 !== 7), 'after']);
    },
  },
  {
    name: 'blames a record for its size, key, time, partition or topic, and none beside it',
    async run({ topic, producer }) {
      const name = await topic({ configs: { 'max.message.bytes': '2000', 'cleanup.policy': 'compact' } });
      const good = { key: 'k', value: 'good' };
      const wrong = {
        size: { records: [good, { key: 'k', value: 'x'.repeat(3000) }] },
        key: { records: [good, { key: null, value: 'v' }] },
        time: { records: [good, { ...good, timestamp: 0.5 }] },
        partition: { partition: 7, records: [good] },
        topic: { topic: 'no topic name!', records: [good] },
      };
      const answers = await producer.send(Object.values(wrong).map((batch) => ({ topic: name, partition: 0, ...batch })));
      assert.deepEqual(
        answers.map(({ refused }) => refused && [...refused.keys()]),
        [[1], [1], [1], [0], [0]],
      );
      assert.ok(answers.every(({ error }) => error?.ofRecord));
    },
  },
  {
    name: 'refuses only the batch for a partition that is not there',
    async run({ topic, producer }) {
      const name = await topic();
      const [wrong, right] = await producer.send([
        { topic: name, partition: 7, records: records('a') },
        { topic: name, partition: 0, records: records('b') },
      ]);
      assert.equal(wrong?.error?.kind, 'unknown-topic');
      assert.equal(appended(right), 0);
    },
  },
  {
    name: 'tells the number of partitions of a topic',
    async run({ topic, producer }) {
      assert.equal(await producer.partitions(await topic({ partitions: 3 })), 3);
    },
  },
  {
    name: 'counts the bytes it holds until they are answered',
    async run({ topic, driver }) {
      const name = await topic();
      const producer = await driver.producer({ maxBufferedBytes: 100 });
      await producer.ready();
      const answer = producer.send([{ topic: name, partition: 0, records: records('x'.repeat(500)) }]);
      assert.ok(producer.bufferedBytes >= 500, `${producer.bufferedBytes} bytes are buffered`);
      await producer.ready();
      await producer.flush();
      assert.equal(producer.bufferedBytes, 0);
      assert.equal(appended((await answer)[0]), 0);
    },
  },
  {
    name: 'appends each batch of an idempotent producer once',
    async run({ topic, driver, read }) {
      const name = await topic();
      const producer = await driver.producer({ idempotent: true });
      const answers = [
        await producer.send([{ topic: name, partition: 0, records: records('a', 'b') }]),
        ...(await Promise.all(['c', 'd'].map((value) => producer.send([{ topic: name, partition: 0, records: records(value) }])))),
      ];
      assert.deepEqual(
        answers.map(([answer]) => appended(answer)),
        [0, 2, 3],
      );
      assert.deepEqual(await readValues(await read(name), 4), ['a', 'b', 'c', 'd']);
    },
  },
  {
    name: 'refuses to send after it was closed, and answers what was sent before',
    unless: needs('offsets'),
    async run({ topic, driver }) {
      const name = await topic();
      const producer = await driver.producer();
      const before = producer.send([{ topic: name, partition: 0, records: records('a') }]);
      await producer.close();
      assert.equal(appended((await before)[0]), 0);
      await assert.rejects(producer.send([{ topic: name, partition: 0, records: records('b') }]), ofKind('fatal'));
    },
  },
];
