import { type Appended, DriverError, type OutBatch, type Producer, type ProducerOptions, type Transaction } from '../driver.ts';
import { Accumulator } from './accumulator.ts';
import { closedError } from './closed-error.ts';
import { brokerError } from './error-codes.ts';
import type { Cluster } from './internals.ts';
import type { MetadataCache } from './metadata.ts';
import { PartitionQueue } from './partition-queue.ts';
import { ProducerSender } from './producer-sender.ts';
import { Receipt } from './receipt.ts';
import { initProducerId, NO_IDENTITY, type ProducerIdentity } from './requests/init-producer-id.ts';
import { driverError, sendRequest } from './send-request.ts';
import { type ConnectionSettings, producerSettings } from './settings.ts';
import { OpenTransaction } from './transaction.ts';
import { TransactionManager } from './transaction-manager.ts';

export interface ProducerContext {
  readonly cluster: Cluster;
  readonly metadata: MetadataCache;
  readonly settings: ConnectionSettings;
}

export interface KafkaProducerOptions extends ProducerOptions {
  /** Default: 120 000. */
  readonly deliveryTimeoutMs?: number;
}

const EXPIRE_EVERY_MS = 500;
/** As Connect closes its producers: a batch may be tried for ever, and whoever closes waits no longer than this. */
const CLOSE_MS = 30_000;
/** A broker knows the last five batches of a producer again, no more. */
const IDEMPOTENT_IN_FLIGHT = 5;
const DEFAULTS = producerSettings({});
const NO_ANSWER = { ...NO_IDENTITY, errorCode: 13 };

/**
 * Writes to a real broker.
 *
 * Records are encoded when they are sent, gathered by partition, and written in order. Idempotent unless `idempotent` is false or
 * `acks` is not all.
 */
export class KafkaProducer implements Producer {
  readonly #context: ProducerContext;
  readonly #accumulator: Accumulator;
  readonly #sender: ProducerSender;
  readonly #transactions: TransactionManager | undefined;
  readonly #deliveryTimeoutMs: number;
  #identity: Promise<ProducerIdentity> | undefined;
  #broken: DriverError | undefined;
  #unanswered = 0;
  #idle: (() => void)[] = [];
  #expiry: NodeJS.Timeout | undefined;

  constructor(context: ProducerContext, options: KafkaProducerOptions = {}) {
    const {
      acks = 'all',
      compression = 'none',
      transactionalId,
      idempotent = acks === 'all',
      maxInFlight = DEFAULTS['max.in.flight.requests.per.connection'],
    } = options;
    if (acks !== 'all' && (idempotent || transactionalId !== undefined))
      throw new DriverError(
        'invalid',
        `An idempotent or transactional producer needs acks all, and acks is ${acks}. Set acks=all or enable.idempotence=false.`,
      );
    const transactional = transactionalId !== undefined;
    const { maxRequestBytes = DEFAULTS['max.request.size'], transactionTimeoutMs = DEFAULTS['transaction.timeout.ms'] } = options;
    this.#context = context;
    this.#deliveryTimeoutMs = options.deliveryTimeoutMs ?? DEFAULTS['delivery.timeout.ms'];
    this.#transactions = transactional ? new TransactionManager({ ...context, transactionalId, transactionTimeoutMs }) : undefined;
    const perPartition = {
      idempotent: idempotent || transactional,
      maxInFlight: Math.min(maxInFlight, IDEMPOTENT_IN_FLIGHT),
      limitMs: context.settings.metadataMaxAgeMs,
    };
    this.#accumulator = new Accumulator(
      {
        compression,
        transactional,
        idempotent: idempotent || transactional,
        maxRequestBytes,
        lingerMs: options.lingerMs ?? DEFAULTS['linger.ms'],
        batchBytes: options.batchBytes ?? DEFAULTS['batch.size'],
        maxBufferedBytes: options.maxBufferedBytes ?? DEFAULTS['buffer.memory'],
        deliveryTimeoutMs: this.#deliveryTimeoutMs,
      },
      (tp) => new PartitionQueue(tp, perPartition),
      (queue) => this.#sender.pump([queue]),
    );
    this.#sender = new ProducerSender({
      metadata: context.metadata,
      acks: acks === 'all' ? -1 : acks,
      compression,
      transactionalId: transactionalId ?? null,
      requestTimeoutMs: context.settings.requestTimeoutMs,
      maxRequestBytes,
      maxInFlight,
      backoff: context.settings.retryBackoff,
      identity: ({ fresh }) => this.#identify(fresh),
      ...(this.#transactions === undefined ? {} : { admits: (queue: PartitionQueue) => this.#admits(queue) }),
      left: (batch, unused) => this.#accumulator.release(batch, unused),
      made: (batch) => this.#accumulator.hold(batch.bytes.length),
      broken: (error) => this.#break(error),
    });
  }

  get bufferedBytes(): number {
    return this.#accumulator.bufferedBytes;
  }

  async partitions(topic: string): Promise<number> {
    this.#check();
    return (await this.#context.metadata.topic(topic)).partitions.length;
  }

  async send(batches: readonly OutBatch[]): Promise<readonly Appended[]> {
    if (this.#transactions !== undefined)
      throw new DriverError('invalid', 'A transactional producer sends inside transactions. Use begin().');
    return this.append(batches);
  }

  /** `send`, whether in a transaction or not. */
  async append(batches: readonly OutBatch[]): Promise<readonly Appended[]> {
    this.#check();
    const all = Promise.withResolvers<void>();
    let open = batches.length;
    if (open === 0) return [];
    this.#unanswered++;
    this.#expiry ??= setTimeout(() => this.#expire(), EXPIRE_EVERY_MS);
    const receipts = batches.map((batch) => {
      const receipt = new Receipt(batch, () => {
        if (--open === 0) all.resolve();
      });
      try {
        this.#accumulator.append(batch, receipt);
      } catch (error) {
        receipt.refuse(driverError(error, 'Encoding a batch'), 0, batch.records.length);
      }
      return receipt;
    });
    for (const receipt of receipts) receipt.close();
    await all.promise;
    this.#unanswered--;
    if (this.#unanswered === 0) for (const resolve of this.#idle.splice(0)) resolve();
    return receipts.map(({ answer }) => answer);
  }

  ready(): Promise<void> {
    return this.#accumulator.ready();
  }

  flush(): Promise<void> {
    this.#accumulator.sealAll();
    if (this.#unanswered === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  async initTransactions(): Promise<{ readonly producerId: bigint; readonly epoch: number }> {
    this.#check();
    const { id: producerId, epoch } = await this.#initialise(this.#demandTransactions());
    return { producerId, epoch };
  }

  async begin(): Promise<Transaction> {
    this.#check();
    const transactions = this.#demandTransactions();
    if (transactions.state === 'new' || transactions.state === 'unclear') await this.#initialise(transactions);
    transactions.begin();
    return new OpenTransaction(this, transactions);
  }

  /** Refuses what has not been sent. */
  drop(error: DriverError): void {
    this.#accumulator.sealAll();
    for (const queue of this.#accumulator.queues) this.#sender.forget(queue.drop(error));
  }

  /**
   * Refuses what is not written within the time-out; default: `deliveryTimeoutMs`, and 30,000 at most. 0: nothing more is sent.
   *
   * What was on its way may be written all the same.
   */
  async close({ timeoutMs = Math.min(this.#deliveryTimeoutMs, CLOSE_MS) }: { readonly timeoutMs?: number } = {}): Promise<void> {
    const closed = closedError('producer');
    this.#broken ??= closed;
    if (timeoutMs > 0) await this.#flushWithin(timeoutMs);
    this.drop(closed);
    for (const queue of this.#accumulator.queues) queue.expire(Number.POSITIVE_INFINITY, () => closed);
  }

  async #flushWithin(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([this.flush(), late]);
    clearTimeout(timer);
  }

  async #initialise(transactions: TransactionManager): Promise<ProducerIdentity> {
    try {
      const identity = await transactions.initialise();
      for (const queue of this.#accumulator.queues) queue.start(identity);
      return identity;
    } catch (error) {
      const failed = driverError(error, 'Initialising transactions');
      if (failed.kind === 'fenced') this.#break(failed);
      throw failed;
    }
  }

  #demandTransactions(): TransactionManager {
    if (this.#transactions !== undefined) return this.#transactions;
    throw new DriverError('invalid', 'The producer has no transactional.id. Set one to use transactions.');
  }

  #admits(queue: PartitionQueue): boolean {
    const admitted = this.#transactions?.admits(queue, (error) => {
      if (error?.kind === 'fenced') this.#break(error);
      else if (error !== undefined) this.drop(error);
      this.#sender.pump(this.#accumulator.queues);
    });
    return admitted ?? true;
  }

  async #identify(fresh: boolean): Promise<ProducerIdentity> {
    if (this.#transactions !== undefined) return this.#transactions.identity;
    if (fresh) this.#identity = undefined;
    this.#identity ??= this.#newIdentity();
    try {
      return await this.#identity;
    } catch (error) {
      this.#identity = undefined;
      throw error;
    }
  }

  async #newIdentity(): Promise<ProducerIdentity> {
    const { cluster, settings } = this.#context;
    const broker = await cluster.brokerPool.findConnectedBroker();
    const request = { transactionalId: null, transactionTimeoutMs: settings.requestTimeoutMs, current: NO_IDENTITY };
    const { errorCode = 0, ...identity } = (await sendRequest(broker, initProducerId, request, settings.requestTimeoutMs)) ?? NO_ANSWER;
    const error = brokerError(errorCode, 'a producer id');
    if (error !== undefined) throw error;
    return identity;
  }

  #check(): void {
    if (this.#broken !== undefined) throw this.#broken;
  }

  #break(error: DriverError): void {
    this.#broken ??= error;
    this.#transactions?.fence(error);
    this.drop(error);
  }

  #expire(): void {
    const now = performance.now();
    const overdue = new DriverError(
      'retriable',
      `A batch was not written within delivery.timeout.ms of ${this.#deliveryTimeoutMs}; whether it was is unknown.`,
      { code: 7 },
    );
    for (const queue of this.#accumulator.queues) this.#sender.forget(queue.expire(now, () => overdue));
    this.#expiry = this.#unanswered > 0 ? setTimeout(() => this.#expire(), EXPIRE_EVERY_MS) : undefined;
  }
}
