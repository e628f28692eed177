import { type Outcome, returned } from '../record/outcome.ts';
import type { Outcomes } from '../sdk/source.ts';

/** The outcome of each record of one batch: one for all until the first single settle. */
export class OutcomeLog implements Outcomes {
  readonly size: number;
  #others: Outcome = returned;
  #single: (Outcome | undefined)[] | undefined = undefined;

  constructor(size: number) {
    this.size = size;
  }

  at(index: number): Outcome {
    return this.#single?.[index] ?? this.#others;
  }

  /** Of every record without one. */
  rest(outcome: Outcome): void {
    this.#others = outcome;
  }

  one(index: number, outcome: Outcome): void {
    this.#single ??= new Array<Outcome | undefined>(this.size).fill(undefined);
    this.#single[index] = outcome;
  }
}
