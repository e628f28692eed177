import { expect, test } from 'vitest';
import type { Ack } from '../../src/record/ack.ts';
import { fork } from '../../src/record/fork.ts';
import { intercept } from '../../src/record/intercept.ts';
import { delivered, filtered, type Outcome } from '../../src/record/outcome.ts';
import { failed, Root } from './root.ts';

/** Passes nothing on before `open`. */
const holding = () => {
  const waiting: (() => void)[] = [];
  let releases = 0;
  return {
    settle: (ack: Ack, outcome: Outcome) => void waiting.push(() => ack.settle(outcome)),
    settleAt: (ack: Ack, index: number, outcome: Outcome) => void waiting.push(() => ack.settleAt(index, outcome)),
    released: () => {
      releases += 1;
    },
    open: () => {
      for (const work of waiting) work();
    },
    get releases() {
      return releases;
    },
  };
};

test('an interceptor holds settles back and passes them on later', () => {
  const root = new Root(3);
  const holder = holding();
  const ack = intercept(root.ack, holder);
  ack.settleAt(1, failed);
  ack.settle(delivered);
  expect(root.kinds).toEqual([undefined, undefined, undefined]);
  holder.open();
  expect(root.kinds).toEqual(['delivered', 'failed', 'delivered']);
  expect(root.flow.errors).toEqual([]);
});

test('an interceptor may change outcomes', () => {
  const root = new Root(2);
  const skip = (outcome: Outcome) => (outcome.kind === 'failed' ? filtered : outcome);
  const ack = intercept(root.ack, {
    settle: (inner, outcome) => inner.settle(skip(outcome)),
    settleAt: (inner, index, outcome) => inner.settleAt(index, skip(outcome)),
  });
  ack.settleAt(0, failed);
  ack.settle(delivered);
  expect(root.kinds).toEqual(['filtered', 'delivered']);
});

test('a record settled twice is reported while the first settle is held back', () => {
  const root = new Root(2);
  const ack = intercept(root.ack, holding());
  ack.settleAt(0, delivered);
  ack.settleAt(0, delivered);
  expect(root.flow.errors).toMatchObject([{ code: 'RECORD_INDEX_SETTLED' }]);
});

test.each<[string, (ack: Ack) => void]>([
  ['released', (ack) => ack.release()],
  ['settled', (ack) => ack.settle(delivered)],
  ['settled one by one', (ack) => ack.settleAt(0, delivered)],
  ['settled in all branches', (ack) => fork(ack, ['all', 'all']).forEach((branch) => void branch.settle(delivered))],
])('what was %s is accounted for while the interceptor holds the settle back', (_name, use) => {
  const root = new Root(1);
  const holder = holding();
  use(intercept(root.ack, holder));
  expect(root.releases).toBeGreaterThan(0);
  expect(holder.releases).toBeGreaterThan(0);
  expect(root.kinds).toEqual([undefined]);
});
