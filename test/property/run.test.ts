import { test } from 'vitest';
import { source } from './laws/core.ts';
import { crashLaw } from './laws/crash.ts';
import { cutsLaw } from './laws/cuts.ts';
import { runCoreFrom } from './laws/run-core.ts';

const core = await runCoreFrom(source);
const runs = Number(process.env['LAW_RUNS'] ?? 200);

test('a task that crashes at any time loses nothing and keeps order (I1, I2, I3, I4, I5, I6)', () => {
  crashLaw(core, { runs });
});

test('no result depends on where batches are cut (I12)', () => {
  cutsLaw(core, { runs });
});
