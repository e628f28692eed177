import { type Driver, DriverError, type Producer } from '../../../src/kafka/driver.ts';
import { Recovery } from './recovery.ts';

/** How a transaction ended, as its producer was told. */
export type End = 'committed' | 'aborted' | 'unknown';

export const GROUP = 'of-transactions';
/** Records of a transaction in each partition. */
export const RECORDS = 3;

/** Writes one transaction after the other, each to all partitions and with an offset of a group; every fourth is aborted on purpose. */
export class TransactionalLoad {
  readonly recovery = new Recovery(1);
  /** By the number of the transaction. */
  readonly ends: End[] = [];
  /** Why transactions were not committed that were meant to be. */
  readonly failures: string[] = [];
  readonly #topic: string;
  readonly #partitions: number;
  readonly #driver: Driver;
  #producer: Producer;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();

  private constructor(driver: Driver, topic: string, partitions: number, producer: Producer) {
    this.#driver = driver;
    this.#topic = topic;
    this.#partitions = partitions;
    this.#producer = producer;
  }

  static async start(driver: Driver, topic: string, partitions: number): Promise<TransactionalLoad> {
    const load = new TransactionalLoad(driver, topic, partitions, await open(driver));
    load.#running = load.#run();
    return load;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
    await this.#producer.close();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const number = this.ends.length;
      const wanted = number % 4 === 3 ? 'aborted' : 'committed';
      const end = await this.#transact(number, wanted);
      this.ends.push(end);
      if (end === 'committed') this.recovery.alive(0);
    }
  }

  async #transact(number: number, wanted: End): Promise<End> {
    let committing = false;
    try {
      const transaction = await (this.#producer.begin?.() ?? Promise.reject(new Error('there are no transactions')));
      try {
        const sent = Array.from({ length: RECORDS }, (_, record) => transaction.send(this.#batches(number, record)));
        await Promise.all(sent);
        await transaction.sendOffsets({ groupId: GROUP }, new Map([[`${this.#topic}-0`, number + 1]]));
        if (wanted === 'aborted') throw new DriverError('abortable', 'on purpose');
        committing = true;
        await transaction.commit();
        return 'committed';
      } catch (error) {
        if (wanted !== 'aborted') this.failures.push(`transaction ${number}: ${String(error)}`);
        if (committing && !(error instanceof DriverError && error.kind === 'abortable')) return 'unknown';
        await transaction.abort();
        return 'aborted';
      }
    } catch (error) {
      this.failures.push(`transaction ${number}, its end: ${String(error)}`);
      if (error instanceof DriverError && (error.kind === 'fenced' || error.kind === 'fatal')) await this.#reopen();
      return 'aborted';
    }
  }

  #batches(number: number, record: number) {
    return Array.from({ length: this.#partitions }, (_, partition) => ({
      topic: this.#topic,
      partition,
      records: [{ key: null, value: `${number}:${record}` }],
    }));
  }

  async #reopen(): Promise<void> {
    await this.#producer.close({ timeoutMs: 0 });
    this.#producer = await open(this.#driver);
  }
}

const open = (driver: Driver): Promise<Producer> =>
  driver.producer({ transactionalId: 'chaos', lingerMs: 0, transactionTimeoutMs: 30_000 });
