import { test } from 'vitest';
import { coreFrom, source } from './laws/core.ts';
import { forest } from './laws/forest.ts';
import { windowLaw } from './laws/window.ts';

const core = await coreFrom(source);

test('whatever is done with acks, each record ends as a naive tree per record says (I1, I3, I4, I11)', () => {
  forest(core, { runs: Number(process.env.LAW_RUNS ?? 1_000) });
});

test('what is in flight stays within window and span, and each partition has its share (I4)', () => {
  windowLaw(core, { runs: Number(process.env.LAW_RUNS ?? 1_000) });
});
