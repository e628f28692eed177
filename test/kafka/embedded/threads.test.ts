import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Broker } from '../../../src/kafka/embedded/broker.ts';
import { Cursor } from '../../../src/kafka/embedded/cursor.ts';
import { Signal } from '../../../src/kafka/embedded/signal.ts';
import { openStore, type Store } from '../../../src/kafka/embedded/store.ts';
import { RecordBatchBuilder } from '../../../src/kafka/record-batch/index.ts';

let folder: string;
let stores: Store[];
/** The brokers of two threads, one of which writes while the other reads. */
let writer: Broker;
let reader: Broker;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-threads-'));
  stores = [openStore(folder), openStore(folder)];
  const signal = new Signal();
  [writer, reader] = stores.map((store) => new Broker(store, new Signal(signal.memory), 1)) as [Broker, Broker];
  await writer.write(() => writer.catalog.create({ name: 't', partitions: 2 }));
});
afterEach(() => {
  for (const store of stores) store.close();
  rmSync(folder, { recursive: true });
});

const room = { bytes: 1_000, credit: 1_000 };
const batch = () => {
  const builder = new RecordBatchBuilder();
  builder.append({ key: null, value: 'late' }, 0);
  return builder.build({ compression: 'none' });
};
/** What the write queue does, at once. */
const writeNow = (work: () => void, partition: number) => {
  writer.store.write(work);
  writer.signal.changed([partition]);
};

test('what is written between the partitions of one read is seen by the next', () => {
  const cursors = [0, 1].map((partition) => new Cursor(reader, { topic: 't', partition }, 'earliest'));
  const id = reader.catalog.partition({ topic: 't', partition: 1 }) ?? 0;
  for (const cursor of cursors) cursor.look();
  reader.store.read(() => {
    expect(cursors[0]?.read(room).chunks).toEqual([]);
    writeNow(() => void writer.log.append(id, [batch()]), id);
    expect(cursors[1]?.read(room).chunks).toEqual([]);
  });
  expect(cursors.map(({ idle }) => idle)).toEqual([true, false]);
  cursors[1]?.look();
  expect(reader.store.read(() => cursors[1]?.read(room).chunks.length)).toBe(1);
});

test('a topic that another thread looked for while it was being made is found afterwards', async () => {
  await writer.write(() => {
    writer.catalog.create({ name: 'new' });
    expect(reader.catalog.find('new')).toBeUndefined();
  });
  expect(reader.catalog.find('new')?.partitions.length).toBe(1);
});

test('a topic that is made during a snapshot of topics is found afterwards', () => {
  reader.read(() => {
    expect(reader.catalog.find('t')?.name).toBe('t');
    writer.store.write(() => writer.catalog.create({ name: 'new' }));
    writer.catalog.committed();
    expect(reader.catalog.find('new')).toBeUndefined();
  });
  expect(reader.catalog.find('new')?.partitions.length).toBe(1);
});

test('a topic whose making was undone is not there, for later writes of the same transaction either', async () => {
  const undone = writer.write(() => {
    writer.catalog.create({ name: 'half' });
    expect(writer.catalog.find('half')).toBeDefined();
    throw new Error('refused');
  });
  const next = writer.write(() => writer.catalog.find('half'));
  await expect(undone).rejects.toThrow('refused');
  expect(await next).toBeUndefined();
});

test('a topic made in a transaction that failed as a whole is not there', async () => {
  const { store, catalog } = writer;
  const made = writer.write(() => {
    catalog.create({ name: 'half' });
    catalog.get('half');
  });
  const failing = writer.write(() => {
    // As SQLite does when the disk is full.
    store.query('ROLLBACK').run();
    throw new Error('full');
  });
  expect((await Promise.allSettled([made, failing])).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(catalog.find('half')).toBeUndefined();
});
