/**
 * How large the batches of one partition may be, as far as refusals have shown it.
 *
 * Sizes are before compression, so that batches which compress alike stay below what the topic allows. Forgotten after a while, since a topic
 * may be altered.
 */
export class BatchLimit {
  readonly #keepMs: number;
  #bytes = Number.POSITIVE_INFINITY;
  #until = 0;

  constructor(keepMs: number) {
    this.#keepMs = keepMs;
  }

  /** Most bytes of a batch; infinite while nothing is known. */
  get bytes(): number {
    if (this.#bytes !== Number.POSITIVE_INFINITY && performance.now() >= this.#until) this.#bytes = Number.POSITIVE_INFINITY;
    return this.#bytes;
  }

  /** A batch of this size was too large: half as much is tried. */
  refused(bytes: number): void {
    const half = Math.ceil(bytes / 2);
    if (half >= this.bytes) return;
    this.#bytes = half;
    this.#until = performance.now() + this.#keepMs;
  }
}
