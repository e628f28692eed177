import type { Driver, Producer } from '../../../src/kafka/driver.ts';
import { Recovery } from './recovery.ts';

const RECORDS = 10;
const EVERY_MS = 5;

/** Writes 0, 1, 2, … to each partition, several batches on their way at a time. */
export class IdempotentLoad {
  readonly recovery: Recovery;
  /** Next number of each partition, all before it acknowledged or refused. */
  readonly written: number[];
  /** Answers other than an offset. */
  readonly refused: string[] = [];
  readonly #topic: string;
  readonly #producer: Producer;
  readonly #under = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;

  private constructor(topic: string, partitions: number, producer: Producer) {
    this.#topic = topic;
    this.#producer = producer;
    this.recovery = new Recovery(partitions);
    this.written = Array(partitions).fill(0);
  }

  static async start(driver: Driver, topic: string, partitions: number): Promise<IdempotentLoad> {
    const load = new IdempotentLoad(topic, partitions, await driver.producer({ idempotent: true, lingerMs: 2, batchBytes: 2_000 }));
    load.#timer = setInterval(() => load.#write(), EVERY_MS);
    return load;
  }

  /** Resolves when everything is answered. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#under);
    await this.#producer.close();
  }

  #write(): void {
    if (this.#under.size > 500) return;
    const batches = this.written.map((from, partition) => {
      const records = Array.from({ length: RECORDS }, (_, at) => ({ key: null, value: `${from + at}` }));
      this.written[partition] = from + RECORDS;
      return { topic: this.#topic, partition, records };
    });
    for (const batch of batches) {
      const refused = ({ message }: Error) =>
        void this.refused.push(`${batch.records[0]?.value} of partition ${batch.partition}: ${message}`);
      const sent: Promise<void> = this.#producer
        .send([batch])
        .then(([answer]) => {
          if (answer?.error === undefined) this.recovery.alive(batch.partition);
          else refused(answer.error);
        }, refused)
        .finally(() => this.#under.delete(sent));
      this.#under.add(sent);
    }
  }
}
