import type { Appended, DriverError, TopicPartition } from '../driver.ts';

/** The answer to one sent batch, in the making: its records may travel in several record batches. */
export class Receipt {
  readonly #at: TopicPartition;
  readonly #done: () => void;
  /** Parts without an answer; one more while records are being added. */
  #open = 1;
  #baseOffset = -1;
  #timestamp = -1;
  /** Why records were not written that are not to blame. */
  #failed: DriverError | undefined;
  readonly #refused = new Map<number, DriverError>();

  constructor({ topic, partition }: TopicPartition, done: () => void) {
    this.#at = { topic, partition };
    this.#done = done;
  }

  get answer(): Appended {
    if (this.#failed !== undefined) return { ...this.#at, error: this.#failed };
    const [error] = this.#refused.values();
    if (error !== undefined) return { ...this.#at, error, refused: this.#refused };
    return { ...this.#at, baseOffset: this.#baseOffset, timestamp: this.#timestamp };
  }

  /** A further part is to be answered. */
  expect(): void {
    this.#open++;
  }

  appended(baseOffset: number, timestamp: number): void {
    if (this.#baseOffset < 0 || baseOffset < this.#baseOffset) this.#baseOffset = baseOffset;
    if (timestamp > this.#timestamp) this.#timestamp = timestamp;
    this.close();
  }

  /** So many records from a position on are not written, or may not be. Their part is still open. */
  refuse(error: DriverError, from: number, count: number): void {
    if (!error.ofRecord) this.#failed ??= error;
    else for (let index = from; index < from + count; index++) if (!this.#refused.has(index)) this.#refused.set(index, error);
  }

  /** Nothing more is to come of a part, or of the adding of parts. */
  close(): void {
    if (--this.#open === 0) this.#done();
  }
}
