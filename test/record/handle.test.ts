import { expect, test } from 'vitest';
import { fork } from '../../src/record/fork.ts';
import { gather } from '../../src/record/gather.ts';
import type { Handle } from '../../src/record/handle.ts';
import { holderOf } from '../../src/record/holder.ts';
import { delivered, returned } from '../../src/record/outcome.ts';
import { failed, Root } from './root.ts';

test('an ack settles once, and a second settle fails the task and names the node', () => {
  const { ack, kinds, flow } = settledRoot();
  expect(kinds).toEqual(['delivered', 'delivered']);
  ack.at('twice');
  ack.settle(failed);
  expect(flow.errors).toMatchObject([{ code: 'RECORD_ACK_SPENT', facts: { node: 'twice', use: 'settle', state: 'settled' } }]);
  expect(String(flow.errors[0])).toContain('Node twice called settle on an ack that it had settled before. Use an ack once');
});

test('settle covers what settleAt left, and is legal with nothing left', () => {
  const root = new Root(2);
  root.ack.settleAt(1, failed);
  expect(root.ack.left).toBe(1);
  root.ack.settleAt(0, delivered);
  root.ack.settle(returned);
  expect(root.kinds).toEqual(['delivered', 'failed']);
  expect(root.flow.errors).toEqual([]);
});

test.each([
  [-1, 'RECORD_INDEX_OUTSIDE'],
  [2, 'RECORD_INDEX_OUTSIDE'],
  [0.5, 'RECORD_INDEX_OUTSIDE'],
  [Number.NaN, 'RECORD_INDEX_OUTSIDE'],
  [1, 'RECORD_INDEX_SETTLED'],
])('settleAt(%s) of two records, of which 1 is settled, fails the task', (index, code) => {
  const root = new Root(2);
  root.ack.settleAt(1, delivered);
  root.ack.settleAt(index, failed);
  expect(root.flow.errors).toMatchObject([{ code }]);
  expect(root.kinds).toEqual([undefined, 'delivered']);
});

test('an ack that was handed on cannot be settled, released or handed on again', () => {
  const root = new Root(2);
  const [next] = fork(root.ack, ['all']);
  root.ack.settle(failed);
  root.ack.release();
  fork(root.ack, ['all'])[0]?.settle(failed);
  gather([root.ack], { kind: 'concat' }).settle(failed);
  expect(root.flow.errors.map((error) => (error as { facts: { use: string; state: string } }).facts)).toEqual([
    { node: 'source', use: 'settle', state: 'forked' },
    { node: 'source', use: 'release', state: 'forked' },
    { node: 'source', use: 'fork', state: 'forked' },
    { node: 'source', use: 'gather', state: 'forked' },
  ]);
  expect(root.kinds).toEqual([undefined, undefined]);
  next?.settle(delivered);
  expect(root.kinds).toEqual(['delivered', 'delivered']);
});

test('an ack of which records are settled cannot be forked', () => {
  const root = new Root(3, 'late');
  root.ack.settleAt(0, delivered);
  fork(root.ack, ['all'])[0]?.settle(failed);
  expect(root.flow.errors).toMatchObject([{ code: 'RECORD_ACK_BEGUN', facts: { node: 'late', settled: 1, size: 3 } }]);
  expect(root.kinds).toEqual(['delivered', undefined, undefined]);
});

test('what the runtime closed ignores later use', () => {
  const root = new Root(2);
  root.ack.settleAt(0, delivered);
  root.ack.close(returned);
  root.ack.settle(failed);
  root.ack.settleAt(0, failed);
  root.ack.release();
  fork(root.ack, ['all'])[0]?.settle(failed);
  expect(root.kinds).toEqual(['delivered', 'returned']);
  expect(root.flow.errors).toEqual([]);
});

test('release after settle is nothing', () => {
  const { ack, flow } = settledRoot();
  ack.release();
  expect(flow.errors).toEqual([]);
});

test('an ack that this runtime did not make is refused', () => {
  const { ack } = new Root(1);
  const foreign = {
    ...ack,
    settle: () => {},
    settleAt: () => {},
    release: () => {},
    close: () => {},
    at: () => {},
    flow: ack.flow,
    stale: false,
  };
  expect(() => fork(foreign, ['all'])).toThrow('fork was given an ack that this runtime did not make.');
});

test('the holder of a batch is the node that took its unsettled branch last', () => {
  const root = new Root(4, 'source');
  const handle = root.ack as Handle;
  expect(holderOf(handle)).toBe('source');
  root.ack.at('map');
  expect(holderOf(handle)).toBe('map');
  const [even, odd] = fork(root.ack, [Uint32Array.of(0, 2), Uint32Array.of(1, 3)]);
  even?.at('even sink');
  odd?.at('odd sink');
  odd?.settle(delivered);
  expect(holderOf(handle)).toBe('even sink');
});

function settledRoot(): Root {
  const root = new Root(2);
  root.ack.settle(delivered);
  return root;
}
