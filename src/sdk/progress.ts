import type { Stage } from '../record/outcome.ts';

/** A record that a lifted function gave up on. */
interface FailedRecord {
  readonly index: number;
  readonly stage: Stage;
  readonly error: unknown;
}

/** What a lifted function has made of one batch so far; kept over retries. Mutable: bodies of lifts write it in their hot loops. */
export class Progress<B> {
  /** The next record to handle. */
  index = 0;
  /** Children made so far: `out[0 … count - 1]`. */
  count = 0;
  /** `undefined`: the children are the records themselves. */
  out: B[] | undefined;
  /** Parent of each child; `undefined` while child j has parent j. */
  parents: number[] | undefined;
  failures: FailedRecord[] | undefined;
  /** Where the body is: what a failure of its record is called. */
  stage: Stage = 'TRANSFORMATION';
  readonly #records: readonly unknown[];

  constructor(records: readonly unknown[]) {
    this.#records = records;
  }

  /** From here on children name their parents: what was made is cut to `count`. */
  diverge(): { out: B[]; parents: number[] } {
    this.out ??= this.#records.slice(0, this.count) as B[];
    this.out.length = this.count;
    this.parents ??= upTo(this.count);
    return { out: this.out, parents: this.parents };
  }

  /** Gives up on the record at `index`. */
  fail(error: unknown): void {
    this.diverge().parents.length = this.count;
    this.failures ??= [];
    this.failures.push({ index: this.index, stage: this.stage, error });
    this.index++;
  }
}

function upTo(count: number): number[] {
  const numbers: number[] = [];
  for (let i = 0; i < count; i++) numbers.push(i);
  return numbers;
}
