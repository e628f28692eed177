import { restAbove } from './ascent.ts';
import { bits, hasBit, setBit } from './bits.ts';
import { type Counters, counters } from './counters.ts';
import type { Children } from './fork.ts';
import { type Outcome, worse } from './outcome.ts';
import type { Origins, Port } from './port.ts';
import { Tally } from './tally.ts';

/**
 * Ports of outputs whose children share parents (broadcast, flatMap).
 *
 * Without `counts` every output covers every unsettled parent: then whole branches are counted until the first single settle.
 */
export function joinBranches(parent: Port, size: number, outputs: readonly Children[], counts?: Counters): readonly Port[] {
  const join = new Join(parent, size);
  join.branches = outputs.map((children) => new JoinBranch(join, children, children === 'all' ? size : children.length));
  join.open = join.live = join.branches.filter((branch) => branch.left > 0).length;
  if (counts !== undefined) join.tally = new Tally(parent, counts, undefined);
  return join.branches;
}

class Join {
  readonly parent: Port;
  readonly size: number;
  branches: readonly JoinBranch[] = [];
  /** Branches with unsettled records. */
  open = 0;
  /** Branches that have neither released nor settled. */
  live = 0;
  /** Of the branches that have settled whole. */
  worst: Outcome | undefined = undefined;
  /** From the first single settle. */
  tally: Tally | undefined = undefined;

  constructor(parent: Port, size: number) {
    this.parent = parent;
    this.size = size;
  }

  /** Per-record counts of the branches that are still whole. */
  exact(): Tally {
    if (this.tally !== undefined) return this.tally;
    const counts = counters(this.size);
    for (const { left, children } of this.branches) {
      if (left === 0) continue;
      if (children === 'all') for (let i = 0; i < counts.length; i++) counts[i]! += 1;
      else for (const parent of children) counts[parent]! += 1;
    }
    this.tally = new Tally(this.parent, counts, this.worst);
    return this.tally;
  }
}

class JoinBranch implements Port {
  readonly origins: Origins;
  readonly children: Children;
  left: number;
  readonly #join: Join;
  #live: boolean;
  #settled: Uint32Array | undefined = undefined;

  constructor(join: Join, children: Children, size: number) {
    this.origins = join.parent.origins;
    this.children = children;
    this.left = size;
    this.#join = join;
    this.#live = size > 0;
  }

  rest(outcome: Outcome): void {
    if (this.left === 0) return;
    const join = this.#join;
    if (join.tally === undefined) {
      this.left = 0;
      join.open -= 1;
      join.worst = join.worst === undefined ? outcome : worse(join.worst, outcome);
      if (join.open === 0) restAbove(join.parent, join.worst);
    } else this.#restExact(join.tally, outcome);
    this.released();
  }

  one(index: number, outcome: Outcome): boolean {
    if (this.left === 0) return false;
    const tally = this.#join.exact();
    this.#settled ??= bits(this.#size);
    if (!setBit(this.#settled, index)) return false;
    this.left -= 1;
    tally.child(this.#parentOf(index), outcome);
    if (this.left === 0) this.released();
    return true;
  }

  many(indexes: Uint32Array, outcome: Outcome): number {
    let settled = 0;
    for (const index of indexes) if (this.one(index, outcome)) settled++;
    return settled;
  }

  released(): void {
    if (!this.#live) return;
    this.#live = false;
    this.#join.live -= 1;
    if (this.#join.live === 0) this.#join.parent.released();
  }

  get #size(): number {
    return this.children === 'all' ? this.#join.size : this.children.length;
  }

  #parentOf(index: number): number {
    return this.children === 'all' ? index : this.children[index]!;
  }

  #restExact(tally: Tally, outcome: Outcome): void {
    this.left = 0;
    const settled = this.#settled;
    const size = this.#size;
    for (let j = 0; j < size; j++) {
      if (settled === undefined || !hasBit(settled, j)) tally.child(this.#parentOf(j), outcome);
    }
  }
}
