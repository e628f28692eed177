import { ok } from 'node:assert/strict';
import { assertOver } from './choices.ts';
import { Life } from './crash-life.ts';
import { World } from './crash-world.ts';
import type { RunLaw } from './run-core.ts';

/**
 * I1–I6: a task that crashes at any time, and starts again from what was stored, loses nothing, keeps order within each life, stays within
 * its window, and is told only of what is durable.
 */
export const crashLaw: RunLaw = (core, options = {}) => {
  assertOver(
    (choices) => {
      const world = new World(choices);
      let frame = 0;
      for (let life = 0; life < 20; life++) {
        const task = new Life(core, choices, world, life < 8);
        const crashes = life < 8 && choices.maybe(2);
        frame += crashes ? choices.below(150) : 6_000;
        world.advance(frame);
        task.crash();
        ok(crashes || task.end !== undefined, 'the task neither completed nor failed');
        if (task.end === 'completed' && !task.stops) break;
      }
      world.complete();
    },
    { runs: 200, ...options },
  );
};
