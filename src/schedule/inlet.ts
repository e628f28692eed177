import { Subject } from 'rxjs';
import type { Batch } from '../record/batch.ts';

/**
 * The entry of the graph: batches pass one after the other, whoever emits them.
 *
 * A source may emit from inside `sink.next`, or from inside the fall of demand that its own emission caused; what comes then waits, so
 * that order holds (I5) and the stack does not grow.
 */
export class Inlet<E, R> {
  readonly batches = new Subject<Batch<R>>();
  readonly #admit: (emission: E) => Batch<R> | undefined;
  readonly #waiting: Batch<R>[] = [];
  #busy = false;
  #completed = false;

  /** `admit` makes the batch of an emission; it must not throw. What it sets off waits behind that batch. */
  constructor(admit: (emission: E) => Batch<R> | undefined) {
    this.#admit = admit;
  }

  next(emission: E): void {
    if (this.#busy) {
      const waits = this.#admit(emission);
      if (waits !== undefined) this.#waiting.push(waits);
      return;
    }
    this.#busy = true;
    const batch = this.#admit(emission);
    if (batch !== undefined) this.batches.next(batch);
    for (let i = 0; i < this.#waiting.length; i++) this.batches.next(this.#waiting[i] as Batch<R>);
    if (this.#waiting.length > 0) this.#waiting.length = 0;
    this.#busy = false;
    if (this.#completed) this.batches.complete();
  }

  /** Completes the graph once what waits has entered it. */
  complete(): void {
    this.#completed = true;
    if (!this.#busy) this.batches.complete();
  }
}
