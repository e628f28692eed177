import { asapScheduler } from 'rxjs';
import { expect, test } from 'vitest';
import { Trampoline } from '../../src/schedule/trampoline.ts';
import { marbles } from '../../src/testing/marbles.ts';

const unexpected = (error: unknown) => {
  throw error;
};

test(
  'runs work in order, never from inside the caller, and what it hands in itself in a later turn',
  marbles(({ scheduler, flush }) => {
    const log: string[] = [];
    const trampoline = new Trampoline(scheduler, unexpected);
    trampoline.later(() => {
      log.push('a');
      trampoline.later(() => log.push('c'));
    });
    trampoline.later(() => log.push('b'));
    log.push('handed in');
    flush();
    expect(log).toEqual(['handed in', 'a', 'b', 'c']);
  }),
);

test('with asapScheduler a turn is a microtask', async () => {
  const log: string[] = [];
  const trampoline = new Trampoline(asapScheduler, unexpected);
  const macrotask = new Promise<void>((resolve) =>
    setImmediate(() => {
      log.push('macrotask');
      resolve();
    }),
  );
  trampoline.later(() => trampoline.later(() => log.push('second turn')));
  await macrotask;
  expect(log).toEqual(['second turn', 'macrotask']);
});

test(
  'a throw is told and does not stop the work behind it',
  marbles(({ scheduler, flush }) => {
    const log: unknown[] = [];
    const trampoline = new Trampoline(scheduler, (error) => log.push(error));
    trampoline.later(() => unexpected('broken'));
    trampoline.later(() => log.push('next'));
    flush();
    expect(log).toEqual(['broken', 'next']);
  }),
);

test(
  'does nothing once closed, not even what is left of a turn',
  marbles(({ scheduler, flush }) => {
    const log: string[] = [];
    const waiting = new Trampoline(scheduler, unexpected);
    waiting.later(() => log.push('never'));
    waiting.close();
    const midway = new Trampoline(scheduler, unexpected);
    midway.later(() => midway.close());
    midway.later(() => log.push('never'));
    flush();
    midway.later(() => log.push('never'));
    flush();
    expect(log).toEqual([]);
  }),
);
