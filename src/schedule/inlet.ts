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
  readonly #waiting: (Batch<R> | undefined)[] = [];
  #busy = false;
  #completed = false;

  /** `admit` makes the batch of an emission; it must not throw. What it sets off waits behind that batch. */
  constructor(admit: (emission: E) => Batch<R> | undefined) {
    this.#admit = admit;
  }

  next(emission: E): void {
    if (this.#busy) {
      // The place is taken first: admitting may set off the next emission.
      const place = this.#waiting.push(undefined) - 1;
      this.#waiting[place] = this.#admit(emission);
      return;
    }
    this.#busy = true;
    const batch = this.#admit(emission);
    if (batch !== undefined) this.batches.next(batch);
    if (this.#waiting.length > 0) this.#passWaiting();
    this.#busy = false;
    if (this.#completed) this.batches.complete();
  }

  #passWaiting(): void {
    for (let i = 0; i < this.#waiting.length; i++) {
      const batch = this.#waiting[i];
      if (batch !== undefined) this.batches.next(batch);
    }
    this.#waiting.length = 0;
  }

  /** Completes the graph once what waits has entered it. */
  complete(): void {
    this.#completed = true;
    if (!this.#busy) this.batches.complete();
  }
}
