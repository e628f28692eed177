import { expect, test } from 'vitest';
import { gather } from '../../src/record/gather.ts';
import { delivered, filtered, returned } from '../../src/record/outcome.ts';
import { failed, Root } from './root.ts';

const edges = (rows: readonly (readonly (readonly [ack: number, index: number])[])[]) => {
  const at = [0];
  for (const row of rows) at.push((at.at(-1) ?? 0) + row.length);
  const all = rows.flat();
  return {
    kind: 'edges' as const,
    at: Uint32Array.from(at),
    ack: Uint32Array.from(all.map(([ack]) => ack)),
    index: Uint32Array.from(all.map(([, index]) => index)),
  };
};

test('concat numbers the records of all inputs in a row, empty inputs included', () => {
  const roots = [new Root(0), new Root(2), new Root(0), new Root(1), new Root(0)] as const;
  const ack = gather(
    roots.map((root) => root.ack),
    { kind: 'concat' },
  );
  expect(ack.size).toBe(3);
  ack.settleAt(2, failed);
  ack.settleAt(0, filtered);
  ack.settle(delivered);
  expect(roots.map((root) => root.kinds)).toEqual([[], ['filtered', 'delivered'], [], ['failed'], []]);
});

test('concat of one ack reports where that ack does', () => {
  const root = new Root(2);
  gather([root.ack], { kind: 'concat' }).settle(delivered);
  expect(root.calls).toEqual({ rest: 1, one: 0, many: 0 });
});

test('when every child depends on all, inputs settle with the last child and the worst outcome', () => {
  const [a, b] = [new Root(2), new Root(1)];
  const ack = gather([a.ack, b.ack], { kind: 'all', size: 3 });
  ack.settleAt(1, returned);
  ack.settleAt(0, delivered);
  expect([a.kinds, b.kinds]).toEqual([[undefined, undefined], [undefined]]);
  ack.settle(filtered);
  expect([a.kinds, b.kinds]).toEqual([['returned', 'returned'], ['returned']]);
});

test('an aggregate without children filters its inputs', () => {
  const root = new Root(2);
  gather([root.ack], { kind: 'all', size: 0 }).settle(delivered);
  expect(root.kinds).toEqual(['filtered', 'filtered']);
});

test('with edges a record settles when its own children have', () => {
  const [a, b] = [new Root(3), new Root(1)];
  const ack = gather(
    [a.ack, b.ack],
    edges([
      [
        [0, 0],
        [1, 0],
      ],
      [
        [0, 0],
        [0, 2],
      ],
      [],
    ]),
  );
  expect(ack.size).toBe(3);
  expect([a.kinds, b.kinds]).toEqual([[undefined, 'filtered', undefined], [undefined]]);
  ack.settleAt(0, failed);
  expect([a.kinds, b.kinds]).toEqual([[undefined, 'filtered', undefined], ['failed']]);
  ack.settle(delivered);
  expect([a.kinds, b.kinds]).toEqual([['failed', 'filtered', 'delivered'], ['failed']]);
});

test.each([
  ['do not start at 0', { at: [1, 2], ack: [0, 0], index: [0, 0] }],
  ['fall', { at: [0, 2, 1], ack: [0], index: [0] }],
  ['end elsewhere', { at: [0, 1], ack: [0, 0], index: [0, 0] }],
  ['name no input', { at: [0, 1], ack: [1], index: [0] }],
  ['name no record', { at: [0, 1], ack: [0], index: [2] }],
  ['are unequal', { at: [0, 1], ack: [0], index: [] }],
])('edges that %s fail the task', (_name, { at, ack, index }) => {
  const root = new Root(2, 'join');
  const typed = { kind: 'edges' as const, at: Uint32Array.from(at), ack: Uint32Array.from(ack), index: Uint32Array.from(index) };
  gather([root.ack], typed).settle(delivered);
  expect(root.flow.errors).toMatchObject([{ code: 'RECORD_EDGES_UNEQUAL', facts: { node: 'join' } }]);
  expect(root.kinds).toEqual([undefined, undefined]);
});

test.each([
  ['concat', { kind: 'concat' as const }],
  ['all', { kind: 'all' as const, size: 1 }],
  ['edges', edges([[[0, 0]], [[1, 0]]])],
])('a release of a gathered batch (%s) releases every input', (_name, parents) => {
  const roots = [new Root(1), new Root(1)] as const;
  const ack = gather([roots[0].ack, roots[1].ack], parents);
  ack.release();
  expect(roots.map((root) => root.releases)).toEqual([1, 1]);
});

test('a gathered batch is stale when every origin is', () => {
  const [a, b] = [new Root(1), new Root(1)];
  const ack = gather([a.ack, b.ack], { kind: 'concat' });
  a.stale = true;
  expect(ack.stale).toBe(false);
  b.stale = true;
  expect(ack.stale).toBe(true);
});

test('nothing cannot be gathered', () => {
  expect(() => gather([], { kind: 'concat' })).toThrow('gather was called without acks.');
});
