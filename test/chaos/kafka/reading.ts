import type { Consumer, Driver, InBatch } from '../../../src/kafka/driver.ts';
import { Recovery } from './recovery.ts';

/** Values of committed records by partition, in the order in which a reader got them. */
export class Reading {
  readonly recovery: Recovery;
  readonly values: string[][];
  /** Offsets that did not grow. */
  readonly repeated: string[] = [];
  readonly #next: number[];
  readonly #consumer: Consumer;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  private constructor(partitions: number, consumer: Consumer) {
    this.recovery = new Recovery(partitions);
    this.values = Array.from({ length: partitions }, () => []);
    this.#next = Array(partitions).fill(0);
    this.#consumer = consumer;
    this.#running = this.#run();
  }

  static async start(driver: Driver, topic: string, partitions: number): Promise<Reading> {
    const assigned = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));
    const source = { mode: 'assign', partitions: assigned } as const;
    return new Reading(partitions, await driver.consumer({ source, isolation: 'committed', reset: 'earliest' }));
  }

  /** Next offset of each partition, also behind markers and what was aborted, of which nothing is handed out. */
  get positions(): readonly number[] {
    return this.#consumer.assignment().map((partition) => this.#consumer.position(partition) ?? 0);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#consumer.close();
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        this.#take(await this.#consumer.next(this.#stop.signal));
      } catch (error) {
        if (!this.#stop.signal.aborted) this.repeated.push(`the reader failed: ${String(error)}`);
      }
    }
  }

  #take(batch: InBatch): void {
    const { partition } = batch;
    for (const record of batch.records) {
      if (record.offset < (this.#next[partition] ?? 0)) this.repeated.push(`offset ${record.offset} of partition ${partition} came again`);
      this.#next[partition] = record.offset + 1;
      this.values[partition]?.push(record.valueText() ?? '');
    }
    this.#next[partition] = Math.max(this.#next[partition] ?? 0, batch.nextOffset);
    batch.release();
    this.recovery.alive(partition);
  }
}
