import type { Ack } from './ack.ts';
import { oneAbove, restAbove } from './ascent.ts';
import { bits, setBit } from './bits.ts';
import { Handle, spend, succeed } from './handle.ts';
import type { Outcome } from './outcome.ts';
import type { Origins, Port } from './port.ts';

/** Sees settles before the ack does, and passes them on to it: now, later, or changed. */
export interface Interceptor {
  /** Every record not settled yet. Those whose `settleAt` is still held back are settled: pass these on first. */
  settle(ack: Ack, outcome: Outcome): void;
  settleAt(ack: Ack, index: number, outcome: Outcome): void;
  /** The holder accounts for the data now. May be called more than once. */
  released?(): void;
}

/**
 * Puts an interceptor in front of an ack, and spends it: the returned one has the same size.
 *
 * What was settled through the returned one is accounted for: its slots are free even while the interceptor holds the settle back.
 */
export function intercept(ack: Ack, by: Interceptor): Ack {
  const { size, node } = ack;
  const port = spend(ack, 'intercepted');
  const inner = new Handle(port, size, node);
  const outer = new Handle(new InterceptPort(inner, by), size, node);
  succeed(ack, outer);
  return outer;
}

/** Keeps what is settled once; the passing on is a port above it, so that it can wait for a deep stack to unwind. */
class InterceptPort implements Port {
  readonly origins: Origins;
  readonly #above: Passing;
  readonly #size: number;
  #left: number;
  #settled: Uint32Array | undefined = undefined;

  constructor(inner: Handle, by: Interceptor) {
    this.origins = inner.port.origins;
    this.#above = new Passing(inner, by);
    this.#size = inner.size;
    this.#left = inner.size;
  }

  rest(outcome: Outcome): void {
    if (this.#left === 0) return;
    this.#left = 0;
    restAbove(this.#above, outcome);
    this.released();
  }

  one(index: number, outcome: Outcome): boolean {
    if (this.#left === 0) return false;
    this.#settled ??= bits(this.#size);
    if (!setBit(this.#settled, index)) return false;
    this.#left -= 1;
    oneAbove(this.#above, index, outcome);
    if (this.#left === 0) this.released();
    return true;
  }

  many(indexes: Uint32Array, outcome: Outcome): number {
    let settled = 0;
    for (const index of indexes) if (this.one(index, outcome)) settled++;
    return settled;
  }

  released(): void {
    this.#above.released();
  }
}

/** What the interceptor is told. */
class Passing implements Port {
  readonly origins: Origins;
  readonly #inner: Handle;
  readonly #by: Interceptor;

  constructor(inner: Handle, by: Interceptor) {
    this.origins = inner.port.origins;
    this.#inner = inner;
    this.#by = by;
  }

  rest(outcome: Outcome): void {
    this.#by.settle(this.#inner, outcome);
  }

  one(index: number, outcome: Outcome): boolean {
    this.#by.settleAt(this.#inner, index, outcome);
    return true;
  }

  many(indexes: Uint32Array, outcome: Outcome): number {
    for (const index of indexes) this.one(index, outcome);
    return indexes.length;
  }

  released(): void {
    this.#by.released?.();
    this.#inner.port.released();
  }
}
