import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTopic } from '../../../src/cli/topics/create-topic.ts';
import { listTopics } from '../../../src/cli/topics/list-topics.ts';
import { type PrintOptions, printRecords } from '../../../src/cli/topics/print-records.ts';
import { type ReadOptions, readTopic } from '../../../src/cli/topics/read-topic.ts';
import { writeTopic } from '../../../src/cli/topics/write-topic.ts';
import type { Driver } from '../../../src/kafka/driver.ts';
import { openEmbedded } from '../../../src/kafka/embedded/open-embedded.ts';

let folder: string;
let driver: Driver;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-topics-'));
  driver = await openEmbedded({ dataDir: folder });
});
afterEach(async () => {
  await driver.close();
  rmSync(folder, { recursive: true });
});

async function* input(...chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

async function printed(read: Partial<ReadOptions>, print: Partial<PrintOptions> = {}): Promise<string> {
  const out = new PassThrough({ encoding: 'latin1' });
  const options = { topic: 't', fromBeginning: true, follow: false, max: Number.POSITIVE_INFINITY, ...read };
  await readTopic(driver, options, printRecords(out, { key: false, headers: false, json: false, ...print }));
  return out.read() ?? '';
}

const numbers = (from: number, to: number): string => Array.from({ length: to - from }, (_, i) => `${from + i}\n`).join('');

test('lines come back byte for byte, wherever the input is cut and whether or not it ends with a newline', async () => {
  await createTopic(driver, { name: 't' });
  expect(await writeTopic(driver, { topic: 't' }, input('on', 'e\n\ntw', Uint8Array.of(0xff, 10), 'last'))).toBe(4);
  expect(await printed({})).toBe('one\n\ntw\xff\nlast\n');
});

test('without other wishes the last 10 records of a partition are read', async () => {
  await createTopic(driver, { name: 't' });
  await writeTopic(driver, { topic: 't' }, input(numbers(0, 25)));
  expect(await printed({ fromBeginning: false })).toBe(numbers(15, 25));
});

test('reading ends after the records asked for', async () => {
  await createTopic(driver, { name: 't' });
  await writeTopic(driver, { topic: 't' }, input(numbers(0, 5)));
  expect(await printed({ max: 2 })).toBe('0\n1\n');
});

test('an empty topic is read at once', async () => {
  await createTopic(driver, { name: 't', partitions: 2 });
  expect(await printed({})).toBe('');
});

test('following waits for what is written later', async () => {
  await createTopic(driver, { name: 't' });
  const following = printed({ fromBeginning: false, follow: true, max: 2 });
  await writeTopic(driver, { topic: 't' }, input('a\n'));
  await writeTopic(driver, { topic: 't' }, input('b\n'));
  expect(await following).toBe('a\nb\n');
});

test('records of one key share the partition that Java gives them, chunks without keys take turns', async () => {
  await createTopic(driver, { name: 't', partitions: 3 });
  await writeTopic(driver, { topic: 't', keySeparator: ':' }, input('k:1\nk:2\n'));
  const lines = (await printed({}, { json: true })).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { partition: 2, offset: 0, key: 'k', value: '1' },
    { partition: 2, offset: 1, key: 'k', value: '2' },
  ]);
  await writeTopic(driver, { topic: 't' }, input('a\n', 'b\n', 'c\n'));
  expect(await listTopics(driver, false)).toEqual([{ topic: 't', partitions: 3, records: 5 }]);
  const partitions = (await printed({}, { json: true }))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).partition);
  expect(partitions.sort()).toEqual([0, 1, 2, 2, 2]);
});

test('keys and headers are printed before the value, JSON says what is no text', async () => {
  await createTopic(driver, { name: 't' });
  const producer = await driver.producer();
  const headers = [
    ['h', 'x'],
    ['h', null],
  ] as const;
  await producer.send([{ topic: 't', partition: 0, records: [{ key: null, value: Uint8Array.of(0xff), headers, timestamp: 7 }] }]);
  expect(await printed({}, { key: true, headers: true })).toBe('h:x,h:null\tnull\t\xff\n');
  expect(JSON.parse(await printed({}, { json: true }))).toEqual({
    topic: 't',
    partition: 0,
    offset: 0,
    timestamp: 7,
    key: null,
    value: { base64: '/w==' },
    headers: [
      { name: 'h', value: 'x' },
      { name: 'h', value: null },
    ],
  });
});

test('an unknown topic, a known one made again and an unknown partition are errors with a remedy', async () => {
  await createTopic(driver, { name: 't' });
  await expect(printed({ topic: 'none' })).rejects.toMatchObject({ code: 'CLI_TOPIC_UNKNOWN' });
  await expect(writeTopic(driver, { topic: 'none' }, input('a\n'))).rejects.toMatchObject({ code: 'CLI_TOPIC_UNKNOWN' });
  await expect(createTopic(driver, { name: 't' })).rejects.toMatchObject({ code: 'CLI_TOPIC_EXISTS' });
  await expect(writeTopic(driver, { topic: 't', partition: 1 }, input('a\n'))).rejects.toThrow(
    'Topic t has no partition 1: it has 1, counted from 0.',
  );
});
