import { oneAbove } from './ascent.ts';
import type { Counters } from './counters.ts';
import { type Outcome, worse } from './outcome.ts';
import type { Port } from './port.ts';

/** Children left of each parent and the worst outcome so far; tells the parent when a record's last child has settled. */
export class Tally {
  readonly #parent: Port;
  readonly #pending: Counters;
  readonly #worst: (Outcome | undefined)[];

  /** `so far`: the worst outcome of children that are not in `pending` any more. */
  constructor(parent: Port, pending: Counters, soFar: Outcome | undefined) {
    this.#parent = parent;
    this.#pending = pending;
    this.#worst = new Array<Outcome | undefined>(pending.length).fill(soFar);
  }

  child(parent: number, outcome: Outcome): void {
    const before = this.#worst[parent];
    const worst = before === undefined ? outcome : worse(before, outcome);
    const left = this.#pending[parent]! - 1;
    this.#pending[parent] = left;
    if (left === 0) oneAbove(this.#parent, parent, worst);
    else this.#worst[parent] = worst;
  }
}
