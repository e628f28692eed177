import type { SchedulerLike, Subscription } from 'rxjs';

/** Length of the slices of a run, and how they end. */
export interface SliceOptions {
  readonly macrotask: SchedulerLike;
  readonly sliceMs: number;
}

/**
 * Measures the stretch of work between two yields to I/O. Once `over`, demand stays 0 until a macrotask has run.
 *
 * Microtasks alone starve timers and sockets, and a synchronous poll would otherwise fill a whole window before the first yield.
 */
export class Slice {
  readonly #options: SliceOptions;
  readonly #renewed: () => void;
  #startedAt = 0;
  #turn: Subscription | undefined;
  #over = false;

  /** `renewed` is called from the macrotask that ends a slice which was over. */
  constructor(options: SliceOptions, renewed: () => void) {
    this.#options = options;
    this.#renewed = renewed;
  }

  get over(): boolean {
    return this.#over;
  }

  /** Notes that work is done now. */
  worked(now: number): void {
    if (this.#over) return;
    if (this.#turn === undefined) {
      this.#startedAt = now;
      this.#turn = this.#options.macrotask.schedule(() => this.#renew());
    } else if (now - this.#startedAt >= this.#options.sliceMs) {
      this.#over = true;
    }
  }

  close(): void {
    this.#turn?.unsubscribe();
    this.#turn = undefined;
  }

  #renew(): void {
    this.#turn = undefined;
    if (!this.#over) return;
    this.#over = false;
    this.#renewed();
  }
}
