import { expect, test } from 'vitest';
import { fork } from '../../src/record/fork.ts';
import { delivered, filtered, returned } from '../../src/record/outcome.ts';
import { failed, Root } from './root.ts';

const only = (ack: Parameters<typeof fork>[0], children: Parameters<typeof fork>[1][number]) => fork(ack, [children])[0]!;

test('a filter settles what it drops as filtered, and the rest in one step', () => {
  const root = new Root(5);
  const kept = only(root.ack, Uint32Array.of(0, 2, 4));
  expect(root.kinds).toEqual([undefined, 'filtered', undefined, 'filtered', undefined]);
  kept.settleAt(1, failed);
  kept.settle(delivered);
  expect(root.kinds).toEqual(['delivered', 'filtered', 'failed', 'filtered', 'delivered']);
  expect(root.calls).toEqual({ rest: 1, one: 1, many: 1 });
});

test('a filter that keeps all reports where its parent does', () => {
  const root = new Root(3);
  only(root.ack, Uint32Array.of(0, 1, 2)).settle(delivered);
  expect(root.calls).toEqual({ rest: 1, one: 0, many: 0 });
});

test('a filter that drops all settles all as filtered', () => {
  const root = new Root(2);
  const kept = only(root.ack, new Uint32Array(0));
  expect(kept.size).toBe(0);
  kept.settle(delivered);
  expect(root.kinds).toEqual(['filtered', 'filtered']);
});

test('a record with several children settles with the last, and the worst outcome wins', () => {
  const root = new Root(3);
  const children = only(root.ack, Uint32Array.of(0, 0, 2, 2));
  expect(root.kinds).toEqual([undefined, 'filtered', undefined]);
  children.settleAt(0, returned);
  children.settleAt(2, filtered);
  expect(root.kinds).toEqual([undefined, 'filtered', undefined]);
  children.settle(delivered);
  expect(root.kinds).toEqual(['returned', 'filtered', 'delivered']);
});

test('children may have parents in any order', () => {
  const root = new Root(3);
  const children = only(root.ack, Uint32Array.of(2, 0, 2));
  children.settleAt(1, delivered);
  children.settleAt(0, failed);
  expect(root.kinds).toEqual(['delivered', 'filtered', undefined]);
  children.settleAt(2, delivered);
  expect(root.kinds).toEqual(['delivered', 'filtered', 'failed']);
});

test('a broadcast is counted per branch until the first single settle', () => {
  const root = new Root(3);
  const [a, b, c] = fork(root.ack, ['all', 'all', 'all']);
  a?.settle(filtered);
  b?.settle(delivered);
  expect(root.calls).toEqual({ rest: 0, one: 0, many: 0 });
  c?.settle(filtered);
  expect(root.calls).toEqual({ rest: 1, one: 0, many: 0 });
  expect(root.kinds).toEqual(['delivered', 'delivered', 'delivered']);
});

test('a broadcast of which one branch settles singly is exact to the record', () => {
  const root = new Root(3);
  const [a, b] = fork(root.ack, ['all', 'all']);
  a?.settle(returned);
  b?.settleAt(1, delivered);
  expect(root.kinds).toEqual([undefined, 'returned', undefined]);
  b?.settle(failed);
  expect(root.kinds).toEqual(['failed', 'returned', 'failed']);
});

test('a route passes each record on by itself', () => {
  const root = new Root(4);
  const [even, odd] = fork(root.ack, [Uint32Array.of(0, 2), Uint32Array.of(1)]);
  expect(root.kinds).toEqual([undefined, undefined, undefined, 'filtered']);
  odd?.settle(failed);
  expect(root.kinds).toEqual([undefined, 'failed', undefined, 'filtered']);
  even?.settle(delivered);
  expect(root.kinds).toEqual(['delivered', 'failed', 'delivered', 'filtered']);
});

test('outputs that overlap in one record join there only', () => {
  const root = new Root(2);
  const [all, copy] = fork(root.ack, ['all', Uint32Array.of(1)]);
  all?.settle(delivered);
  expect(root.kinds).toEqual(['delivered', undefined]);
  copy?.settle(failed);
  expect(root.kinds).toEqual(['delivered', 'failed']);
});

test('without outputs every record is filtered', () => {
  const root = new Root(2);
  expect(fork(root.ack, [])).toEqual([]);
  expect(root.kinds).toEqual(['filtered', 'filtered']);
});

test.each([
  ['broadcast', ['all', 'all'] as const],
  ['route', [Uint32Array.of(0), Uint32Array.of(1)]],
  ['overlap', ['all', Uint32Array.of(0)] as const],
])('a %s releases when every branch has released or settled', (_name, outputs) => {
  const root = new Root(2);
  const [a, b] = fork(root.ack, outputs);
  a?.release();
  a?.release();
  expect(root.releases).toBe(0);
  b?.settle(delivered);
  expect(root.releases).toBe(1);
});

test('a parent that does not exist fails the task and names the node', () => {
  const root = new Root(2, 'splitter');
  const [a] = fork(root.ack, [Uint32Array.of(0, 2)]);
  a?.settle(delivered);
  expect(root.flow.errors).toMatchObject([{ code: 'RECORD_INDEX_OUTSIDE', facts: { node: 'splitter', index: 2, size: 2 } }]);
});
