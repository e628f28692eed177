import type { Outcome } from './outcome.ts';
import type { Origins, Port } from './port.ts';

/**
 * The only output of a filter: each child has a parent of its own, and the other parents are settled already.
 *
 * So it counts nothing: the rest of the children is the rest of the parents.
 */
export class FilterPort implements Port {
  readonly origins: Origins;
  readonly #parent: Port;
  readonly #parents: Uint32Array;

  constructor(parent: Port, parents: Uint32Array) {
    this.origins = parent.origins;
    this.#parent = parent;
    this.#parents = parents;
  }

  rest(outcome: Outcome): void {
    this.#parent.rest(outcome);
  }

  one(index: number, outcome: Outcome): boolean {
    return this.#parent.one(this.#parents[index]!, outcome);
  }

  many(indexes: Uint32Array, outcome: Outcome): number {
    return this.#parent.many(parentsOf(indexes, this.#parents), outcome);
  }

  released(): void {
    this.#parent.released();
  }
}

/** The parents of some children. */
export function parentsOf(indexes: Uint32Array, parents: Uint32Array): Uint32Array {
  const mapped = new Uint32Array(indexes.length);
  for (let k = 0; k < indexes.length; k++) mapped[k] = parents[indexes[k]!]!;
  return mapped;
}
