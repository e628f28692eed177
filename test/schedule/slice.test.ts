import { expect, test } from 'vitest';
import { Slice } from '../../src/schedule/slice.ts';
import { marbles } from '../../src/testing/marbles.ts';

test(
  'is over after its length, until a macrotask has run',
  marbles(({ scheduler, flush }) => {
    const renewed: number[] = [];
    const slice = new Slice({ macrotask: scheduler, sliceMs: 5 }, () => renewed.push(scheduler.now()));
    const overs: boolean[] = [];
    for (const now of [100, 104, 105, 109]) {
      slice.worked(now);
      overs.push(slice.over);
    }
    flush();
    expect(overs).toEqual([false, false, true, true]);
    expect(slice.over).toBe(false);
    expect(renewed).toEqual([0]);
  }),
);

test(
  'work after a macrotask starts a new slice; nobody is told of one that was not over',
  marbles(({ scheduler, flush }) => {
    const renewed: number[] = [];
    const slice = new Slice({ macrotask: scheduler, sliceMs: 5 }, () => renewed.push(scheduler.now()));
    slice.worked(0);
    scheduler.schedule(() => {
      slice.worked(8);
      slice.worked(12);
      expect(slice.over).toBe(false);
    }, 8);
    flush();
    expect(renewed).toEqual([]);
  }),
);

test(
  'a closed slice renews nothing',
  marbles(({ scheduler, flush }) => {
    const slice = new Slice({ macrotask: scheduler, sliceMs: 0 }, () => expect.unreachable());
    slice.worked(0);
    slice.worked(0);
    slice.close();
    flush();
    expect(slice.over).toBe(true);
  }),
);
