import { expect, test } from 'vitest';
import type { Ack } from '../../src/record/ack.ts';
import { fork } from '../../src/record/fork.ts';
import { gather } from '../../src/record/gather.ts';
import { intercept } from '../../src/record/intercept.ts';
import { delivered } from '../../src/record/outcome.ts';
import { Root } from './root.ts';

const first = (acks: readonly Ack[]): Ack => {
  const [ack] = acks;
  if (ack === undefined) throw new Error('no branch');
  return ack;
};

const passOn = {
  settle: (ack: Ack, outcome: typeof delivered) => ack.settle(outcome),
  settleAt: (ack: Ack, index: number, outcome: typeof delivered) => ack.settleAt(index, outcome),
};

const levels: Record<string, (ack: Ack) => Ack> = {
  filters: (ack) => first(fork(ack, [Uint32Array.of(0)])),
  flatMaps: (ack) => first(fork(ack, [Uint32Array.of(0, 0)])),
  routes: (ack) => first(fork(ack, [Uint32Array.of(0), new Uint32Array(0)])),
  broadcasts: (ack) => {
    const [one, other] = fork(ack, ['all', 'all']);
    other?.settle(delivered);
    return one ?? ack;
  },
  batchers: (ack) => gather([ack, new Root(1).ack], { kind: 'concat' }),
  aggregates: (ack) => gather([ack], { kind: 'all', size: 2 }),
  joins: (ack) => gather([ack], { kind: 'edges', at: Uint32Array.of(0, 1), ack: Uint32Array.of(0), index: Uint32Array.of(0) }),
  interceptors: (ack) => intercept(ack, passOn),
};

const deep = (root: Root, level: (ack: Ack) => Ack): Ack => {
  let ack = root.ack;
  for (let depth = 0; depth < 5_000; depth++) ack = level(ack);
  return ack;
};

test.each(Object.entries(levels))('5,000 %s above each other settle at once, one by one, and release', (_name, level) => {
  const roots = [new Root(1), new Root(1), new Root(1)] as const;
  deep(roots[0], level).settle(delivered);
  expect(roots[0].kinds).toEqual(['delivered']);
  const singly = deep(roots[1], level);
  for (let i = singly.size - 1; i >= 0; i--) singly.settleAt(i, delivered);
  expect(roots[1].kinds).toEqual(['delivered']);
  deep(roots[2], level).release();
  expect(roots[2].releases).toBe(1);
});
