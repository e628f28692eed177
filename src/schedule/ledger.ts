import type { Flow } from '../record/ack.ts';
import type { Failure, Outcome } from '../record/outcome.ts';
import type { Origins } from '../record/port.ts';
import type { Partition } from './partition.ts';
import type { Window } from './window.ts';

/** What a tracker needs of its run. */
export interface TrackerOptions {
  readonly flow: Flow;
  readonly window: Window;
  /** A record of a live assignment failed for good. Called from inside a settle. */
  failed(failure: Failure): void;
  /** Nothing is unsettled any more. Called from inside a settle. */
  idle(): void;
  /** Runs work soon, from a trampoline: never inside this call. */
  later(work: () => void): void;
}

/** Sums over all batches of a run, and what is to be told about them. */
export class Ledger {
  readonly flow: Flow;
  readonly window: Window;
  unsettled = 0;
  /** The run is over: nothing is told to it any more. */
  closed = false;
  readonly #options: TrackerOptions;
  #moved: Partition[] = [];
  #told: (() => void)[] = [];
  readonly #tell = (): void => this.tellNow();

  constructor(options: TrackerOptions) {
    this.#options = options;
    this.flow = options.flow;
    this.window = options.window;
  }

  settled(records: number, outcome: Outcome, origins: Origins): void {
    this.unsettled -= records;
    if (this.closed) return;
    // I11: what failed in an assignment that is gone is another task's to try.
    if (outcome.kind === 'failed' && !origins.stale) this.#options.failed(outcome.failure);
    if (this.unsettled === 0) this.#options.idle();
  }

  /** The watermark of a partition may have moved; once until `takeMoved`. */
  moved(partition: Partition): void {
    this.#moved.push(partition);
  }

  takeMoved(): readonly Partition[] {
    const moved = this.#moved;
    this.#moved = [];
    return moved;
  }

  /** Calls a source back, not from inside the settle that it is about. */
  tellLater(tell: () => void): void {
    this.#told.push(tell);
    if (this.#told.length === 1) this.#options.later(this.#tell);
  }

  tellNow(): void {
    const told = this.#told;
    this.#told = [];
    for (const tell of told) this.call(tell);
  }

  /** A source's callback must not break what called it. */
  call(callback: (this: void) => void): void {
    try {
      callback();
    } catch (error) {
      this.flow.fail(error);
    }
  }
}
