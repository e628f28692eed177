/** How long several things stood still, each by itself: the longest time between two signs of life since `watch`. */
export class Recovery {
  readonly #last: number[];
  readonly #longest: number[];
  #since = performance.now();

  constructor(things: number) {
    this.#last = Array(things).fill(performance.now());
    this.#longest = Array(things).fill(0);
  }

  alive(thing: number): void {
    const now = performance.now();
    this.#longest[thing] = Math.max(this.#longest[thing] ?? 0, now - (this.#last[thing] ?? now));
    this.#last[thing] = now;
  }

  watch(): void {
    this.#since = performance.now();
    this.#longest.fill(0);
  }

  /** Every one has given a sign of life after the last `watch`, and at least so much later. */
  recovered(afterMs = 0): boolean {
    return this.#last.every((at) => at > this.#since + afterMs);
  }

  get longestMs(): number {
    return Math.max(...this.#longest);
  }
}

/** Polls until it holds; rejects with the sentence when it does not in time. */
export async function eventually(what: string, withinMs: number, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const until = performance.now() + withinMs; ; ) {
    if (await holds()) return;
    if (performance.now() > until) throw new Error(`not within ${withinMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits for an end that must come within a minute. */
export async function within(what: string, end: Promise<void>, ms = 60_000): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`not within ${ms / 1000} s: ${what}`)), ms);
  await Promise.race([end, late.promise]).finally(() => clearTimeout(timer));
}
