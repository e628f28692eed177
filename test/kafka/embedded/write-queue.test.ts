import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openStore, type Query, type Store } from '../../../src/kafka/embedded/store.ts';
import { WriteQueue } from '../../../src/kafka/embedded/write-queue.ts';

let folder: string;
let store: Store;
let insert: Query;
let topics: Query<{ name: string }>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-queue-'));
  store = openStore(folder);
  insert = store.query('INSERT INTO topic (name) VALUES (?)');
  topics = store.query('SELECT name FROM topic ORDER BY id');
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const silent = { committed: () => undefined, undone: () => undefined };
const names = () => topics.all().map(({ name }) => name);

test('puts the writes of one turn into one transaction, in order', async () => {
  const transactions = vi.spyOn(store, 'write');
  const committed = vi.fn(names);
  const queue = new WriteQueue(store, { committed, undone: vi.fn() });
  const answers = await Promise.all(['a', 'b', 'c'].map((name) => queue.write(() => insert.run(name))));
  expect(answers).toEqual([1, 1, 1]);
  expect(transactions).toHaveBeenCalledTimes(1);
  expect(committed.mock.results.map(({ value }) => value)).toEqual([['a', 'b', 'c']]);
});

test('undoes only the write that throws', async () => {
  const queue = new WriteQueue(store, silent);
  const refused = queue.write(() => {
    insert.run('half');
    throw new Error('refused');
  });
  const outcomes = await Promise.allSettled([queue.write(() => insert.run('a')), refused, queue.write(() => insert.run('b'))]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(names()).toEqual(['a', 'b']);
});

test('begins another transaction behind 16 MB', async () => {
  const transactions = vi.spyOn(store, 'write');
  const queue = new WriteQueue(store, silent);
  await Promise.all(['a', 'b', 'c'].map((name) => queue.write(() => insert.run(name), 10_000_000)));
  expect(transactions).toHaveBeenCalledTimes(3);
});

test('lets the event loop turn between transactions', async () => {
  const queue = new WriteQueue(store, silent);
  let turns = 0;
  let turning = true;
  const turn = () => {
    turns++;
    if (turning) setImmediate(turn);
  };
  turn();
  for (let index = 0; index < 20; index++) await queue.write(() => undefined);
  turning = false;
  expect(turns).toBeGreaterThanOrEqual(20);
});

test('waits while another connection writes, and then goes on', async () => {
  const queue = new WriteQueue(store, silent);
  const other = new DatabaseSync(join(folder, 'broker.db'));
  other.exec('BEGIN IMMEDIATE');
  let written = false;
  const write = queue
    .write(() => insert.run('late'))
    .then(() => {
      written = true;
    });
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(written).toBe(false);
  other.exec('COMMIT');
  other.close();
  await write;
  expect(names()).toEqual(['late']);
});
