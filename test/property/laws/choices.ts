import fc from 'fast-check';
import type { LawOptions } from './core.ts';

/** A tape of numbers that decides everything in one run. */
export class Choices {
  readonly #tape: readonly number[];
  #at = 0;

  constructor(tape: readonly number[]) {
    this.#tape = tape;
  }

  get left(): boolean {
    return this.#at < this.#tape.length;
  }

  /** 0 to n - 1. */
  below(n: number): number {
    const number = this.#tape[this.#at++] ?? 0;
    return n <= 1 ? 0 : number % n;
  }

  of<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('nothing to choose from');
    return item;
  }

  maybe(oneIn: number): boolean {
    return this.below(oneIn) === oneIn - 1;
  }
}

/** Runs a law over long random tapes: short ones find nothing. */
export function assertOver(run: (choices: Choices) => void, { runs = 500, shrink = true }: LawOptions, length = 600): void {
  const tape = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: length, size: 'max' });
  fc.assert(
    fc.property(tape, (numbers) => run(new Choices(numbers))),
    { numRuns: runs, endOnFailure: !shrink },
  );
}
