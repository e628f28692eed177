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

/** The root of the acks of one source batch: gives its slots back, and settles its entries. */
export class Origin implements Port, Origins, Emission {
  readonly origins = this;
  readonly handle: Handle;
  readonly since: number;
  left: number;
  readonly #ledger: Ledger;
  #entries: readonly Entry[] = [];
  #mixture: Mixture | undefined = undefined;
  #released = false;
  #closed = false;
  readonly #onReleased: SourceBatch['released'];
  readonly #onSettled: SourceBatch['settled'];
  readonly #outcomes: OutcomeLog | undefined;

  constructor(ledger: Ledger, batch: SourceBatch<unknown>, node: string, since: number) {
    const size = batch.records.length;
    this.#ledger = ledger;
    this.since = since;
    this.left = size;
    this.handle = new Handle(this, size, node);
    this.#onReleased = batch.released;
    this.#onSettled = batch.settled;
    this.#outcomes = batch.settled === undefined ? undefined : new OutcomeLog(size);
  }

  /** Puts the records in flight. `mixture`: which entry each belongs to, when there are several. */
  start(entries: readonly Entry[], mixture: Mixture | undefined): void {
    this.#entries = entries;
    this.#mixture = mixture;
    this.#ledger.unsettled += this.left;
    for (const entry of entries) {
      this.#ledger.window.take(entry.queue.lane, entry.count, entry.bytes);
      (entry.queue as Partition).append(entry);
    }
    if (this.left === 0) this.#end();
  }

  get flow(): Flow {
    return this.#ledger.flow;
  }

  get stale(): boolean {
    for (const entry of this.#entries) if (!(entry.queue as Partition).revoked) return false;
    return this.#entries.length > 0;
  }

  rest(outcome: Outcome): void {
    const settled = this.left;
    if (settled === 0) return;
    const blocks = severity[outcome.kind] >= severity.returned;
    this.left = 0; // first: what it calls may close the run, and come back here
    this.#outcomes?.rest(outcome);
    for (const entry of this.#entries) this.#moved(entry, entry.rest(blocks));
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
    for (const entry of this.#entries) window.free(entry.queue.lane, entry.left, entry.bytes);
    if (this.#onReleased !== undefined) this.#ledger.call(this.#onReleased);
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
    const entry = mixture === undefined ? this.#entries[0] : mixture.entryOf(index);
    if (entry === undefined) return false;
    if (!entry.one(mixture === undefined ? index : mixture.positionOf(index), blocks)) return false;
    this.left -= 1;
    this.#outcomes?.one(index, outcome);
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
    const entry = this.#entries[0];
    if (entry === undefined) return 0;
    let settled = 0;
    for (let k = 0; k < indexes.length; k++) {
      if (!entry.one(indexes[k]!, blocks)) continue;
      settled++;
      this.#outcomes?.one(indexes[k]!, outcome);
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
    const onSettled = this.#onSettled;
    const outcomes = this.#outcomes;
    if (onSettled !== undefined && outcomes !== undefined) this.#ledger.tellLater(() => onSettled(outcomes));
  }
}
