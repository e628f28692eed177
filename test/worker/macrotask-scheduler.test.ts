import { expect, test } from 'vitest';
import { macrotaskScheduler } from '../../src/worker/macrotask-scheduler.ts';

const order: string[] = [];
const macrotask = () => new Promise<void>((resolve) => setImmediate(resolve));

test('runs after pending microtasks', async () => {
  order.length = 0;
  macrotaskScheduler.schedule(() => order.push('macrotask'));
  queueMicrotask(() => order.push('microtask'));
  order.push('now');
  await macrotask();
  expect(order).toEqual(['now', 'microtask', 'macrotask']);
});

test('an action can schedule itself again, with a state', async () => {
  const seen: (number | undefined)[] = [];
  macrotaskScheduler.schedule<number>(
    function (n) {
      seen.push(n);
      if (n !== undefined && n < 3) this.schedule(n + 1);
    },
    0,
    1,
  );
  for (let i = 0; i < 4; i++) await macrotask();
  expect(seen).toEqual([1, 2, 3]);
});

test('does not run what was unsubscribed, delayed or not', async () => {
  let ran = 0;
  const soon = macrotaskScheduler.schedule(() => ran++);
  const later = macrotaskScheduler.schedule(() => ran++, 1);
  soon.unsubscribe();
  later.unsubscribe();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(ran).toBe(0);
});
