import { type Appended, DriverError, type GroupIdentity, type OutBatch, type Transaction } from '../driver.ts';
import type { KafkaProducer } from './producer.ts';
import type { TransactionManager } from './transaction-manager.ts';

/** One transaction. When a part of it fails it can only be aborted; the next one is not affected. */
export class OpenTransaction implements Transaction {
  readonly #producer: KafkaProducer;
  readonly #transactions: TransactionManager;
  readonly #sending = new Set<Promise<void>>();
  #failed: DriverError | undefined;
  /** A handle that is over must not end the transaction after it. */
  #over = false;

  constructor(producer: KafkaProducer, transactions: TransactionManager) {
    this.#producer = producer;
    this.#transactions = transactions;
  }

  async send(batches: readonly OutBatch[]): Promise<readonly Appended[]> {
    this.#check();
    const answers = this.#producer.append(batches);
    const judged = answers.then((all) => {
      for (const { error } of all) if (error !== undefined) this.#failed ??= error;
      this.#sending.delete(judged);
    });
    this.#sending.add(judged);
    await judged;
    return answers;
  }

  async sendOffsets(group: GroupIdentity, offsets: ReadonlyMap<string, number>): Promise<void> {
    this.#check();
    try {
      await this.#transactions.sendOffsets(group, offsets);
    } catch (error) {
      this.#failed ??= error instanceof DriverError ? error : new DriverError('abortable', String(error), { cause: error });
      throw error;
    }
  }

  /** Rejects with `abortable` when a part has failed; then abort. Other rejections leave open whether it was committed. */
  async commit(): Promise<void> {
    this.#check();
    await this.#sent();
    this.#check();
    if (this.#failed !== undefined)
      throw new DriverError('abortable', `The transaction cannot be committed, since a part of it failed: ${this.#failed.message}`, {
        cause: this.#failed,
      });
    this.#over = true;
    await this.#transactions.end(true);
  }

  /** A transaction that is over already, its end unknown, is left to the next begin. */
  async abort(): Promise<void> {
    if (this.#over && this.#transactions.state === 'unclear') return;
    this.#check();
    this.#over = true;
    this.#producer.drop(new DriverError('abortable', 'The transaction was aborted before the batch was sent.'));
    await this.#sent();
    await this.#transactions.end(false);
    if (this.#failed !== undefined) this.#transactions.doubt();
  }

  async #sent(): Promise<void> {
    await this.#producer.flush();
    await Promise.allSettled(this.#sending);
  }

  #check(): void {
    if (this.#failed?.kind === 'fenced') throw this.#failed;
    if (this.#over || this.#transactions.state !== 'open') throw new DriverError('invalid', 'The transaction is over. Begin another one.');
  }
}
