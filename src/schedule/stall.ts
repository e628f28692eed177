import type { SchedulerLike, Subscription } from 'rxjs';
import type { RunEvent } from './run-options.ts';

export interface StallOptions {
  readonly time: SchedulerLike;
  /** How long a run may hold records without a sign that it moves; `Infinity`: for ever. */
  readonly limitMs: number;
  /** Unreleased records. */
  held(): number;
  /** Of each time that it stands still, and then of that it moves again. */
  tell(event: Extract<RunEvent, { readonly kind: 'stalled' | 'moving' }>): void;
}

/**
 * Notices that a run stands still: it holds records, and for as long as the limit none was released and no attempt to write them ended.
 *
 * It looks four times within the limit, which costs nothing per record and tells it at most half of the limit late. That it moves again is told at once.
 */
export class Stall {
  readonly #options: StallOptions;
  #moves = 0;
  #still: { readonly moves: number; readonly since: number } | undefined;
  #stalled = false;
  #look: Subscription | undefined;

  constructor(options: StallOptions) {
    this.#options = options;
  }

  start(): void {
    const { time, limitMs } = this.#options;
    if (limitMs === Number.POSITIVE_INFINITY) return;
    this.#look = time.schedule(() => {
      this.start();
      this.#lookAt(time.now());
    }, limitMs / 4);
  }

  close(): void {
    this.#look?.unsubscribe();
  }

  /** Something was released, or an attempt has ended. */
  moved(): void {
    this.#moves += 1;
    if (!this.#stalled) return;
    this.#stalled = false;
    this.#still = undefined;
    this.#options.tell({ kind: 'moving' });
  }

  #lookAt(now: number): void {
    const { limitMs, held, tell } = this.#options;
    if (this.#stalled) return;
    if (held() === 0) this.#still = undefined;
    else if (this.#still?.moves !== this.#moves) this.#still = { moves: this.#moves, since: now };
    else if (now - this.#still.since >= limitMs) {
      this.#stalled = true;
      tell({ kind: 'stalled', forMs: limitMs });
    }
  }
}
