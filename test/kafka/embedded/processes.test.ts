import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EmbeddedDriver, openEmbedded } from '../../../src/kafka/index.ts';
import { runProcess, startProcess, startThread } from './fixtures/run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-processes-'));
});
afterEach(() => {
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true });
});

const partitions = [{ topic: 't', partition: 0 }];
const valuesOf = async (driver: EmbeddedDriver, count: number) => {
  const consumer = await driver.consumer({ source: { mode: 'assign', partitions }, reset: 'earliest' });
  const values: (string | null)[] = [];
  while (values.length < count) {
    const batch = await consumer.next(AbortSignal.timeout(15_000));
    values.push(...batch.records.map((record) => record.valueText()));
    batch.release();
  }
  return values;
};

test('appends from several threads in one order, and wakes readers of other threads', async () => {
  const driver = await openEmbedded({ dataDir: folder });
  await (await driver.admin()).createTopics([{ name: 't' }]);
  const reading = valuesOf(driver, 160);
  const threads = ['a', 'b'].map((name) => startThread('append-thread', { broker: driver.share(), name, count: 40 }));
  const [a, b] = await Promise.all(threads.map(async (thread): Promise<number[]> => (await once(thread, 'message'))[0]));
  const read = await reading;
  expect([...(a ?? []), ...(b ?? [])].sort((x, y) => x - y)).toEqual(Array.from({ length: 80 }, (_, index) => index * 2));
  expect(a?.map((offset) => read[offset])).toEqual(Array.from({ length: 40 }, (_, index) => `a-${index}-0`));
  expect(b?.map((offset) => read[offset + 1])).toEqual(Array.from({ length: 40 }, (_, index) => `b-${index}-1`));
  await driver.close();
});

test('goes on when a thread is terminated while it appends', async () => {
  const driver = await openEmbedded({ dataDir: folder });
  await (await driver.admin()).createTopics([{ name: 't' }]);
  const thread = startThread('append-thread', { broker: driver.share(), name: 'a', count: 1_000_000 });
  await valuesOf(driver, 20);
  await thread.terminate();
  const producer = await driver.producer();
  const [answer] = await producer.send([{ topic: 't', partition: 0, records: [{ key: null, value: 'last' }] }]);
  const end = answer !== undefined && 'baseOffset' in answer ? answer.baseOffset + 1 : 0;
  expect((await valuesOf(driver, end)).at(-1)).toBe('last');
  await driver.close();
});

test('tells joined threads that the owner closed', async () => {
  const driver = await openEmbedded({ dataDir: folder });
  const shared = driver.share();
  const joined = await openEmbedded({ join: structuredClone(shared) });
  const producer = await joined.producer();
  await driver.close();
  await expect(producer.send([])).rejects.toThrow('The producer of the embedded broker is closed. Open a new one.');
  await joined.close();
  await expect(openEmbedded({ join: shared })).rejects.toThrow('The owner of the embedded broker is closed.');
});

test('ends a process in which only a reader waits', async () => {
  expect(await runProcess('wait-process', [folder])).toBe('waiting\n');
});

test('lets a second process read what the owner wrote and goes on writing', async () => {
  const driver = await openEmbedded({ dataDir: folder });
  const producer = await driver.producer();
  await producer.send([{ topic: 't', partition: 0, records: [{ key: null, value: 'first' }] }]);
  const reader = startProcess('read-process', [folder, '2']);
  const lines = createInterface({ input: reader.stdout ?? process.stdin })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('first');
  await producer.send([{ topic: 't', partition: 0, records: [{ key: null, value: 'second' }] }]);
  expect((await lines.next()).value).toBe('second');
  expect(await once(reader, 'exit')).toEqual([0, null]);
  await driver.close();
});

test('refuses to write through a reader', async () => {
  const owner = await openEmbedded({ dataDir: folder });
  await (await owner.admin()).createTopics([{ name: 't' }]);
  await owner.close();
  const reader = await openEmbedded({ dataDir: folder, readOnly: true });
  const [answer] = await (await reader.producer()).send([{ topic: 't', partition: 0, records: [{ key: null, value: 'v' }] }]);
  expect(answer?.error).toMatchObject({ kind: 'fatal', cause: { code: 'KAFKA_STORE_READ_ONLY' } });
  expect(reader.capabilities.admin.has('createTopics')).toBe(false);
  await reader.close();
});

test('refuses a second owner with the folder and the pid of the first, and takes it once the first closed', async () => {
  const first = await openEmbedded({ dataDir: folder });
  const inside = openEmbedded({ dataDir: folder });
  await expect(inside).rejects.toThrow(`Data folder ${folder} is in use by process ${process.pid}.`);
  const outside = JSON.parse(await runProcess('open-process', [folder]));
  expect(outside).toEqual({
    code: 'KAFKA_STORE_OWNED',
    message: `Data folder ${folder} is in use by process ${process.pid}. Stop process ${process.pid}, or choose another data folder: --data of a command, data.dir of a worker.`,
  });
  await first.close();
  expect(JSON.parse(await runProcess('open-process', [folder]))).toEqual({ topics: [] });
});

test('loses nothing that was answered when its process is killed, and frees the folder', async () => {
  const setUp = await openEmbedded({ dataDir: folder });
  await (await setUp.admin()).createTopics([{ name: 't', partitions: 2 }]);
  await setUp.close();
  for (let round = 0; round < 3; round++) {
    const child = startProcess('append-process', [folder]);
    const lines = createInterface({ input: child.stdout ?? process.stdin });
    let answered: readonly number[] = [];
    let seen = 0;
    for await (const line of lines) {
      answered = line.split(' ').map(Number);
      if (++seen === 20 + round * 7) child.kill('SIGKILL');
    }
    const driver = await openEmbedded({ dataDir: folder });
    const all = [0, 1].map((partition) => ({ topic: 't', partition }));
    const ends = [...(await (await driver.admin()).offsets(all, 'latest')).values()];
    expect(ends.every((end, partition) => end > (answered[partition] ?? Number.POSITIVE_INFINITY))).toBe(true);
    const consumer = await driver.consumer({ source: { mode: 'assign', partitions: all }, reset: 'earliest' });
    const next = [0, 0];
    while (next.some((offset, partition) => offset < (ends[partition] ?? 0))) {
      const batch = await consumer.next(AbortSignal.timeout(15_000));
      for (const record of batch.records) {
        expect(record.offset).toBe(next[batch.partition]);
        expect([record.keyText(), record.value?.byteLength]).toEqual([`${record.offset % 20}`, (record.offset % 20) * 10]);
        next[batch.partition] = record.offset + 1;
      }
      batch.release();
    }
    await driver.close();
    const db = new DatabaseSync(join(folder, 'broker.db'), { readOnly: true });
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    db.close();
  }
});

test('names a folder that this user may not write to, and reads it all the same', async () => {
  const driver = await openEmbedded({ dataDir: folder });
  await (await driver.admin()).createTopics([{ name: 't' }]);
  await driver.close();
  chmodSync(folder, 0o555);
  expect(JSON.parse(await runProcess('open-process', [folder, 'read', 'nobody']))).toEqual({ topics: ['t'] });
  expect(JSON.parse(await runProcess('open-process', [folder, 'nobody']))).toMatchObject({
    code: 'KAFKA_STORE_FOLDER',
    message: expect.stringContaining(`Data folder ${folder} cannot be used: EACCES`),
  });
});
