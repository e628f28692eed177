import { expect, test } from 'vitest';
import { coreFrom, type Law } from './laws/core.ts';
import { forest } from './laws/forest.ts';
import { windowLaw } from './laws/window.ts';
import { type SeededBug, withSeededBug } from './seeded.ts';

const expectBroken = (law: Law) => async (bug: SeededBug) => {
  await withSeededBug(bug, async (src) => {
    const broken = await coreFrom(src);
    expect(() => law(broken, { runs: 4_000, shrink: false })).toThrow('Property failed');
  });
};

test('a copy of the core without a bug keeps the laws', async () => {
  const nothing = { title: 'nothing', file: 'record/bits.ts', find: 'all clear', replace: 'all  clear' };
  await withSeededBug(nothing, async (src) => {
    const core = await coreFrom(src);
    forest(core, { runs: 50 });
    windowLaw(core, { runs: 50 });
  });
});

test.each<SeededBug>([
  {
    title: 'the last outcome wins, not the worst',
    file: 'record/tally.ts',
    find: 'worse(before, outcome)',
    replace: 'outcome',
  },
  {
    title: 'a record settles with its first child',
    file: 'record/tally.ts',
    find: 'if (left === 0)',
    replace: 'if (left >= 0)',
  },
  {
    title: 'a broadcast settles with its first branch',
    file: 'record/join.ts',
    find: 'if (join.open === 0)',
    replace: 'if (join.open >= 0)',
  },
  {
    title: 'a broadcast forgets the branches that were whole',
    file: 'record/join.ts',
    find: 'if (left === 0) continue;',
    replace: '',
  },
  {
    title: 'what a filter drops never settles',
    file: 'record/fork.ts',
    find: 'else if (gaps.length > 0) parent.many(indexes(gaps), filtered);',
    replace: '',
  },
  {
    title: 'what a route drops never settles',
    file: 'record/childless.ts',
    find: 'parent.many(indexes, filtered);',
    replace: '',
  },
  {
    title: 'one branch of a route settles the records of the others',
    file: 'record/split.ts',
    find: 'if (this.#shared.open === 0) parent.rest',
    replace: 'if (this.#shared.open >= 0) parent.rest',
  },
  {
    title: 'a route releases with its first branch',
    file: 'record/split.ts',
    find: 'if (this.#shared.live === 0)',
    replace: 'if (this.#shared.live >= 0)',
  },
  {
    title: 'a broadcast releases with its first branch',
    file: 'record/join.ts',
    find: 'if (this.#join.live === 0)',
    replace: 'if (this.#join.live >= 0)',
  },
  {
    title: 'a settled branch of a route never releases',
    file: 'record/split.ts',
    find: '    else parent.many(this.#parents, outcome);\n    this.released();',
    replace: '    else parent.many(this.#parents, outcome);',
  },
  {
    title: 'a gathered batch forgets its single outcomes',
    file: 'record/whole-port.ts',
    find: 'this.#worst === undefined ? outcome : worse(this.#worst, outcome);\n    for',
    replace: 'outcome;\n    for',
  },
  {
    title: 'batching confuses inputs at their edges',
    file: 'record/concat-port.ts',
    find: 'this.#starts[middle]! <= index',
    replace: 'this.#starts[middle]! < index',
  },
  {
    title: 'a spent ack can be used again',
    file: 'record/handle.ts',
    find: "    this.state = 'settled';\n",
    replace: '',
  },
  {
    title: 'an ack can be forked twice',
    file: 'record/handle.ts',
    find: '    handle.state = by;\n',
    replace: '',
  },
  {
    title: 'misuse is not reported',
    file: 'record/handle.ts',
    find: 'this.flow.fail(recordErrors.ACK_SPENT({ node: this.node, use, state: this.state }));',
    replace: '',
  },
])('the law of acks notices when $title', expectBroken(forest));

test.each<SeededBug>([
  {
    title: 'an offset passes an unsettled record',
    file: 'schedule/entry.ts',
    find: 'while (position < this.count && hasBit(settled, position)) position++;',
    replace: 'position = this.count - this.left;',
  },
  {
    title: 'an offset passes a failed record',
    file: 'schedule/entry.ts',
    find: 'return Math.min(this.prefix, this.blockedAt);',
    replace: 'return this.prefix;',
  },
  {
    title: 'a batch with a failed record is done',
    file: 'schedule/entry.ts',
    find: 'return this.left === 0 && this.blockedAt === this.count;',
    replace: 'return this.left === 0;',
  },
  {
    title: 'a failed batch leaves the queue',
    file: 'schedule/partition.ts',
    find: 'while (head?.done) {',
    replace: 'while (head?.left === 0) {',
  },
  {
    title: 'merged batches keep the older offset',
    file: 'schedule/partition.ts',
    find: 'into.offset = from.offset ?? into.offset;',
    replace: 'into.offset ??= from.offset;',
  },
  {
    title: 'records of a mixed batch take the offset at their position',
    file: 'schedule/entry.ts',
    find: 'offsetAt(this.rows === undefined ? position : this.rows[position]!)',
    replace: 'offsetAt(position)',
  },
])('I1 notices when $title', expectBroken(forest));

test.each<SeededBug>([
  {
    title: 'teardown returns nothing',
    file: 'schedule/origin.ts',
    find: '    this.rest(returned);\n',
    replace: '',
  },
  {
    title: 'teardown misses revoked partitions',
    file: 'schedule/partition-table.ts',
    find: 'if (current.unsettled > 0) this.#revoked.add(current);',
    replace: '',
  },
  {
    title: 'settles after teardown count',
    file: 'schedule/origin.ts',
    find: '    this.#closed = true;\n    this.rest(returned);',
    replace: '    this.rest(returned);',
  },
  {
    title: 'a record settles twice',
    file: 'schedule/entry.ts',
    find: 'if (!setBit(this.#settled, position)) return false;',
    replace: 'setBit(this.#settled, position);',
  },
])('I3 notices when $title', expectBroken(forest));

test.each<SeededBug>([
  {
    title: 'a released batch frees its slots again when it settles',
    file: 'schedule/origin.ts',
    find: 'if (!this.#released) this.#ledger',
    replace: 'this.#ledger',
  },
  {
    title: 'a batch that was never released keeps its bytes',
    file: 'schedule/origin.ts',
    find: '    this.released();\n    const { settled',
    replace: '    const { settled',
  },
])('I4 notices when $title', expectBroken(forest));

test.each<SeededBug>([
  {
    title: 'shares of others are not kept free',
    file: 'schedule/window.ts',
    find: 'Math.max(lane.records + records, lane.share) - Math.max(lane.records, lane.share)',
    replace: 'records',
  },
  {
    title: 'a partition below its share waits for others',
    file: 'schedule/window.ts',
    find: 'Math.min(own + common,',
    replace: 'Math.min(common > 0 ? own + common : 0,',
  },
  {
    title: 'bytes are not bounded',
    file: 'schedule/window.ts',
    find: 'if (lane.bytes >= lane.byteShare && this.#spokenBytes >= this.#limits.bytes) return 0;',
    replace: '',
  },
  {
    title: 'the span is not bounded',
    file: 'schedule/window.ts',
    find: 'Math.max(0, this.#limits.span - lane.behind)',
    replace: 'Number.POSITIVE_INFINITY',
  },
  {
    title: 'room rises at once',
    file: 'schedule/window.ts',
    find: '    if (this.#waiting.length === 1) this.#signals.later(this.#raise);',
    replace: '    this.#raise();',
  },
  {
    title: 'a revoked partition keeps its share',
    file: 'schedule/window.ts',
    find: 'this.#setShare(lane, 0, 0);',
    replace: '',
  },
])('I4 notices when $title', expectBroken(windowLaw));

test.each<SeededBug>([
  {
    title: 'a revoked partition commits',
    file: 'schedule/partition.ts',
    find: 'if (this.revoked) return undefined;',
    replace: '',
  },
  {
    title: 'an assignment goes on with the old epoch',
    file: 'schedule/partition-table.ts',
    find: '    this.revoke(partitions);\n',
    replace: '',
  },
  {
    title: 'a batch with one live origin is stale',
    file: 'schedule/origin.ts',
    find: 'if (!(entry.queue as Partition).revoked) return false;\n    return this.#first !== undefined;',
    replace: 'if ((entry.queue as Partition).revoked) return true;\n    return false;',
  },
  {
    title: 'a gathered batch with one live origin is stale',
    file: 'record/gather.ts',
    find: 'if (!origins.stale) return false;\n      return true;',
    replace: 'if (origins.stale) return true;\n      return false;',
  },
  {
    title: 'a failure in an old epoch fails the task',
    file: 'schedule/ledger.ts',
    find: "outcome.kind === 'failed' && !origins.stale",
    replace: "outcome.kind === 'failed'",
  },
])('I11 notices when $title', expectBroken(forest));
