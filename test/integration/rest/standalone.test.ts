import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectOnly } from './expect-only.ts';
import { ofSameOnBoth, onStandalone, sameOnBoth } from './expected-failures.ts';
import { replay } from './replay.ts';
import { type StandaloneWorker, startStandalone } from './standalone-worker.ts';

const MINUTE = 60_000;

let worker: StandaloneWorker;
beforeAll(async () => {
  worker = await startStandalone();
}, MINUTE);
afterAll(() => worker?.close());

test('a standalone worker answers as Kafka Connect did, twice in a row', { timeout: MINUTE }, async () => {
  for (const _round of ['first', 'second']) {
    const replayed = await replay('standalone.json', worker);
    expectOnly(replayed, onStandalone);
    expect(replayed.passed).toBe(92);
  }
});

test('what is the same on a worker of a cluster is answered as by one', { timeout: MINUTE }, async () => {
  const replayed = await replay('distributed.json', { ...worker, only: sameOnBoth });
  expectOnly(replayed, ofSameOnBoth);
  expect(replayed.passed).toBe(397);
});
