import assert from 'node:assert/strict';
import type { Producer, ProducerOptions, Transaction } from '../../kafka/driver.ts';
import { appended, type Bench, type DriverCase, type DriverUnderTest, ofKind, readValues, records, uniqueName, within } from './bench.ts';

const unless = ({ driver }: DriverUnderTest) => (driver.capabilities.transactions ? undefined : 'capabilities.transactions is false');

const transactional = ({ driver }: Bench, options: ProducerOptions = {}): Promise<Producer> =>
  driver.producer({ transactionalId: uniqueName('transactional'), ...options });

async function begin(producer: Producer): Promise<Transaction> {
  assert.ok(producer.begin !== undefined, 'the producer has no transactions');
  return producer.begin();
}

async function write(transaction: Transaction, topic: string, value: string, partition = 0): Promise<void> {
  appended((await transaction.send([{ topic, partition, records: records(value) }]))[0]);
}

export const transactionCases: readonly DriverCase[] = [
  {
    name: 'hands the records of transactions to readers of committed records once they are committed, and those of aborted ones never',
    unless,
    async run(bench) {
      const topic = await bench.topic({ partitions: 2 });
      const producer = await transactional(bench);
      for (const [value, end] of [
        ['a', 'commit'],
        ['b', 'abort'],
        ['c', 'commit'],
      ] as const) {
        const transaction = await begin(producer);
        await write(transaction, topic, `${value}0`, 0);
        await write(transaction, topic, `${value}1`, 1);
        await transaction[end]();
      }
      for (const partition of [0, 1]) {
        const committed = await bench.read(topic, { partitions: [partition], isolation: 'committed' });
        assert.deepEqual(await readValues(committed, 2), [`a${partition}`, `c${partition}`]);
      }
      assert.deepEqual(await readValues(await bench.read(topic), 3), ['a0', 'b0', 'c0']);
    },
  },
  {
    name: 'keeps readers of committed records in front of an open transaction, and others not',
    unless,
    async run(bench) {
      const topic = await bench.topic();
      const transaction = await begin(await transactional(bench));
      await write(transaction, topic, 'open');
      await bench.append(topic, records('plain'));
      const committed = await bench.read(topic, { isolation: 'committed' });
      assert.deepEqual(await readValues(await bench.read(topic), 2), ['open', 'plain']);
      await assert.rejects(committed.next(within(300)), { name: 'TimeoutError' });
      await transaction.commit();
      assert.deepEqual(await readValues(committed, 2), ['open', 'plain']);
    },
  },
  {
    name: 'commits offsets of a group with the transaction, and not when it is aborted',
    unless,
    async run(bench) {
      const topic = await bench.topic();
      const groupId = uniqueName('group');
      const producer = await transactional(bench);
      for (const [offset, end] of [
        [3, 'commit'],
        [5, 'abort'],
      ] as const) {
        const transaction = await begin(producer);
        await transaction.sendOffsets({ groupId }, new Map([[`${topic}-0`, offset]]));
        await transaction[end]();
      }
      assert.deepEqual([...(await bench.admin.groupOffsets(groupId))], [[`${topic}-0`, 3]]);
    },
  },
  {
    name: 'fences the producer whose transactional id another one takes, and aborts what it left open',
    unless,
    async run(bench) {
      const topic = await bench.topic();
      const transactionalId = uniqueName('transactional');
      const first = await transactional(bench, { transactionalId });
      const left = await begin(first);
      await write(left, topic, 'left open');
      const second = await transactional(bench, { transactionalId });
      const { epoch } = (await second.initTransactions?.()) ?? { epoch: -1 };
      assert.ok(epoch > 0, `the epoch is ${epoch}`);
      await assert.rejects(left.commit(), ofKind('fenced'));
      await assert.rejects(begin(first), ofKind('fenced'));
      const next = await begin(second);
      await write(next, topic, 'kept');
      await next.commit();
      assert.deepEqual(await readValues(await bench.read(topic, { isolation: 'committed' }), 1), ['kept']);
    },
  },
  {
    name: 'commits no transaction of which a part was refused, and the next one as ever',
    unless,
    async run(bench) {
      const topic = await bench.topic({ configs: { 'max.message.bytes': '2000' } });
      const producer = await transactional(bench);
      const failed = await begin(producer);
      await write(failed, topic, 'beside');
      const [refused] = await failed.send([{ topic, partition: 0, records: records('x'.repeat(3000)) }]);
      assert.equal(refused?.error?.kind, 'too-large');
      await assert.rejects(failed.commit(), ofKind('abortable'));
      await failed.abort();
      await assert.rejects(failed.commit(), ofKind('invalid'));
      const next = await begin(producer);
      await write(next, topic, 'next');
      await next.commit();
      assert.deepEqual(await readValues(await bench.read(topic, { isolation: 'committed' }), 1), ['next']);
    },
  },
];
