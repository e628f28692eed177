import { expect, test } from 'vitest';
import type { Oldest } from '../../src/schedule/ack-tracker.ts';
import { Watchdog } from '../../src/schedule/watchdog.ts';
import { marbles } from '../../src/testing/marbles.ts';

const since = (frame: number): Oldest => ({ since: frame, node: 'stage-1', partition: {} });

test(
  'barks when the oldest record is as old as the limit, and looks no oftener than it must (I3)',
  marbles(({ scheduler, flush }) => {
    const looks: number[] = [];
    const barks: unknown[] = [];
    const oldest = () => {
      looks.push(scheduler.now());
      return scheduler.now() < 15 ? since(4) : since(15);
    };
    new Watchdog({ time: scheduler, limitMs: 10, oldest, stuck: ({ node }, ageMs) => barks.push([scheduler.now(), node, ageMs]) }).start();
    flush();
    expect(barks).toEqual([[14, 'stage-1', 10]]);
    expect(looks).toEqual([10, 14]);
  }),
);

test(
  'is silent while records come and go in time, and after it is closed',
  marbles(({ scheduler, flush }) => {
    const oldest = () => (scheduler.now() > 35 ? undefined : since(scheduler.now() - 3));
    const watchdog = new Watchdog({ time: scheduler, limitMs: 10, oldest, stuck: () => expect.unreachable() });
    watchdog.start();
    scheduler.schedule(() => watchdog.close(), 60);
    flush();
    expect(scheduler.now()).toBe(60);
  }),
);

test(
  'an infinite limit never looks',
  marbles(({ scheduler, flush }) => {
    const options = { time: scheduler, oldest: () => expect.unreachable(), stuck: () => expect.unreachable() };
    new Watchdog({ ...options, limitMs: Number.POSITIVE_INFINITY }).start();
    flush();
    expect(scheduler.now()).toBe(0);
  }),
);
