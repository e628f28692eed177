import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openEmbedded } from '../../../src/kafka/index.ts';
import { diskTest, onSmallDisk } from '../../small-disk.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-damage-'));
  file = join(folder, 'broker.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A store with 200 batches, closed. */
async function filled(): Promise<void> {
  const driver = await openEmbedded({ dataDir: folder });
  const producer = await driver.producer();
  for (let index = 0; index < 200; index++) {
    await producer.send([{ topic: 't', partition: 0, records: [{ key: `key-${index}`, value: `value-${index}-${'x'.repeat(2000)}` }] }]);
  }
  await driver.close();
}

function change(edit: (bytes: Buffer) => Buffer | void): void {
  const bytes = readFileSync(file);
  writeFileSync(file, edit(bytes) ?? bytes);
}

async function readAll(): Promise<number> {
  const driver = await openEmbedded({ dataDir: folder });
  try {
    const consumer = await driver.consumer({ source: { mode: 'assign', partitions: [{ topic: 't', partition: 0 }] }, reset: 'earliest' });
    let count = 0;
    while (count < 200) {
      const batch = await consumer.next(AbortSignal.timeout(15_000));
      count += batch.count;
      batch.release();
    }
    return count;
  } finally {
    await driver.close();
  }
}

const damaged = {
  code: 'KAFKA_STORE_CORRUPT',
  message: expect.stringMatching(/^Store .*broker\.db is damaged: .*\. Stop the worker and restore the data folder/),
};

test('names a store whose header is not one', async () => {
  await filled();
  change((bytes) => void bytes.fill(0xff, 0, 64));
  await expect(openEmbedded({ dataDir: folder })).rejects.toMatchObject(damaged);
  await expect(openEmbedded({ dataDir: folder, readOnly: true })).rejects.toMatchObject(damaged);
});

test('frees the folder when its store does not open', async () => {
  await filled();
  const whole = readFileSync(file);
  change((bytes) => void bytes.fill(0xff, 0, 64));
  await expect(openEmbedded({ dataDir: folder })).rejects.toMatchObject(damaged);
  writeFileSync(file, whole);
  expect(await readAll()).toBe(200);
});

test('names a store that was cut off', async () => {
  await filled();
  change((bytes) => bytes.subarray(0, bytes.length / 2));
  await expect(readAll()).rejects.toSatisfy((error: unknown) => {
    expect([error, (error as Error).cause]).toContainEqual(expect.objectContaining(damaged));
    return true;
  });
});

test('names a store with torn pages', async () => {
  await filled();
  change((bytes) => {
    for (let page = 12; page < bytes.length / 16_384; page++) bytes.fill(0xa5, page * 16_384, page * 16_384 + 512);
  });
  await expect(readAll()).rejects.toSatisfy((error: unknown) => {
    expect([error, (error as Error).cause]).toContainEqual(expect.objectContaining(damaged));
    return true;
  });
});

test('names the partition and offset of a record batch that changed on disk', async () => {
  await filled();
  expect(await readAll()).toBe(200);
  change((bytes) => void bytes.write('VALUE', bytes.indexOf('value-150-')));
  await expect(readAll()).rejects.toThrow(/broker\.db is damaged: the batch of t-0 at offset \d+ does not read back/);
});

test('refuses the store of a newer version', async () => {
  await filled();
  const db = new DatabaseSync(file);
  db.exec('PRAGMA user_version = 99');
  db.close();
  const expected = {
    code: 'KAFKA_STORE_NEWER',
    message: `Store ${file} has schema version 99; this version of Sluice knows up to 1. Use the newer Sluice that wrote it, or choose another data folder: --data of a command, data.dir of a worker.`,
  };
  await expect(openEmbedded({ dataDir: folder })).rejects.toMatchObject(expected);
  await expect(openEmbedded({ dataDir: folder, readOnly: true })).rejects.toMatchObject(expected);
});

test('leaves a database of another program alone', async () => {
  const db = new DatabaseSync(file);
  db.exec('CREATE TABLE theirs (x)');
  db.close();
  await expect(openEmbedded({ dataDir: folder })).rejects.toMatchObject({ code: 'KAFKA_STORE_FOREIGN' });
});

test('names a reader the missing store, and a writer the file in place of the folder', async () => {
  await expect(openEmbedded({ dataDir: folder, readOnly: true })).rejects.toMatchObject({
    code: 'KAFKA_STORE_MISSING',
    message: expect.stringContaining(file),
  });
  writeFileSync(join(folder, 'plain'), '');
  await expect(openEmbedded({ dataDir: join(folder, 'plain') })).rejects.toMatchObject({ code: 'KAFKA_STORE_FOLDER' });
});

diskTest('answers a full disk, keeps what was durable, and goes on when there is space', async () => {
  await onSmallDisk(folder, '8m', async (disk) => {
    const filler = join(disk, 'filler');
    writeFileSync(filler, Buffer.alloc(3_000_000));
    const driver = await openEmbedded({ dataDir: disk });
    const producer = await driver.producer();
    const send = async () =>
      (await producer.send([{ topic: 't', partition: 0, records: [{ key: null, value: Buffer.alloc(200_000, 7) }] }]))[0];
    let durable = 0;
    let answer = await send();
    for (; answer?.error === undefined; answer = await send()) durable++;
    expect(answer.error).toMatchObject({ kind: 'retriable', cause: { code: 'KAFKA_STORE_FULL' } });
    expect(answer).not.toHaveProperty('refused');
    expect(answer.error.message).toContain(`There is no space left to write store ${join(disk, 'broker.db')}`);
    expect(durable).toBeGreaterThan(3);
    rmSync(filler);
    expect(await send()).toMatchObject({ baseOffset: durable });
    const ends = await (await driver.admin()).offsets([{ topic: 't', partition: 0 }], 'latest');
    expect(ends.get('t-0')).toBe(durable + 1);
    await driver.close();
  });
});
