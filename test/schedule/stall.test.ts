import { expect, test } from 'vitest';
import { Stall } from '../../src/schedule/stall.ts';
import { marbles } from '../../src/testing/marbles.ts';

type Time = ConstructorParameters<typeof Stall>[0]['time'];

/** A run whose records come, go and move when the test says so; what is told, with its time. */
function run(time: Time, limitMs: number) {
  const told: (readonly [number, string])[] = [];
  const state = { held: 0, told };
  const stall = new Stall({ time, limitMs, held: () => state.held, tell: ({ kind }) => void told.push([time.now(), kind]) });
  stall.start();
  const at = (ms: number, act: () => void) => time.schedule(act, ms);
  return { state, stall, at };
}

test(
  'tells once that nothing moves, not before the limit and at most half of it late, and at once that it moves',
  marbles(({ scheduler, flush }) => {
    const { state, stall, at } = run(scheduler, 8);
    at(3, () => {
      state.held = 5;
    });
    at(30, () => stall.moved());
    at(31, () => stall.moved());
    at(33, () => stall.close());
    flush();
    expect(state.told).toEqual([
      [12, 'stalled'],
      [30, 'moving'],
    ]);
  }),
);

test(
  'is silent while nothing is held, and while something moves within the limit',
  marbles(({ scheduler, flush }) => {
    const { state, stall, at } = run(scheduler, 8);
    at(41, () => {
      state.held = 1;
    });
    for (const ms of [45, 52, 59]) at(ms, () => stall.moved());
    at(60, () => {
      state.held = 0;
    });
    at(100, () => stall.close());
    flush();
    expect(state.told).toEqual([]);
  }),
);

test(
  'tells again when it stands still again',
  marbles(({ scheduler, flush }) => {
    const { state, stall, at } = run(scheduler, 4);
    state.held = 1;
    at(7, () => stall.moved());
    at(14, () => stall.close());
    flush();
    expect(state.told.map(([, what]) => what)).toEqual(['stalled', 'moving', 'stalled']);
  }),
);
