import { restAbove } from './ascent.ts';
import { bits, setBit } from './bits.ts';
import { type Outcome, worse } from './outcome.ts';
import type { Origins, Port } from './port.ts';

/** Children that each depend on every record of every input: one counter for all. */
export class WholePort implements Port {
  readonly origins: Origins;
  readonly #inputs: readonly Port[];
  readonly #size: number;
  #left: number;
  #worst: Outcome | undefined = undefined;
  #settled: Uint32Array | undefined = undefined;

  constructor(origins: Origins, inputs: readonly Port[], size: number) {
    this.origins = origins;
    this.#inputs = inputs;
    this.#size = size;
    this.#left = size;
  }

  rest(outcome: Outcome): void {
    if (this.#left === 0) return;
    this.#left = 0;
    const worst = this.#worst === undefined ? outcome : worse(this.#worst, outcome);
    for (const input of this.#inputs) restAbove(input, worst);
  }

  one(index: number, outcome: Outcome): boolean {
    if (this.#left === 0) return false;
    if (this.#left > 1) {
      this.#settled ??= bits(this.#size);
      if (!setBit(this.#settled, index)) return false;
      this.#worst = this.#worst === undefined ? outcome : worse(this.#worst, outcome);
      this.#left -= 1;
      return true;
    }
    if (this.#settled !== undefined && !setBit(this.#settled, index)) return false;
    this.rest(outcome);
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
}
