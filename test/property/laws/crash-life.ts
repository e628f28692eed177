import { ok } from 'node:assert/strict';
import { map, NEVER, type Observable, type Subscription, timer } from 'rxjs';
import type { Batch } from '../../../src/record/batch.ts';
import type { SourcePort, Stage } from '../../../src/schedule/run-options.ts';
import type { BatchOperator } from '../../../src/sdk/operator.ts';
import type { Demand, SourceBatch } from '../../../src/sdk/source.ts';
import type { Choices } from './choices.ts';
import { type Item, isBad, isDropped, isFlaky, isSplit, length, partitions, type World } from './crash-world.ts';
import type { RunCore } from './run-core.ts';

const limits = { windowRecords: 10, windowBytes: 1_000, span: 14, commitIntervalMs: 7, commitTimeoutMs: 100, watchdogMs: 5_000 };

/** One life of a task, from the stored offsets to its end or its crash. */
export class Life {
  /** `undefined` while it runs. */
  end: 'completed' | 'failed' | undefined;
  readonly #core: RunCore;
  readonly #choices: Choices;
  readonly #world: World;
  readonly #tries = new Map<string, number>();
  readonly #emitted = { x: 0, y: 0 };
  /** Newest record of each partition that the sink was given. */
  readonly #newest = { x: '', y: '' };
  /** Batches emitted and not yet told as settled, with their size. */
  readonly #open = new Map<SourceBatch<unknown>, number>();
  #unexpected: unknown;
  /** The life is asked to end, with a deadline. */
  readonly stops: boolean;
  readonly #failsTask: boolean;
  readonly #run: Subscription;

  constructor(core: RunCore, choices: Choices, world: World, mayStop: boolean) {
    this.#core = core;
    this.#choices = choices;
    this.#world = world;
    this.#failsTask = mayStop && choices.maybe(4);
    this.stops = mayStop && choices.maybe(3);
    const stop = timer(choices.below(100), world.scheduler).pipe(map(() => ({ deadlineMs: choices.below(30) })));
    Object.assign(this.#emitted, world.stored);
    this.#run = core
      .run({
        source: { name: 'source', open: (port) => this.#source(port) },
        stages: this.#stages(),
        sink: { name: 'sink', sink: { next: (batch: Batch<Item>) => this.#take(batch) } },
        offsets: world.store,
        policy: (record, failure) => (this.#failsTask ? { kind: 'failed', failure } : world.deadLetter(record as Item)),
        retry: (error, attempt) => ((error as Error).message === 'flaky' || attempt < 2 ? 1 + choices.below(6) : undefined),
        limits: { ...core.defaultLimits, ...limits },
        time: world.scheduler,
        macrotask: world.scheduler,
        stop: this.stops ? stop : NEVER,
      })
      .subscribe({
        error: (error) => {
          this.end = 'failed';
          if (!/bad|down/.test(String(error))) this.#unexpected = error;
        },
        complete: () => {
          this.end = 'completed';
        },
      });
  }

  /** Nothing settles twice, and everything settles, at a crash too (I3). */
  crash(): void {
    this.#run.unsubscribe();
    if (this.#unexpected !== undefined) throw this.#unexpected;
    ok(this.#open.size === 0, `${this.#open.size} batches were never told as settled`);
  }

  #source({ demand, committed }: SourcePort): Observable<SourceBatch<Item>> {
    committed.subscribe((offsets) => this.#world.told(offsets));
    return this.#core.pollOnDemand(demand, (level) => this.#poll(level), { scheduler: this.#world.scheduler, idleMs: 1 });
  }

  /** One batch of one partition, or of both at once; now and then nothing. */
  #poll(demand: Demand): readonly (SourceBatch<Item> | null)[] {
    this.#world.expect(demand.records <= limits.windowRecords, `I4: room for ${demand.records} records`);
    const left = (name: Item['name']) => Math.min(length - this.#emitted[name], demand.room(partitions[name]));
    if (this.#emitted.x === length && this.#emitted.y === length) return [];
    if (this.#choices.maybe(5) || left('x') + left('y') <= 0) return [null];
    const items: Item[] = [];
    const most = Math.min(1 + this.#choices.below(6), demand.records);
    const mixed = this.#choices.maybe(3);
    let name: Item['name'] = this.#choices.maybe(2) ? 'x' : 'y';
    if (left(name) <= 0) name = name === 'x' ? 'y' : 'x';
    for (let i = 0; i < most; i++) {
      if (mixed && left('x') > i && left('y') > i) name = this.#choices.maybe(2) ? 'x' : 'y';
      if (this.#emitted[name] === length || (!mixed && i >= left(name))) break;
      items.push({ name, n: this.#emitted[name]++, path: '' });
    }
    if (items.length === 0) return [null];
    return [this.#batchOf(items, mixed)];
  }

  #batchOf(items: readonly Item[], mixed: boolean): SourceBatch<Item> {
    const offsets = items.map(({ n }) => ({ position: n + 1 }));
    const names = items.map(({ name }) => partitions[name]);
    const offsetAt = (i: number) => offsets[i] ?? {};
    const settled = () => {
      this.#world.expect(this.#open.delete(batch), 'a batch was told as settled twice');
    };
    const of = mixed ? { partitionAt: (i: number) => names[i] ?? {} } : { partition: names[0] ?? {} };
    const batch: SourceBatch<Item> = { records: items, offsetAt, settled, ...of };
    this.#open.set(batch, items.length);
    return batch;
  }

  #stages(): readonly Stage[] {
    const { mapRecord, filterRecord, flatMapRecord, route, when } = this.#core;
    const attempt = mapRecord((item: Item) => {
      if (isBad(item.n)) throw new Error('bad');
      const key = `${item.name}${item.n}`;
      const tries = (this.#tries.get(key) ?? 0) + 1;
      this.#tries.set(key, tries);
      if (isFlaky(item.n) && tries < 3) throw new Error('flaky');
      return item;
    });
    const split = flatMapRecord((item: Item) => ['a', 'b'].map((path) => ({ ...item, path })));
    const same = mapRecord((item: Item) => item);
    const byPartition = route((item: Item) => item.name, { x: same, y: filterRecord(() => true) });
    const operators = [attempt, filterRecord((item: Item) => !isDropped(item.n)), when((item: Item) => isSplit(item.n), split)];
    if (this.#choices.maybe(2)) operators.splice(this.#choices.below(4), 0, byPartition as (typeof operators)[number]);
    return operators.map((operator, i) => ({ name: `stage-${i}`, operator: operator as BatchOperator<never, unknown> }));
  }

  #take(batch: Batch<Item>): void {
    for (const { name, n, path } of batch.records) {
      const place = `${String(n).padStart(3, '0')}${path}`;
      this.#world.expect(place > this.#newest[name], `I5: ${name} ${place} came after ${this.#newest[name]}`);
      this.#newest[name] = place;
    }
    const { scheduler } = this.#world;
    if (this.#choices.maybe(3)) batch.ack.release();
    if (this.#choices.maybe(3)) this.#settleEach(batch);
    else scheduler.schedule(() => this.#deliver(batch), this.#choices.below(20));
  }

  #deliver({ records, ack }: Batch<Item>): void {
    for (const item of records) this.#world.durable.add(`${item.name}${item.n}${item.path}`);
    ack.settle({ kind: 'delivered' });
  }

  /** Settles the records one by one, in any order. */
  #settleEach({ records, ack }: Batch<Item>): void {
    records.forEach((item, i) => {
      this.#world.scheduler.schedule(() => {
        this.#world.durable.add(`${item.name}${item.n}${item.path}`);
        ack.settleAt(i, { kind: 'delivered' });
      }, this.#choices.below(25));
    });
  }
}
