import type { SchedulerLike, Subscription } from 'rxjs';
import type { Oldest } from './ack-tracker.ts';

export interface WatchdogOptions {
  readonly time: SchedulerLike;
  /** Age at which the oldest unsettled record is too old; `Infinity`: never. */
  readonly limitMs: number;
  oldest(): Oldest | undefined;
  /** Called once. */
  stuck(oldest: Oldest, ageMs: number): void;
}

/** Notices a record that nobody settles (I3). It looks again when the oldest one could be too old, so it costs nothing per record. */
export class Watchdog {
  readonly #options: WatchdogOptions;
  #look: Subscription | undefined;

  constructor(options: WatchdogOptions) {
    this.#options = options;
  }

  start(): void {
    const { limitMs } = this.#options;
    if (limitMs !== Number.POSITIVE_INFINITY) this.#lookIn(limitMs);
  }

  close(): void {
    this.#look?.unsubscribe();
  }

  #lookIn(waitMs: number): void {
    const { time, limitMs, oldest, stuck } = this.#options;
    this.#look = time.schedule(() => {
      const found = oldest();
      const ageMs = found === undefined ? 0 : time.now() - found.since;
      if (found !== undefined && ageMs >= limitMs) stuck(found, ageMs);
      else this.#lookIn(limitMs - ageMs);
    }, waitMs);
  }
}
