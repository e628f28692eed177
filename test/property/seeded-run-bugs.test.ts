import { expect, test } from 'vitest';
import { crashLaw } from './laws/crash.ts';
import { cutsLaw } from './laws/cuts.ts';
import { type RunLaw, runCoreFrom } from './laws/run-core.ts';
import { type SeededBug, withSeededBug } from './seeded.ts';

const expectBroken = (law: RunLaw) => async (bug: SeededBug) => {
  await withSeededBug(bug, async (src) => {
    const broken = await runCoreFrom(src);
    expect(() => law(broken, { shrink: false })).toThrow('Property failed');
  });
};

test('a copy without a bug keeps the laws', async () => {
  const nothing = { title: 'nothing', file: 'record/bits.ts', find: 'all clear', replace: 'all  clear' };
  await withSeededBug(nothing, async (src) => {
    const core = await runCoreFrom(src);
    crashLaw(core, { runs: 30 });
    cutsLaw(core, { runs: 30 });
  });
});

test.each<SeededBug>([
  {
    title: 'the source is told before the offsets are durable',
    file: 'schedule/commit.ts',
    find: 'return defer(() => store.save(',
    replace: 'committed(offsets, 0);\n      return defer(() => store.save(',
  },
])('I2 notices when $title', expectBroken(crashLaw));

test.each<SeededBug>([
  {
    title: 'batches overtake one that waits for its retry',
    file: 'sdk/lift.ts',
    find: 'if (this.#busy) {',
    replace: 'if (this.#busy && false) {',
  },
  {
    title: 'what waits behind a retry is taken from its end',
    file: 'sdk/lift.ts',
    find: 'this.#behind = [];\n      for',
    replace: 'this.#behind = [];\n      behind.reverse();\n      for',
  },
])('I5 notices when $title', expectBroken(crashLaw));

test.each<SeededBug>([
  {
    title: 'what is left at the deadline counts as done',
    file: 'schedule/origin.ts',
    find: 'this.rest(returned);',
    replace: "this.rest({ kind: 'delivered' });",
  },
  {
    title: 'a stop settles what waits for a retry as filtered',
    file: 'sdk/lift.ts',
    find: 'for (const { ack } of given) ack.settle(returned);',
    replace: "for (const { ack } of given) ack.settle({ kind: 'filtered' });",
  },
  {
    title: 'a dead letter counts before it is written',
    file: 'sdk/fail-record.ts',
    find: '  let open = true;\n',
    replace: "  let open = true;\n  settle({ kind: 'delivered' });\n  open = false;\n",
  },
])('I6 notices when $title', expectBroken(crashLaw));

test.each<SeededBug>([
  {
    title: 'a group ends with its batch',
    file: 'sdk/map-batch.ts',
    find: 'cut(batch, this.#options.records - this.#open.size, this.#options.records)',
    replace: 'cut(batch, this.#options.records, this.#options.records)',
  },
  {
    title: 'attempts are counted for the batch, not for the record',
    file: 'sdk/lift.ts',
    find: 'if (work.progress.index !== from) work.attempt = 0;',
    replace: '',
  },
])('I12 notices when $title', expectBroken(cutsLaw));
