import { readFileSync } from 'node:fs';
import type { Compression } from '../../../src/kafka/driver.ts';

/** What one client is to do, alone in a process of its own. */
export interface Job {
  readonly task: 'produce' | 'consume';
  readonly bootstrap: string;
  readonly topic: string;
  readonly partitions: number;
  readonly records: number;
  readonly idempotent: boolean;
  readonly compression: Compression;
  /** Records handed over in one call, where the client does not gather them itself. */
  readonly perSend: number;
  /** One payload a line, each of `RECORD_BYTES`. */
  readonly payloads: string;
}

export interface Figures {
  readonly seconds: number;
  /** User and system time of the process, its start taken out. */
  readonly cpuSeconds: number;
  /** Most memory the process ever had; undefined where it cannot tell. */
  readonly rssBytes: number | undefined;
}

export const RECORD_BYTES = 100;
/** Sends that a client without a buffer of its own has on the way. */
const SENDS_AT_A_TIME = 5;

/** The payloads of a job. */
export function payloadsOf({ payloads }: Job): readonly Buffer[] {
  const bytes = readFileSync(payloads);
  return Array.from({ length: Math.floor(bytes.length / (RECORD_BYTES + 1)) }, (_, line) =>
    bytes.subarray(line * (RECORD_BYTES + 1), line * (RECORD_BYTES + 1) + RECORD_BYTES),
  );
}

/** Calls `send` with the values and the partition of each send, so many at a time. */
export async function inTurns(job: Job, send: (values: readonly Buffer[], partition: number) => Promise<unknown>): Promise<void> {
  const payloads = payloadsOf(job);
  const one = async (first: number) => {
    for (let turn = first; turn * job.perSend < job.records; turn += SENDS_AT_A_TIME) {
      const count = Math.min(job.perSend, job.records - turn * job.perSend);
      const values = Array.from({ length: count }, (_, i) => payloads[(turn * job.perSend + i) % payloads.length] as Buffer);
      await send(values, turn % job.partitions);
    }
  };
  await Promise.all(Array.from({ length: SENDS_AT_A_TIME }, (_, first) => one(first)));
}

/** Counts what arrives until it is all there. */
export class Arrivals {
  readonly #records: number;
  readonly #all = Promise.withResolvers<void>();
  #count = 0;
  #bytes = 0;

  constructor({ records }: Job) {
    this.#records = records;
  }

  add(count: number, bytes: number): void {
    this.#count += count;
    this.#bytes += bytes;
    if (this.#count >= this.#records) this.#all.resolve();
  }

  get complete(): boolean {
    return this.#count >= this.#records;
  }

  async all(): Promise<void> {
    await this.#all.promise;
    if (this.#bytes !== this.#count * RECORD_BYTES) throw new Error(`${this.#count} records of ${this.#bytes} bytes were read`);
  }
}
