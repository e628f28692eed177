import type { Consumer, ConsumerOptions, GroupIdentity, InBatch, Position, TopicPartition } from '../../driver.ts';
import { DriverError, partitionKey } from '../../driver.ts';
import type { Link } from '../link.ts';
import { type AssignedConsumerOptions, KafkaConsumer } from './consumer.ts';
import { GroupSubscription, type GroupSubscriptionOptions } from './group-subscription.ts';

const UNKNOWN_MEMBER_ID = 25;

type Source = Omit<GroupSubscriptionOptions, 'link' | 'memberLink' | 'onAssigned' | 'onRevoked' | 'onFailed'>;

export interface GroupConsumerOptions extends Omit<AssignedConsumerOptions, 'partitions' | 'groupId' | 'identity'> {
  readonly source: Source;
  /** Opens connections for a membership. */
  readonly memberLink: () => Promise<Link>;
  readonly onAssigned: ConsumerOptions['onAssigned'] | undefined;
  readonly onRevoked: ConsumerOptions['onRevoked'] | undefined;
}

/**
 * Reads the partitions that its consumer group gives it.
 *
 * A rebalance takes partitions back after `onRevoked`, the moment to commit: all, or those alone that another member gets, as the group's strategy
 * says. Heartbeats do not depend on how the reader goes on;
 * but when nobody has asked for more for as long as a rebalance may take (`max.poll.interval.ms`), it leaves, so that others read its partitions,
 * and joins again with the next call of `next`.
 */
export class GroupConsumer implements Consumer {
  readonly #options: GroupConsumerOptions;
  readonly #consumer: KafkaConsumer;
  readonly #failed = new AbortController();
  #subscription: GroupSubscription | undefined;
  #joining: Promise<void> | undefined;
  #leaving: Promise<void> = Promise.resolve();
  #waiting = 0;
  /** Assignments so far. */
  #assignments = 0;
  #idle: NodeJS.Timeout | undefined;
  #closed = false;

  /** Resolves when it has become a member; rejects when it cannot, and is closed then. */
  readonly opened: Promise<void>;

  /** Begins to join. */
  constructor(options: GroupConsumerOptions) {
    this.#options = options;
    this.#consumer = new KafkaConsumer({
      ...options,
      partitions: [],
      groupId: options.source.groupId,
      identity: () => this.#member.identity,
    });
    this.opened = this.#open();
    this.opened.catch(() => {});
  }

  async #open(): Promise<void> {
    try {
      await this.#join();
    } catch (error) {
      await this.close();
      throw error;
    }
    this.#watch();
  }

  get #member(): GroupSubscription {
    if (this.#subscription !== undefined) return this.#subscription;
    const { groupId, rebalanceMs } = this.#options.source;
    const left = `is no member of group ${groupId}: it leaves when nothing is asked of it for max.poll.interval.ms of ${rebalanceMs}`;
    throw new DriverError('rebalance', `The consumer ${left}. Read on to join again.`, { code: UNKNOWN_MEMBER_ID });
  }

  async next(signal?: AbortSignal): Promise<InBatch> {
    this.#failed.signal.throwIfAborted();
    this.#waiting++;
    clearTimeout(this.#idle);
    try {
      if (this.#subscription === undefined && !this.#closed) await unlessAborted(this.#join(), signal);
      return await this.#consumer.next(signal === undefined ? this.#failed.signal : AbortSignal.any([signal, this.#failed.signal]));
    } finally {
      if (--this.#waiting === 0) this.#watch();
    }
  }

  assign(): void {
    throw new DriverError('invalid', 'The group assigns the partitions of this consumer. Open it in mode assign.', { code: 42 });
  }

  pause(partitions: readonly TopicPartition[]): void {
    this.#consumer.pause(partitions);
  }

  resume(partitions: readonly TopicPartition[]): void {
    this.#consumer.resume(partitions);
  }

  seek(partition: TopicPartition, to: number | Position | 'earliest' | 'latest'): void {
    this.#consumer.seek(partition, to);
  }

  position(partition: TopicPartition): number | undefined {
    return this.#consumer.position(partition);
  }

  assignment(): readonly TopicPartition[] {
    return this.#consumer.assignment();
  }

  commit(offsets: Parameters<Consumer['commit']>[0]): Promise<void> {
    return this.#consumer.commit(offsets);
  }

  committed(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, Position>> {
    return this.#consumer.committed(partitions);
  }

  groupIdentity(): GroupIdentity {
    const { generation, memberId } = this.#member.identity;
    return { groupId: this.#options.source.groupId, generation, memberId };
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    // A join that waits for others, or for a broker, is ended, not waited for.
    await this.#subscription?.leave();
    await this.#joining?.catch(() => {});
    await this.#leaving;
    await this.#consumer.close();
  }

  #join(): Promise<void> {
    this.#joining ??= this.#leaving
      .then(() => this.#subscribe())
      .finally(() => {
        this.#joining = undefined;
      });
    return this.#joining;
  }

  async #subscribe(): Promise<void> {
    const { memberLink, source } = this.#options;
    const subscription = await GroupSubscription.open({ ...source, ...this.#membership(), memberLink });
    this.#subscription = subscription;
    if (this.#closed) return subscription.leave();
    await subscription.joined;
  }

  /** Nobody waits for a batch from now on. */
  #watch(): void {
    clearTimeout(this.#idle);
    if (!this.#closed) this.#idle = setTimeout(() => this.#giveUp(), this.#options.source.rebalanceMs).unref();
  }

  #giveUp(): void {
    const subscription = this.#subscription;
    if (subscription === undefined) return;
    this.#subscription = undefined;
    const partitions = this.#consumer.assignment();
    this.#consumer.assign([]);
    this.#leaving = subscription
      .leave()
      .then(() => this.#options.onRevoked?.(partitions, 'lost'))
      .catch(() => {});
  }

  #membership() {
    const { link, onAssigned, onRevoked } = this.#options;
    return {
      link,
      onAssigned: async (partitions: readonly TopicPartition[]) => {
        this.#assignments++;
        this.#consumer.assign(partitions);
        await onAssigned?.(partitions);
      },
      onRevoked: async (partitions: readonly TopicPartition[], why: 'rebalance' | 'lost') => {
        const gone = new Set(partitions.map(partitionKey));
        const kept = this.#consumer.assignment().filter((partition) => !gone.has(partitionKey(partition)));
        if (why === 'lost') this.#consumer.assign(kept);
        const before = this.#assignments;
        await onRevoked?.(partitions, why);
        // A group does not wait for ever: what it assigned meanwhile stays.
        if (this.#assignments === before) this.#consumer.assign(kept);
      },
      onFailed: (error: DriverError) => this.#failed.abort(error),
    };
  }
}

/** What was begun goes on, whoever waits for it. */
function unlessAborted(begun: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return begun;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    begun.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
