import { expect, test } from 'vitest';
import { assemble } from '../../src/schedule/assemble.ts';
import type { Stage } from '../../src/schedule/run-options.ts';
import { mapRecord } from '../../src/sdk/map-record.ts';
import { marbles, recordsOf } from '../../src/testing/marbles.ts';

const stage = (name: string, map: (record: string) => string = (record) => record + name): Stage => ({ name, operator: mapRecord(map) });

test(
  'chains the stages in their order',
  marbles(({ acks, batches, expectObservable }) => {
    const entry = batches(acks(), 'a-(bc)-|');
    expectObservable(recordsOf(assemble(entry, [stage('1'), stage('2')]))).toBe('a-(bc)-|', { a: 'a12', b: 'b12', c: 'c12' });
  }),
);

test(
  'each stage names itself on what it takes, for failures and the watchdog (I3)',
  marbles(({ acks, batches, flush }) => {
    const run = acks();
    const fails = (record: string): string => {
      if (record === 'b1') throw new Error('no b');
      return record;
    };
    const nodes: string[] = [];
    assemble(batches(run, 'ab'), [stage('1'), stage('picky', fails)]).subscribe(({ ack }) => nodes.push(ack.node));
    flush();
    expect(nodes).toEqual(['picky']);
    expect(run.outcomes.get('b')).toMatchObject({ kind: 'failed', failure: { stage: 'TRANSFORMATION', node: 'picky' } });
  }),
);

test(
  'without stages what enters leaves; an error passes, and unsubscribing reaches the entry',
  marbles(({ acks, batches, cold, expectObservable, expectSubscriptions }) => {
    expectObservable(recordsOf(assemble(batches(acks(), '-a-|'), []))).toBe('-a-|');
    expectObservable(assemble(cold('--#'), [stage('1')])).toBe('--#');
    const entry = cold<never>('-------|');
    expectObservable(assemble(entry, [stage('1'), stage('2')]), '^---!').toBe('-');
    expectSubscriptions(entry.subscriptions).toBe('^---!');
  }),
);
