import type { InBatch } from './driver.ts';

/** Readers of a consumer that wait for a batch, in the order in which they came. */
export class Waiters {
  #waiting: PromiseWithResolvers<InBatch>[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  /** Resolves with the batch that this reader is given. Rejects with what it is refused for, or with the reason of an abort. */
  async wait(signal: AbortSignal | undefined): Promise<InBatch> {
    const waiter = Promise.withResolvers<InBatch>();
    const abort = () => {
      this.#waiting = this.#waiting.filter((other) => other !== waiter);
      waiter.reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    this.#waiting.push(waiter);
    try {
      return await waiter.promise;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** To the one who came first. */
  give(batch: InBatch): void {
    this.#waiting.shift()?.resolve(batch);
  }

  /** The one who came first. */
  refuse(error: unknown): void {
    this.#waiting.shift()?.reject(error);
  }

  refuseAll(error: unknown): void {
    for (const waiter of this.#waiting.splice(0)) waiter.reject(error);
  }
}
