import { restAbove } from './ascent.ts';
import { bits, hasBit, setBit } from './bits.ts';
import { settleChildless } from './childless.ts';
import { type Counters, counters } from './counters.ts';
import type { Outcome } from './outcome.ts';
import type { Origins, Port } from './port.ts';
import { Tally } from './tally.ts';

/** Edges from children to records of the inputs, as compressed rows. */
interface Edges {
  readonly at: Uint32Array;
  readonly ack: Uint32Array;
  readonly index: Uint32Array;
}

/** The port of children with exact parents; `undefined` when the edges are no rows of these inputs. */
export function edgesPort(origins: Origins, inputs: readonly Port[], sizes: readonly number[], edges: Edges): Port | undefined {
  const counts = sizes.map(counters);
  if (!areRows(edges) || !countEdges(counts, edges)) return undefined;
  inputs.forEach((input, k) => {
    settleChildless(input, counts[k]!);
  });
  const tallies = inputs.map((input, k) => new Tally(input, counts[k]!, undefined));
  return new EdgesPort(origins, inputs, tallies, edges);
}

function areRows({ at, ack, index }: Edges): boolean {
  if (at.length === 0 || at[0] !== 0 || ack.length !== index.length || at[at.length - 1] !== ack.length) return false;
  for (let j = 1; j < at.length; j++) if (at[j]! < at[j - 1]!) return false;
  return true;
}

function countEdges(counts: readonly Counters[], { ack, index }: Edges): boolean {
  for (let e = 0; e < ack.length; e++) {
    const pending = counts[ack[e]!];
    const parent = index[e]!;
    if (pending === undefined || parent >= pending.length) return false;
    pending[parent]! += 1;
  }
  return true;
}

class EdgesPort implements Port {
  readonly origins: Origins;
  readonly #inputs: readonly Port[];
  readonly #tallies: readonly Tally[];
  readonly #edges: Edges;
  readonly #size: number;
  #left: number;
  #settled: Uint32Array | undefined = undefined;

  constructor(origins: Origins, inputs: readonly Port[], tallies: readonly Tally[], edges: Edges) {
    this.origins = origins;
    this.#inputs = inputs;
    this.#tallies = tallies;
    this.#edges = edges;
    this.#size = edges.at.length - 1;
    this.#left = this.#size;
  }

  rest(outcome: Outcome): void {
    if (this.#left === 0) return;
    this.#left = 0;
    const settled = this.#settled;
    if (settled === undefined) {
      for (const input of this.#inputs) restAbove(input, outcome);
      return;
    }
    for (let j = 0; j < this.#size; j++) if (!hasBit(settled, j)) this.#child(j, outcome);
  }

  one(index: number, outcome: Outcome): boolean {
    if (this.#left === 0) return false;
    this.#settled ??= bits(this.#size);
    if (!setBit(this.#settled, index)) return false;
    this.#left -= 1;
    this.#child(index, outcome);
    return true;
  }

  many(indexes: Uint32Array, outcome: Outcome): number {
    let settled = 0;
    for (const index of indexes) if (this.one(index, outcome)) settled++;
    return settled;
  }

  released(): void {
    for (let k = 0; k < this.#inputs.length; k++) this.#inputs[k]!.released();
  }

  #child(child: number, outcome: Outcome): void {
    const { at, ack, index } = this.#edges;
    for (let e = at[child]!; e < at[child + 1]!; e++) this.#tallies[ack[e]!]!.child(index[e]!, outcome);
  }
}
