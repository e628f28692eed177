const MOST_FAILURES = 10;
const WINDOW_MS = 60_000;
const MOST_ADDRESSES = 10_000;

interface Failures {
  count: number;
  /** When they are forgotten, in ms since the epoch. */
  until: number;
}

/** Counts log-ins that fail, by address: after ten within a minute nobody there is listened to until the minute is over. */
export class FailedLogins {
  readonly #now: () => number;
  readonly #failures = new Map<string, Failures>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Seconds that this address has to wait; 0: none. */
  waitSeconds(address: string): number {
    const failures = this.#current(address);
    return failures === undefined || failures.count < MOST_FAILURES ? 0 : Math.ceil((failures.until - this.#now()) / 1000);
  }

  failed(address: string): void {
    const failures = this.#current(address) ?? { count: 0, until: this.#now() + WINDOW_MS };
    failures.count++;
    this.#failures.delete(address);
    this.#failures.set(address, failures);
    if (this.#failures.size > MOST_ADDRESSES) this.#failures.delete(this.#failures.keys().next().value ?? '');
  }

  succeeded(address: string): void {
    this.#failures.delete(address);
  }

  #current(address: string): Failures | undefined {
    const failures = this.#failures.get(address);
    if (failures === undefined || failures.until > this.#now()) return failures;
    this.#failures.delete(address);
    return undefined;
  }
}
