/**
 * CPU time of acks alone: window, tracker, fork and settle of a synchronous source and sink, a take of offsets every 1,000 batches. No records are
 * made, mapped or moved. Prints nanoseconds per record (best of five) and records per CPU second.
 *
 * npx node --conditions=source test/bench/acks.ts [milliseconds per figure]
 */
import { NEVER, queueScheduler } from 'rxjs';
import type { Ack, Flow } from '../../src/record/ack.ts';
import { type Children, fork } from '../../src/record/fork.ts';
import { delivered } from '../../src/record/outcome.ts';
import { AckTracker } from '../../src/schedule/ack-tracker.ts';
import { Window } from '../../src/schedule/window.ts';
import type { SourceBatch } from '../../src/sdk/source.ts';

const runMs = Number(process.argv[2] ?? 100);
const sizes = [1, 50, 500, 2_000];

const flow: Flow = {
  scheduler: queueScheduler,
  policy: (_record, failure) => ({ kind: 'failed', failure }),
  fail: (error) => {
    throw error;
  },
  retry: () => undefined,
  ending: NEVER,
  stateOf: () => undefined,
  keepState: () => {},
};

interface Variant {
  readonly title: string;
  readonly partitions: number;
  /** Called once per size: returns what becomes of each ack. */
  sink(size: number): (ack: Ack) => void;
}

const indexes = (size: number, keep: (i: number) => boolean) => new Uint32Array(Array.from({ length: size }, (_, i) => i).filter(keep));
const whole = (ack: Ack) => ack.settle(delivered);
const forked = (outputs: readonly Children[]) => (ack: Ack) => {
  for (const branch of fork(ack, outputs)) branch.settle(delivered);
};

const variants: readonly Variant[] = [
  { title: 'acks alone', partitions: 1, sink: () => whole },
  { title: 'filter drops 10 %', partitions: 1, sink: (size) => forked([indexes(size, (i) => i % 10 !== 9)]) },
  {
    title: '1 % settleAt',
    partitions: 1,
    sink: (size) => (ack) => {
      for (let i = 0; i < size; i += 100) ack.settleAt(i, delivered);
      ack.settle(delivered);
    },
  },
  {
    title: 'all settleAt, backwards',
    partitions: 1,
    sink: (size) => (ack) => {
      for (let i = size - 1; i >= 0; i--) ack.settleAt(i, delivered);
    },
  },
  { title: '4 partitions interleaved', partitions: 4, sink: () => whole },
  { title: 'route to 3', partitions: 1, sink: (size) => forked([0, 1, 2].map((k) => indexes(size, (i) => i % 3 === k))) },
  { title: 'broadcast to 3', partitions: 1, sink: () => forked(['all', 'all', 'all']) },
];

function measure(variant: Variant, size: number): number {
  let soon: (() => void)[] = [];
  const later = (work: () => void) => {
    soon.push(work);
  };
  const window = new Window({ records: 10_000, bytes: 2 ** 30, span: 100_000 }, { changed: () => {}, later });
  const tracker = new AckTracker('source', { flow, window, later, failed: () => {}, idle: () => {} });
  const records = new Array<number>(size).fill(0);
  const partitions = Array.from({ length: 4 }, (_, p) => ({ p }));
  const sink = variant.sink(size);
  let offset = 0;
  const emit = (): SourceBatch<number> => {
    const base = offset;
    offset += size;
    const offsetAt = (i: number) => ({ position: base + i });
    if (variant.partitions === 1 || size === 1) return { records, partition: partitions[0] ?? {}, offsetAt };
    return { records, partitionAt: (i) => partitions[i & 3] ?? {}, offsetAt };
  };
  const batches = (count: number) => {
    for (let n = 0; n < count; n++) {
      if (tracker.demand.records === 0) {
        const work = soon;
        soon = [];
        for (const task of work) task();
      }
      sink(tracker.track(emit(), n).ack);
      if (n % 1_000 === 0) tracker.takeCommittable();
    }
  };
  batches(2_000);
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    let done = 0;
    const from = process.cpuUsage();
    let spent = 0;
    while (spent < (runMs * 1_000) / 5) {
      batches(Math.max(20, Math.floor(20_000 / size)));
      done += Math.max(20, Math.floor(20_000 / size)) * size;
      const { user, system } = process.cpuUsage(from);
      spent = user + system;
    }
    best = Math.min(best, (spent * 1_000) / done);
  }
  return best;
}

const cell = (text: string) => text.padStart(12);
const rate = (ns: number) => `${(1_000 / ns).toFixed(ns > 10 ? 1 : 0)} M/s`;
console.log(`${'records per batch'.padEnd(26)}${sizes.map((size) => cell(`${size}`)).join('')}`);
for (const variant of variants) {
  const figures = sizes.map((size) => measure(variant, size));
  console.log(`${variant.title.padEnd(26)}${figures.map((ns) => cell(`${ns.toFixed(ns > 10 ? 0 : 2)} ns`)).join('')}`);
  if (variant === variants[0]) console.log(`${''.padEnd(26)}${figures.map((ns) => cell(rate(ns))).join('')}`);
}
