import type { Consumer, ConsumerOptions, GroupIdentity, InBatch, TopicPartition } from '../../driver.ts';
import { DriverError } from '../../driver.ts';
import type { Link } from '../link.ts';
import { type AssignedConsumerOptions, KafkaConsumer } from './consumer.ts';
import { GroupSubscription, type GroupSubscriptionOptions } from './group-subscription.ts';

type Source = Omit<GroupSubscriptionOptions, 'link' | 'memberLink' | 'onAssigned' | 'onRevoked' | 'onFailed'>;

export interface GroupConsumerOptions extends Omit<AssignedConsumerOptions, 'partitions' | 'groupId' | 'identity'> {
  readonly source: Source;
  /** Connections of the membership. */
  readonly memberLink: Link;
  readonly onAssigned: ConsumerOptions['onAssigned'] | undefined;
  readonly onRevoked: ConsumerOptions['onRevoked'] | undefined;
}

/**
 * Reads the partitions that its consumer group gives it.
 *
 * Every rebalance takes all partitions back first, after `onRevoked`: the moment to commit. Heartbeats do not depend on how the reader goes on.
 */
export class GroupConsumer implements Consumer {
  readonly #options: GroupConsumerOptions;
  readonly #consumer: KafkaConsumer;
  readonly #failed = new AbortController();
  #subscription: GroupSubscription | undefined;

  private constructor(options: GroupConsumerOptions) {
    this.#options = options;
    this.#consumer = new KafkaConsumer({
      ...options,
      partitions: [],
      groupId: options.source.groupId,
      identity: () => this.#member.identity,
    });
  }

  /** Resolves when it has become a member. */
  static async open(options: GroupConsumerOptions): Promise<GroupConsumer> {
    const consumer = new GroupConsumer(options);
    try {
      consumer.#subscription = await GroupSubscription.open({ ...options.source, ...consumer.#membership() });
      await consumer.#subscription.joined;
    } catch (error) {
      await consumer.close();
      throw error;
    }
    return consumer;
  }

  get #member(): GroupSubscription {
    if (this.#subscription === undefined) throw new DriverError('retriable', 'The consumer has not joined its group yet.');
    return this.#subscription;
  }

  async next(signal?: AbortSignal): Promise<InBatch> {
    this.#failed.signal.throwIfAborted();
    return this.#consumer.next(signal === undefined ? this.#failed.signal : AbortSignal.any([signal, this.#failed.signal]));
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

  seek(partition: TopicPartition, offset: number | 'earliest' | 'latest'): void {
    this.#consumer.seek(partition, offset);
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

  committed(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, number>> {
    return this.#consumer.committed(partitions);
  }

  groupIdentity(): GroupIdentity {
    const { generation, memberId } = this.#member.identity;
    return { groupId: this.#options.source.groupId, generation, memberId };
  }

  async close(): Promise<void> {
    if (this.#subscription !== undefined) await this.#subscription.leave();
    else await this.#options.memberLink.close();
    await this.#consumer.close();
  }

  #membership() {
    const { link, memberLink, onAssigned, onRevoked } = this.#options;
    return {
      link,
      memberLink,
      onAssigned: async (partitions: readonly TopicPartition[]) => {
        this.#consumer.assign(partitions);
        await onAssigned?.(partitions);
      },
      onRevoked: async (why: 'rebalance' | 'lost') => {
        const partitions = this.#consumer.assignment();
        if (why === 'lost') this.#consumer.assign([]);
        await onRevoked?.(partitions, why);
        this.#consumer.assign([]);
      },
      onFailed: (error: DriverError) => this.#failed.abort(error),
    };
  }
}
