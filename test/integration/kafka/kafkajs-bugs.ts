import { expect, test, vi } from 'vitest';
import type { Producer, Transaction } from '../../../src/kafka/driver.ts';
import { type FaultyCluster, offsetsOf, recordsOf } from './faulty-cluster.ts';

const MINUTES = 60_000;

async function begin(producer: Producer): Promise<Transaction> {
  if (producer.begin === undefined) throw new Error('there are no transactions');
  return producer.begin();
}

/** The bugs of kafkajs 2.2.4 that lose, repeat or leak records, or stop its clients: each shown not to be ours. */
export function kafkajsBugs(on: () => FaultyCluster): void {
  test('B1: records without a key are neither lost nor repeated when one of three brokers fails its part of a send', {
    timeout: MINUTES,
  }, async () => {
    const { driver, topic, ledBy, proxy, values } = on();
    const name = await topic();
    const producer = await driver.producer({ lingerMs: 0 });
    const batches = (round: number) =>
      [0, 1, 2].map((partition) => ({ topic: name, partition, records: recordsOf(`${round}a`, `${round}b`) }));
    await producer.send(batches(0));
    // The broker has the batch, and its answer does not arrive; then it does not get the whole of one.
    proxy(2).inflict({ kind: 'cut', direction: 'to-client', afterBytes: 8 });
    expect(offsetsOf(await producer.send(batches(1)))).toEqual([2, 2, 2]);
    proxy(3).inflict({ kind: 'cut', direction: 'to-broker', afterBytes: 60 });
    expect(offsetsOf(await producer.send(batches(2)))).toEqual([4, 4, 4]);
    expect(new Set([await ledBy(1, name), await ledBy(2, name), await ledBy(3, name)])).toEqual(new Set([0, 1, 2]));
    for (const partition of [0, 1, 2]) expect(await values(name, partition)).toEqual(['0a', '0b', '1a', '1b', '2a', '2b']);
    await producer.close();
  });

  test('B2: no aborted record leaks when several aborted transactions began before the offset that is read from', async () => {
    const { driver, topic } = on();
    const name = await topic();
    const producers = await Promise.all(['a', 'b', 'c'].map((id) => driver.producer({ transactionalId: `${name}-${id}`, lingerMs: 0 })));
    const open = await Promise.all(producers.map(begin));
    for (const round of ['1', '2'])
      for (const transaction of open) await transaction.send([{ topic: name, partition: 0, records: recordsOf(`aborted ${round}`) }]);
    for (const transaction of open) await transaction.abort();
    const kept = await begin(producers[0] as Producer);
    await kept.send([{ topic: name, partition: 0, records: recordsOf('kept') }]);
    await kept.commit();
    for (const from of [0, 3, 4, 5, 6]) {
      const consumer = await driver.consumer({
        source: { mode: 'assign', partitions: [{ topic: name, partition: 0 }] },
        isolation: 'committed',
      });
      consumer.seek({ topic: name, partition: 0 }, from);
      const batch = await consumer.next(AbortSignal.timeout(10_000));
      expect(batch.records.map((record) => record.valueText())).toEqual(['kept']);
      await consumer.close();
    }
    for (const producer of producers) await producer.close();
  });

  test('B3: a record whose key is four zero bytes is no abort marker, so nothing of its aborted transaction leaks', async () => {
    const { driver, topic, values } = on();
    const name = await topic();
    const producer = await driver.producer({ transactionalId: `${name}-zero`, lingerMs: 0 });
    const aborted = await begin(producer);
    for (const value of ['first', 'second'])
      await aborted.send([{ topic: name, partition: 0, records: [{ key: new Uint8Array(4), value: `aborted ${value}` }] }]);
    await aborted.abort();
    const kept = await begin(producer);
    await kept.send([{ topic: name, partition: 0, records: [{ key: new Uint8Array(4), value: 'kept' }] }]);
    await kept.commit();
    expect(await values(name, 0, { isolation: 'committed' })).toEqual(['kept']);
    expect(await values(name, 0)).toEqual(['aborted first', 'aborted second', 'kept']);
    await producer.close();
  });

  test('B4: a transaction whose end is not answered does not poison the producer: it ends after all, and the next commits', {
    timeout: MINUTES,
  }, async () => {
    const { driver, topic, values, proxy } = on();
    const name = await topic();
    const producer = await driver.producer({ transactionalId: `${name}-end`, lingerMs: 0 });
    for (const value of ['one', 'two', 'three']) {
      const transaction = await begin(producer);
      await transaction.send([{ topic: name, partition: 0, records: recordsOf(value) }]);
      for (const node of [1, 2, 3]) proxy(node).inflict({ kind: 'cut', direction: 'to-client', afterBytes: 6 });
      await (value === 'two' ? transaction.abort() : transaction.commit());
    }
    expect(await values(name, 0, { isolation: 'committed' })).toEqual(['one', 'three']);
    await producer.close();
  });

  test('B4: a transaction whose end failed for good is left behind by the next one', { timeout: MINUTES }, async () => {
    const { open, topic, values, proxy } = on();
    const name = await topic();
    const driver = await open({ 'default.api.timeout.ms': '1000', 'request.timeout.ms': '500' });
    const producer = await driver.producer({ transactionalId: `${name}-lost`, lingerMs: 0 });
    const transaction = await begin(producer);
    await transaction.send([{ topic: name, partition: 0, records: recordsOf('unclear') }]);
    const dropping = { kind: 'drop', direction: 'to-broker', afterBytes: 0 } as const;
    for (const node of [1, 2, 3]) proxy(node).plan(() => dropping);
    for (const node of [1, 2, 3]) proxy(node).inflict(dropping);
    await expect(transaction.commit()).rejects.toMatchObject({ kind: 'retriable' });
    for (const node of [1, 2, 3]) proxy(node).plan(() => undefined);
    for (const node of [1, 2, 3]) proxy(node).inflict({ kind: 'cut', direction: 'to-client', afterBytes: 0 });
    const next = await begin(producer);
    await next.send([{ topic: name, partition: 0, records: recordsOf('next') }]);
    await next.commit();
    expect(await values(name, 0, { isolation: 'committed' })).toEqual(['next']);
    await producer.close();
  });

  test('B5: a batch that follows one whose fate is unknown is never taken for it, though it has as many records', {
    timeout: MINUTES,
  }, async () => {
    const { open, topic, ledBy, values, proxy } = on();
    const name = await topic();
    const partition = await ledBy(2, name);
    const driver = await open({ 'delivery.timeout.ms': '1500', 'request.timeout.ms': '1000' });
    const producer = await driver.producer({ lingerMs: 0, idempotent: true });
    const send = async (value: string) => offsetsOf(await producer.send([{ topic: name, partition, records: recordsOf(value) }]));
    expect(await send('first')).toEqual([0]);
    const dropping = { kind: 'drop', direction: 'to-client', afterBytes: 0 } as const;
    proxy(2).plan(() => dropping);
    proxy(2).inflict(dropping);
    expect(await send('answered by nobody')).toEqual(['retriable']);
    proxy(2).plan(() => undefined);
    proxy(2).inflict({ kind: 'cut', direction: 'to-client', afterBytes: 0 });
    expect(await send('other record')).toEqual([2]);
    expect(await values(name, partition)).toEqual(['first', 'answered by nobody', 'other record']);
    await producer.close();
  });

  test('B6: a record batch of 130 000 records is read', async () => {
    const { driver, topic } = on();
    const name = await topic();
    const most = 8 * 1024 * 1024;
    const producer = await driver.producer({ compression: 'gzip', batchBytes: most, maxRequestBytes: most });
    const records = Array.from({ length: 130_000 }, () => ({ key: null, value: 'v' }));
    expect(offsetsOf(await producer.send([{ topic: name, partition: 0, records }]))).toEqual([0]);
    const consumer = await driver.consumer({ source: { mode: 'assign', partitions: [{ topic: name, partition: 0 }] }, reset: 'earliest' });
    const batch = await consumer.next(AbortSignal.timeout(10_000));
    expect([batch.count, batch.nextOffset, batch.records.length, batch.records[129_999]?.offset]).toEqual([
      130_000, 130_000, 130_000, 129_999,
    ]);
    await consumer.close();
    await producer.close();
  });

  test('B7, B8: headers keep null values, their order, repeated keys and keys that look like numbers', async () => {
    const { driver, topic } = on();
    const name = await topic();
    const headers = [
      ['b', 'one'],
      ['2', null],
      ['b', 'two'],
      ['1', ''],
      ['a', 'three'],
    ] as const;
    const producer = await driver.producer();
    await producer.send([{ topic: name, partition: 0, records: [{ key: null, value: 'v', headers }] }]);
    const consumer = await driver.consumer({ source: { mode: 'assign', partitions: [{ topic: name, partition: 0 }] }, reset: 'earliest' });
    const { records } = await consumer.next(AbortSignal.timeout(10_000));
    const text = (value: Uint8Array | null) => (value === null ? null : Buffer.from(value).toString());
    expect(records[0]?.headers.map(([key, value]) => [key, text(value)])).toEqual(headers);
    await consumer.close();
    await producer.close();
  });

  test('B9: 50 000 records in one send for one partition take no longer than their bytes', async () => {
    const { driver, topic, values } = on();
    const name = await topic();
    const producer = await driver.producer({ batchBytes: 2000 });
    const records = recordsOf(...Array.from({ length: 50_000 }, (_, index) => `${index}`));
    const start = performance.now();
    expect(offsetsOf(await producer.send([{ topic: name, partition: 1, records }]))).toEqual([0]);
    expect(performance.now() - start).toBeLessThan(30_000);
    expect(await values(name, 1)).toHaveLength(50_000);
    await producer.close();
  });

  test('B10: an idle producer sets no timers', async () => {
    const { driver, topic } = on();
    const name = await topic();
    const producer = await driver.producer();
    await producer.send([{ topic: name, partition: 0, records: recordsOf('a') }]);
    await new Promise((resolve) => setTimeout(resolve, 600));
    const timers = vi.spyOn(globalThis, 'setTimeout');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(timers.mock.calls.length).toBeLessThan(5);
    timers.mockRestore();
    await producer.close();
  });
}
