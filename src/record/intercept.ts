import type { Ack } from './ack.ts';
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
  const outer = new Handle(new InterceptPort(port.origins, inner, by), size, node);
  succeed(ack, outer);
  return outer;
}

class InterceptPort implements Port {
  readonly origins: Origins;
  readonly #inner: Handle;
  readonly #by: Interceptor;
  #left: number;
  #settled: Uint32Array | undefined = undefined;

  constructor(origins: Origins, inner: Handle, by: Interceptor) {
    this.origins = origins;
    this.#inner = inner;
    this.#by = by;
    this.#left = inner.size;
  }

  rest(outcome: Outcome): void {
    if (this.#left === 0) return;
    this.#left = 0;
    this.#by.settle(this.#inner, outcome);
    this.released();
  }

  one(index: number, outcome: Outcome): boolean {
    if (this.#left === 0) return false;
    this.#settled ??= bits(this.#inner.size);
    if (!setBit(this.#settled, index)) return false;
    this.#left -= 1;
    this.#by.settleAt(this.#inner, index, outcome);
    if (this.#left === 0) this.released();
    return true;
  }

  many(indexes: Uint32Array, outcome: Outcome): number {
    let settled = 0;
    for (const index of indexes) if (this.one(index, outcome)) settled++;
    return settled;
  }

  released(): void {
    this.#by.released?.();
    this.#inner.port.released();
  }
}
