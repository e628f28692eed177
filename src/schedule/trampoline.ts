import type { SchedulerLike, Subscription } from 'rxjs';

/**
 * Runs work soon after it was handed in, in order, and never from inside the caller.
 *
 * What rises (demand, outcomes told to sources) goes through here: a rise from inside a settle would let the source emit into a graph
 * that is still busy with the batch before (I5). With a scheduler of microtasks one turn of the event loop is not left.
 */
export class Trampoline {
  readonly #scheduler: SchedulerLike;
  readonly #failed: (error: unknown) => void;
  #work: (() => void)[] = [];
  #turn: Subscription | undefined;
  #closed = false;

  /** `failed` takes what work throws: it must not throw itself. */
  constructor(scheduler: SchedulerLike, failed: (error: unknown) => void) {
    this.#scheduler = scheduler;
    this.#failed = failed;
  }

  later(work: () => void): void {
    if (this.#closed) return;
    this.#work.push(work);
    this.#turn ??= this.#scheduler.schedule(() => this.#run());
  }

  close(): void {
    this.#closed = true;
    this.#work = [];
    this.#turn?.unsubscribe();
    this.#turn = undefined;
  }

  #run(): void {
    const work = this.#work;
    this.#work = [];
    this.#turn = undefined;
    for (const each of work) {
      if (this.#closed) return;
      try {
        each();
      } catch (error) {
        this.#failed(error);
      }
    }
  }
}
