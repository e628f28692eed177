import type { RunSettings } from './worker-settings.ts';

export type RestartSettings = Pick<
  RunSettings,
  'restart.policy' | 'restart.attempts' | 'restart.backoff.ms' | 'restart.backoff.max.ms' | 'restart.reset.ms'
>;

/** Who wants something to begin anew: a user, with whom earlier restarts are forgotten, or the policy, which counts on. */
export type RestartedBy = 'user' | 'policy';

/** The restarts of one connector or task by the restart policy: how many so far, and when the next is due. */
export class Restarts {
  readonly #settings: RestartSettings;
  readonly #random: () => number;
  #count = 0;
  #dueAt: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(settings: RestartSettings, random: () => number = Math.random) {
    this.#settings = settings;
    this.#random = random;
  }

  /** For statuses: empty while nothing was restarted, so that they look like Connect's. */
  get shown(): { readonly restarts?: number; readonly nextRestartAt?: number } {
    return { ...(this.#count > 0 && { restarts: this.#count }), ...(this.#dueAt !== undefined && { nextRestartAt: this.#dueAt }) };
  }

  /** It runs: if it still does after a while, earlier failures are forgotten. */
  healthy(): void {
    this.cancel();
    if (this.#count > 0) this.#after(this.#settings['restart.reset.ms'], () => this.forget());
  }

  /** It failed: calls `restart` when the policy allows one more, after its wait. */
  failed(restart: () => void): void {
    this.cancel();
    const { 'restart.policy': policy, 'restart.attempts': attempts } = this.#settings;
    if (policy === 'never' || (attempts >= 0 && this.#count >= attempts)) return;
    const delayMs = backoffMs(this.#settings, this.#count, this.#random());
    this.#count++;
    this.#dueAt = Date.now() + delayMs;
    this.#after(delayMs, () => {
      this.#dueAt = undefined;
      restart();
    });
  }

  /** A user took over, or it is gone: what was due is not. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#dueAt = undefined;
  }

  forget(): void {
    this.cancel();
    this.#count = 0;
  }

  #after(ms: number, work: () => void): void {
    this.#timer = setTimeout(work, ms).unref();
  }
}

/** Doubles with each restart up to the limit; at random between half of that and all, so that what failed together does not come back together. */
export function backoffMs(
  { 'restart.backoff.ms': first, 'restart.backoff.max.ms': max }: Pick<RestartSettings, 'restart.backoff.ms' | 'restart.backoff.max.ms'>,
  restarts: number,
  random: number,
): number {
  const full = Math.min(max, first * 2 ** restarts);
  return Math.round(full / 2 + (random * full) / 2);
}
