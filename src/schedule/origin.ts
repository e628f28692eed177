import type { Flow } from '../record/ack.ts';
import { Handle } from '../record/handle.ts';
import { holderOf } from '../record/holder.ts';
import { type Outcome, returned, severity } from '../record/outcome.ts';
import type { Origins, Port } from '../record/port.ts';
import type { SourceBatch } from '../sdk/source.ts';
import type { Emission, Entry } from './entry.ts';
import type { Ledger } from './ledger.ts';
import type { Mixture } from './mixture.ts';
import { OutcomeLog } from './outcome-log.ts';
import type { Partition } from './partition.ts';

/** What the source wants to be told; most want nothing. */
interface Callbacks {
  readonly released: SourceBatch['released'];
  readonly settled: SourceBatch['settled'];
  readonly outcomes: OutcomeLog | undefined;
}

/** The root of the acks of one source batch: gives its slots back, and settles its entries. */
export class Origin implements Port, Origins, Emission {
  readonly handle: Handle;
  readonly since: number;
  left: number;
  readonly #ledger: Ledger;
  /** Of its entries, linked as siblings. */
  #first: Entry | undefined = undefined;
  #mixture: Mixture | undefined = undefined;
  #released = false;
  #closed = false;
  readonly #source: Callbacks | undefined;

  constructor(ledger: Ledger, batch: SourceBatch<unknown>, node: string, since: number) {
    const size = batch.records.length;
    this.#ledger = ledger;
    this.since = since;
    this.left = size;
    this.handle = new Handle(this, size, node);
    const { released, settled } = batch;
    if (settled !== undefined) this.#source = { released, settled, outcomes: new OutcomeLog(size) };
    else if (released !== undefined) this.#source = { released, settled, outcomes: undefined };
  }

  get origins(): Origins {
    return this;
  }

  /** Puts the records in flight. `mixture`: which entry each belongs to, when the first has siblings. */
  start(first: Entry | undefined, mixture: Mixture | undefined): void {
    this.#first = first;
    this.#mixture = mixture;
    this.#ledger.unsettled += this.left;
    for (let entry = first; entry !== undefined; entry = entry.sibling) {
      this.#ledger.window.take(entry.queue.lane, entry.count, entry.bytes);
      (entry.queue as Partition).append(entry);
    }
    if (this.left === 0) this.#end();
  }

  get flow(): Flow {
    return this.#ledger.flow;
  }

  get stale(): boolean {
    for (let entry = this.#first; entry !== undefined; entry = entry.sibling) if (!(entry.queue as Partition).revoked) return false;
    return this.#first !== undefined;
  }

  rest(outcome: Outcome): void {
    const settled = this.left;
    if (settled === 0) return;
    const blocks = severity[outcome.kind] >= severity.returned;
    this.left = 0; // first: what it calls may close the run, and come back here
    this.#source?.outcomes?.rest(outcome);
    for (let entry = this.#first; entry !== undefined; entry = entry.sibling) this.#moved(entry, entry.rest(blocks));
    this.#settled(settled, outcome);
  }

  one(index: number, outcome: Outcome): boolean {
    if (this.#closed) return true;
    if (!this.#one(index, outcome, severity[outcome.kind] >= severity.returned)) return false;
    this.#settled(1, outcome);
    return true;
  }

  many(indexes: Uint32Array, outcome: Outcome): number {
    if (this.#closed) return indexes.length;
    const blocks = severity[outcome.kind] >= severity.returned;
    const settled = this.#mixture === undefined ? this.#manyOfOne(indexes, outcome, blocks) : this.#manyMixed(indexes, outcome, blocks);
    if (settled > 0) this.#settled(settled, outcome);
    return settled;
  }

  released(): void {
    if (this.#released) return;
    this.#released = true;
    const { window } = this.#ledger;
    for (let entry = this.#first; entry !== undefined; entry = entry.sibling) window.free(entry.queue.lane, entry.left, entry.bytes);
    const released = this.#source?.released;
    if (released !== undefined) this.#ledger.call(released);
  }

  close(): void {
    this.#closed = true;
    this.rest(returned);
  }

  holder(): string {
    return holderOf(this.handle);
  }

  #one(index: number, outcome: Outcome, blocks: boolean): boolean {
    const mixture = this.#mixture;
    const entry = mixture === undefined ? this.#first : mixture.entryOf(index);
    if (entry === undefined) return false;
    if (!entry.one(mixture === undefined ? index : mixture.positionOf(index), blocks)) return false;
    this.left -= 1;
    this.#source?.outcomes?.one(index, outcome);
    this.#moved(entry, 1);
    return true;
  }

  #manyMixed(indexes: Uint32Array, outcome: Outcome, blocks: boolean): number {
    let settled = 0;
    for (let k = 0; k < indexes.length; k++) if (this.#one(indexes[k]!, outcome, blocks)) settled++;
    return settled;
  }

  /** Moves the only entry once for all. */
  #manyOfOne(indexes: Uint32Array, outcome: Outcome, blocks: boolean): number {
    const entry = this.#first;
    if (entry === undefined) return 0;
    let settled = 0;
    for (let k = 0; k < indexes.length; k++) {
      if (!entry.one(indexes[k]!, blocks)) continue;
      settled++;
      this.#source?.outcomes?.one(indexes[k]!, outcome);
    }
    this.left -= settled;
    this.#moved(entry, settled);
    return settled;
  }

  #moved(entry: Entry, records: number): void {
    if (records === 0) return;
    if (!this.#released) this.#ledger.window.free(entry.queue.lane, records, 0);
    entry.queue.settled(entry, records);
  }

  #settled(records: number, outcome: Outcome): void {
    if (this.left === 0) this.#end();
    this.#ledger.settled(records, outcome, this);
  }

  #end(): void {
    this.released();
    const { settled, outcomes } = this.#source ?? {};
    if (settled !== undefined && outcomes !== undefined) this.#ledger.tellLater(() => settled(outcomes));
  }
}
