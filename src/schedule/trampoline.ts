import type { SchedulerLike, Subscription } from 'rxjs';

/**
 * Runs one turn soon after it was asked for, however often it is asked meanwhile, and never from inside the asker.
 *
 * What rises (demand, outcomes told to sources) goes through here: a rise from inside a settle would let the source emit into a graph
 * that is still busy with the batch before (I5).
 */
export class Trampoline {
  readonly #scheduler: SchedulerLike;
  readonly #turn: () => void;
  #action: Subscription | undefined;
  #closed = false;

  constructor(scheduler: SchedulerLike, turn: () => void) {
    this.#scheduler = scheduler;
    this.#turn = turn;
  }

  request(): void {
    if (this.#action !== undefined || this.#closed) return;
    this.#action = this.#scheduler.schedule(() => {
      this.#action = undefined;
      this.#turn();
    });
  }

  close(): void {
    this.#closed = true;
    this.#action?.unsubscribe();
    this.#action = undefined;
  }
}
