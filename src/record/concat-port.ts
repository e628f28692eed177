import { type Counters, counters } from './counters.ts';
import type { Outcome } from './outcome.ts';
import type { Origins, Port } from './port.ts';

/** The records of several acks in a row: counts nothing, since each child is one record of one input. */
export class ConcatPort implements Port {
  readonly origins: Origins;
  readonly #inputs: readonly Port[];
  /** First child of each input. */
  readonly #starts: Counters;

  constructor(origins: Origins, inputs: readonly Port[], sizes: readonly number[]) {
    this.origins = origins;
    this.#inputs = inputs;
    this.#starts = counters(inputs.length);
    let at = 0;
    for (let k = 0; k < sizes.length; k++) {
      this.#starts[k] = at;
      at += sizes[k]!;
    }
  }

  rest(outcome: Outcome): void {
    for (const input of this.#inputs) input.rest(outcome);
  }

  one(index: number, outcome: Outcome): boolean {
    const input = this.#inputOf(index);
    return this.#inputs[input]!.one(index - this.#starts[input]!, outcome);
  }

  many(indexes: Uint32Array, outcome: Outcome): number {
    let settled = 0;
    for (const index of indexes) if (this.one(index, outcome)) settled++;
    return settled;
  }

  released(): void {
    for (let k = 0; k < this.#inputs.length; k++) this.#inputs[k]!.released();
  }

  /** The last input that starts at or before a child: of several (the earlier ones are empty) the one that has it. */
  #inputOf(index: number): number {
    let low = 0;
    let high = this.#inputs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#starts[middle]! <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
