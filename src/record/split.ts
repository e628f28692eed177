import { parentsOf } from './filter-port.ts';
import type { Outcome } from './outcome.ts';
import type { Origins, Port } from './port.ts';

/** Ports of outputs that share no parent (route, failures set aside): each record goes straight through. */
export function splitBranches(parent: Port, outputs: readonly Uint32Array[]): readonly Port[] {
  const open = outputs.reduce((n, parents) => (parents.length > 0 ? n + 1 : n), 0);
  const shared: Shared = { parent, open, live: open };
  return outputs.map((parents) => new SplitBranch(shared, parents));
}

interface Shared {
  readonly parent: Port;
  /** Branches with unsettled records. */
  open: number;
  /** Branches that have neither released nor settled. */
  live: number;
}

class SplitBranch implements Port {
  readonly origins: Origins;
  readonly #shared: Shared;
  readonly #parents: Uint32Array;
  #left: number;
  #live: boolean;

  constructor(shared: Shared, parents: Uint32Array) {
    this.origins = shared.parent.origins;
    this.#shared = shared;
    this.#parents = parents;
    this.#left = parents.length;
    this.#live = parents.length > 0;
  }

  rest(outcome: Outcome): void {
    if (this.#left === 0) return;
    this.#left = 0;
    const { parent } = this.#shared;
    this.#shared.open -= 1;
    // What the last branch has left is all that the parent has left.
    if (this.#shared.open === 0) parent.rest(outcome);
    else parent.many(this.#parents, outcome);
    this.released();
  }

  one(index: number, outcome: Outcome): boolean {
    if (!this.#shared.parent.one(this.#parents[index]!, outcome)) return false;
    this.#settled(1);
    return true;
  }

  many(indexes: Uint32Array, outcome: Outcome): number {
    const settled = this.#shared.parent.many(parentsOf(indexes, this.#parents), outcome);
    this.#settled(settled);
    return settled;
  }

  released(): void {
    if (!this.#live) return;
    this.#live = false;
    this.#shared.live -= 1;
    if (this.#shared.live === 0) this.#shared.parent.released();
  }

  #settled(records: number): void {
    if (this.#left === 0) return; // the runtime has closed the parent, which takes anything now
    this.#left -= records;
    if (this.#left > 0) return;
    this.#left = 0;
    this.#shared.open -= 1;
    this.released();
  }
}
