const BEATS = 0;
const ENTERED = 1;

/**
 * A thread's sign of life, in memory that the main thread reads while the thread is too busy to answer: beats, and the run whose code was
 * entered last.
 */
export class Pulse {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array<SharedArrayBuffer>;

  constructor(memory = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#words = new Int32Array(memory);
  }

  beat(): void {
    Atomics.add(this.#words, BEATS, 1);
  }

  get beats(): number {
    return Atomics.load(this.#words, BEATS);
  }

  enter(run: number): void {
    this.#words[ENTERED] = run;
  }

  get entered(): number {
    return Atomics.load(this.#words, ENTERED);
  }
}
