/**
 * What acks, window and commits cost: map, filter (drops 10 %), map through `run`, against the same functions over plain arrays cut the
 * same way. CPU time of the process, medians over alternating rounds.
 */
import { asapScheduler, EMPTY, lastValueFrom, NEVER, type Observable } from 'rxjs';
import type { Batch } from '../../src/record/batch.ts';
import { delivered } from '../../src/record/outcome.ts';
import { run } from '../../src/schedule/run.ts';
import { defaultLimits, type SourcePort } from '../../src/schedule/run-options.ts';
import { filterRecord } from '../../src/sdk/filter-record.ts';
import { mapRecord } from '../../src/sdk/map-record.ts';
import type { BatchOperator } from '../../src/sdk/operator.ts';
import { pollOnDemand } from '../../src/sdk/poll-on-demand.ts';
import { route } from '../../src/sdk/route.ts';
import type { SourceBatch } from '../../src/sdk/source.ts';
import { record } from '../../src/testing/records.ts';
import { macrotaskScheduler } from '../../src/worker/macrotask-scheduler.ts';

/** What the functions of the cases read and make: a full `ConnectRecord`, or an object with a value only. */
interface R {
  readonly value: number;
}

interface Case {
  readonly name: string;
  /** Names of the operators a record passes. */
  readonly operators: number;
  readonly stages: readonly BatchOperator<R, R>[];
  plain(records: readonly R[]): readonly R[];
  readonly partitions: number;
  /** Every so many-th record is settled alone. */
  readonly settleAlone: number;
}

const first = (r: R): R => ({ ...r, value: r.value + 1 });
const keep = (r: R): boolean => r.value % 10 !== 0;
const second = (r: R): R => ({ ...r, value: r.value * 2 });
const branchOf = (r: R) => branchNames[r.value % 3] ?? 'a';
const branchNames = ['a', 'b', 'c'] as const;

const chain = {
  operators: 3,
  stages: [mapRecord(first), filterRecord(keep), mapRecord(second)],
  plain: (records: readonly R[]) => records.map(first).filter(keep).map(second),
  partitions: 1,
  settleAlone: 0,
};
const plusOne = ({ value }: R): R => ({ value: value + 1 });
const doubled = ({ value }: R): R => ({ value: value * 2 });
const cases: readonly Case[] = [
  { ...chain, name: 'map, filter, map' },
  {
    ...chain,
    name: '… of objects of one member',
    stages: [mapRecord(plusOne), filterRecord(keep), mapRecord(doubled)],
    plain: (records) => records.map(plusOne).filter(keep).map(doubled),
  },
  { ...chain, name: '… 1 % settled one by one', settleAlone: 100 },
  { ...chain, name: '… 4 partitions inside each batch', partitions: 4 },
  {
    ...chain,
    name: 'route to three, map each',
    operators: 2,
    stages: [route(branchOf, { a: mapRecord(first), b: mapRecord(first), c: mapRecord(first) })],
    plain: (records) => {
      const out: Record<'a' | 'b' | 'c', R[]> = { a: [], b: [], c: [] };
      for (const each of records) out[branchOf(each)].push(each);
      return [...out.a.map(first), ...out.b.map(first), ...out.c.map(first)];
    },
  },
];

/** Greatest quotient of CPU times allowed, by records per batch. */
const bounds: ReadonlyMap<number, number> = new Map([
  [1, 25],
  [50, 4.5],
  [500, 2.5],
  [2_000, 2.5],
]);
const rounds = 9;
const targetMs = 120;
let seen = 0;

/** Prints a line for each case and size; answers whether every bound held. */
export async function engine(only = ''): Promise<boolean> {
  console.log(`${'CPU ns per record'.padEnd(36)} batch    plain   engine  quotient  bound  ns per record and operator`);
  let held = true;
  for (const each of cases) {
    if (!each.name.includes(only)) continue;
    for (const [size, bound] of bounds) held = (await compare(each, size, bound)) && held;
  }
  if (seen === 0) throw new Error('nothing arrived');
  return held;
}

async function compare(each: Case, size: number, bound: number): Promise<boolean> {
  const batches = batchesOf(each, size);
  const plainRepeats = await repeatsFor((repeats) => plainRound(each, batches, repeats));
  const engineRepeats = await repeatsFor((repeats) => engineRound(each, batches, repeats));
  const plain: number[] = [];
  const ours: number[] = [];
  for (let round = 0; round < rounds; round++) {
    plain.push(await plainRound(each, batches, plainRepeats));
    ours.push(await engineRound(each, batches, engineRepeats));
  }
  const quotient = median(ours) / median(plain);
  const columns = [
    each.name.padEnd(36),
    String(size).padStart(5),
    median(plain).toFixed(1).padStart(8),
    median(ours).toFixed(1).padStart(8),
    quotient.toFixed(2).padStart(9),
    String(bound).padStart(6),
    (median(ours) / each.operators).toFixed(1).padStart(10),
    quotient <= bound ? '' : ' exceeded',
  ];
  console.log(columns.join(' '));
  return quotient <= bound;
}

const total = 20_000;
const recordOf = (value: number): R => ({ ...record(value), value });

function batchesOf({ partitions }: Case, size: number): readonly SourceBatch<R>[] {
  const names = Array.from({ length: partitions }, (_, p) => ({ name: `p${p}` }));
  return Array.from({ length: total / size }, (_, b) => {
    const offsetAt = (i: number) => ({ position: b * size + i + 1 });
    const records = Array.from({ length: size }, (_, i) => recordOf(b * size + i));
    if (partitions === 1) return { records, partition: names[0] ?? {}, offsetAt };
    return { records, partitionAt: (i: number) => names[i % partitions] ?? {}, offsetAt };
  });
}

/** CPU nanoseconds for each record. */
async function plainRound({ plain }: Case, batches: readonly SourceBatch<R>[], repeats: number): Promise<number> {
  return measured(repeats, () => {
    for (let repeat = 0; repeat < repeats; repeat++) for (const { records } of batches) seen += plain(records).length;
  });
}

async function engineRound(each: Case, batches: readonly SourceBatch<R>[], repeats: number): Promise<number> {
  const source = ({ demand }: SourcePort): Observable<SourceBatch<R>> => {
    let next = 0;
    const end = batches.length * repeats;
    return pollOnDemand<R>(demand, () => (next === end ? [] : [batches[next++ % batches.length] as SourceBatch<R>]));
  };
  const events = run({
    source: { name: 'source', open: source },
    stages: each.stages.map((operator, i) => ({ name: `stage-${i}`, operator: operator as BatchOperator<never, unknown> })),
    sink: { name: 'sink', sink: { next: (batch: Batch<R>) => settle(batch, each.settleAlone) } },
    offsets: { load: () => EMPTY, save: () => EMPTY },
    policy: (_record, failure) => ({ kind: 'failed', failure }),
    retry: () => undefined,
    limits: { ...defaultLimits, commitIntervalMs: 50 },
    time: asapScheduler,
    macrotask: macrotaskScheduler,
    stop: NEVER,
  });
  return measured(repeats, () => lastValueFrom(events));
}

function settle({ records, ack }: Batch<R>, alone: number): void {
  seen += records.length;
  if (alone > 0) for (let i = seen % alone; i < records.length; i += alone) ack.settleAt(i, delivered);
  ack.settle(delivered);
}

async function measured(repeats: number, work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1_000) / (repeats * total);
}

/** How often a round repeats to last long enough; warms up meanwhile. */
async function repeatsFor(round: (repeats: number) => Promise<number>): Promise<number> {
  let repeats = 1;
  for (;;) {
    const ms = ((await round(repeats)) * repeats * total) / 1e6;
    if (ms >= targetMs) return repeats;
    repeats = Math.max(repeats + 1, Math.ceil((repeats * targetMs * 1.1) / Math.max(ms, 1)));
  }
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
