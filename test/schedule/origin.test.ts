import { expect, test } from 'vitest';
import { delivered, filtered } from '../../src/record/outcome.ts';
import { Ledger } from '../../src/schedule/ledger.ts';
import { divide } from '../../src/schedule/mixture.ts';
import { Origin } from '../../src/schedule/origin.ts';
import { Partition } from '../../src/schedule/partition.ts';
import { Window } from '../../src/schedule/window.ts';
import type { SourceBatch } from '../../src/sdk/source.ts';
import { recordingFlow } from '../record/root.ts';

/** The root of a batch whose records are the names of their partitions, in flight. */
function originOf(names: string, callbacks: Pick<SourceBatch<string>, 'released' | 'settled'> = {}) {
  const soon: (() => void)[] = [];
  const told: string[] = [];
  const later = (work: () => void) => void soon.push(work);
  const window = new Window({ records: 10, bytes: 10, span: 10 }, { changed: () => {}, later });
  const ledger = new Ledger({ flow: recordingFlow(), window, later, failed: () => {}, idle: () => told.push('idle') });
  const partitions = new Map([...new Set(names)].map((name, at) => [name, new Partition(name, { name }, at, ledger)]));
  window.join([...partitions.values()].map(({ lane }) => lane));
  const records = [...names];
  const batch: SourceBatch<string> = { records, partitionAt: (i) => ({ name: records[i] ?? '' }), ...callbacks };
  const origin = new Origin(ledger, batch, 'source', 0);
  const { entries, mixture } = divide(batch, (i) => partitions.get(records[i] ?? '') ?? new Partition('?', {}, 9, ledger), origin);
  origin.start(entries[0], mixture);
  const turn = () => {
    for (let work = soon.shift(); work !== undefined; work = soon.shift()) work();
  };
  const room = () => {
    turn();
    return window.records;
  };
  return { origin, ledger, partitions, told, room, turn };
}

test('each record that settles gives its slot back, and the batch ends with the last (I4)', () => {
  const { origin, told, room } = originOf('aba');
  expect(room()).toBe(7);
  expect(origin.one(1, delivered)).toBe(true);
  expect([room(), origin.left, told]).toEqual([8, 2, []]);
  origin.rest(delivered);
  expect([room(), origin.left, told]).toEqual([10, 0, ['idle']]);
});

test('a release gives all slots back at once, and none a second time (I4)', () => {
  const { origin, ledger, room } = originOf('aba');
  origin.released();
  expect([room(), ledger.unsettled]).toEqual([10, 3]);
  origin.released();
  origin.rest(delivered);
  expect([room(), ledger.unsettled]).toEqual([10, 0]);
});

test('a record settles once, alone or with others (I3)', () => {
  const { origin } = originOf('abab');
  expect([origin.one(2, delivered), origin.one(2, filtered)]).toEqual([true, false]);
  expect(origin.many(Uint32Array.of(1, 2, 3), delivered)).toBe(2);
  expect(origin.left).toBe(1);
});

test('closed, it has returned what was left, and takes late settles for settled', () => {
  const outcomes: string[] = [];
  const { origin, turn } = originOf('ab', { settled: (all) => outcomes.push(all.at(0).kind, all.at(1).kind) });
  origin.one(0, delivered);
  origin.close();
  expect([origin.one(1, delivered), origin.many(Uint32Array.of(0, 1), delivered)]).toEqual([true, 2]);
  turn();
  expect(outcomes).toEqual(['delivered', 'returned']);
});

test('it is stale once all its partitions are revoked (I11)', () => {
  const { origin, partitions } = originOf('ab');
  const stale: boolean[] = [origin.stale];
  for (const partition of partitions.values()) {
    partition.revoked = true;
    stale.push(origin.stale);
  }
  expect(stale).toEqual([false, false, true]);
});

test('a batch without records has settled when it starts', () => {
  const said: string[] = [];
  const { origin, turn } = originOf('', { released: () => said.push('released'), settled: ({ size }) => said.push(`settled ${size}`) });
  turn();
  expect([origin.left, origin.stale, said]).toEqual([0, false, ['released', 'settled 0']]);
});
