import { expect, test } from 'vitest';
import { delivered } from '../../src/record/outcome.ts';
import { Ledger } from '../../src/schedule/ledger.ts';
import { Trampoline } from '../../src/schedule/trampoline.ts';
import { Window } from '../../src/schedule/window.ts';
import { marbles } from '../../src/testing/marbles.ts';
import { recordingFlow } from '../record/root.ts';
import { failure } from './tracking.ts';

function ledgerOf(later: (work: () => void) => void = () => {}) {
  const told: unknown[] = [];
  const flow = recordingFlow();
  const window = new Window({ records: 1, bytes: 1, span: 1 }, { changed: () => {}, later });
  const ledger = new Ledger({ flow, window, later, failed: ({ error }) => told.push(error), idle: () => told.push('idle') });
  return { ledger, told, flow };
}
const live = { stale: false, flow: recordingFlow() };
const gone = { ...live, stale: true };

test('it is idle when the last record has settled', () => {
  const { ledger, told } = ledgerOf();
  ledger.unsettled = 3;
  ledger.settled(2, delivered, live);
  expect(told).toEqual([]);
  ledger.settled(1, delivered, live);
  expect(told).toEqual(['idle']);
});

test('a failure is told, unless its assignment is gone (I11)', () => {
  const { ledger, told } = ledgerOf();
  ledger.unsettled = 3;
  ledger.settled(1, failure('ours'), live);
  ledger.settled(1, failure("another task's"), gone);
  expect(told).toEqual(['ours']);
});

test('closed, it counts on and tells nothing', () => {
  const { ledger, told } = ledgerOf();
  ledger.unsettled = 1;
  ledger.closed = true;
  ledger.settled(1, failure('late'), live);
  expect([ledger.unsettled, told]).toEqual([0, []]);
});

test(
  'a source is called back from the trampoline, in order, never from inside the settle',
  marbles(({ scheduler, hot, expectObservable, flush }) => {
    const trampoline = new Trampoline(scheduler, () => {});
    const { ledger } = ledgerOf((work) => trampoline.later(work));
    const said: string[] = [];
    const settles = hot('-a--b');
    expectObservable(settles).toBe('-a--b');
    settles.subscribe((name) => {
      ledger.tellLater(() => said.push(`${scheduler.now()} ${name}1`));
      ledger.tellLater(() => said.push(`${scheduler.now()} ${name}2`));
      said.push(`${scheduler.now()} ${name} settled`);
    });
    flush();
    expect(said).toEqual(['1 a settled', '1 a1', '1 a2', '4 b settled', '4 b1', '4 b2']);
  }),
);

test('a callback that throws fails the task and no other callback', () => {
  const { ledger, flow } = ledgerOf();
  const said: string[] = [];
  ledger.tellLater(() => {
    throw new Error('theirs');
  });
  ledger.tellLater(() => said.push('told'));
  ledger.tellNow();
  expect([said, flow.errors]).toEqual([['told'], [new Error('theirs')]]);
});
