import type { Consumer, ConsumerOptions, ConsumerSource, GroupIdentity, GroupOptions, InBatch, TopicPartition } from '../../driver.ts';
import { DriverError } from '../../driver.ts';
import { KafkaGroupMember } from '../group-member.ts';
import type { Link } from '../link.ts';
import { assignors } from './assignors.ts';
import { type AssignedConsumerOptions, KafkaConsumer } from './consumer.ts';
import { decodeAssignment, decodeSubscription, encodeAssignment, encodeSubscription } from './consumer-protocol.ts';

export type GroupSource = Required<Omit<Extract<ConsumerSource, { mode: 'group' }>, 'instanceId' | 'mode'>> & {
  readonly instanceId?: string;
  readonly heartbeatMs: number;
};

export interface GroupConsumerOptions extends Omit<AssignedConsumerOptions, 'partitions' | 'groupId' | 'identity'> {
  readonly source: GroupSource;
  /** Connections of the membership. */
  readonly memberLink: Link;
  readonly onAssigned: ConsumerOptions['onAssigned'] | undefined;
  readonly onRevoked: ConsumerOptions['onRevoked'] | undefined;
}

/** How soon topics that fit a pattern, and new partitions, are taken up. */
const LOOK_EVERY_MS = 30_000;

/**
 * Reads the partitions that its consumer group gives it.
 *
 * Every rebalance takes all partitions back first, after `onRevoked`: the moment to commit. Heartbeats do not depend on how the reader goes on.
 */
export class GroupConsumer implements Consumer {
  readonly #options: GroupConsumerOptions;
  readonly #consumer: KafkaConsumer;
  readonly #member: KafkaGroupMember;
  readonly #looking: NodeJS.Timeout;
  readonly #failed = new AbortController();
  #subscription: readonly string[] = [];
  /** Partition counts of what the group reads, as this member divided them last. */
  #divided = new Map<string, number>();

  private constructor(options: GroupConsumerOptions, subscription: readonly string[]) {
    this.#options = options;
    this.#subscription = subscription;
    const { groupId } = options.source;
    this.#consumer = new KafkaConsumer({ ...options, partitions: [], groupId, identity: () => this.#member.identity });
    this.#member = new KafkaGroupMember(options.memberLink, this.#membership());
    this.#looking = setInterval(() => void this.#look().catch(() => {}), LOOK_EVERY_MS).unref();
  }

  /** Resolves when it has become a member. */
  static async open(options: GroupConsumerOptions): Promise<GroupConsumer> {
    const consumer = new GroupConsumer(options, await subscriptionOf(options));
    try {
      await consumer.#member.joined;
    } catch (error) {
      await consumer.close();
      throw error;
    }
    return consumer;
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
    const { generation, memberId } = this.#member;
    return { groupId: this.#options.source.groupId, generation, memberId };
  }

  async close(): Promise<void> {
    clearInterval(this.#looking);
    await this.#member.leave();
    await this.#consumer.close();
  }

  #membership(): GroupOptions {
    const { groupId, sessionMs, rebalanceMs, heartbeatMs, instanceId } = this.#options.source;
    return {
      groupId,
      sessionMs,
      rebalanceMs,
      heartbeatMs,
      ...(instanceId === undefined ? {} : { instanceId }),
      protocolType: 'consumer',
      protocols: () => Object.keys(assignors).map((name) => ({ name, metadata: encodeSubscription(this.#subscription) })),
      assign: (protocol, members) => this.#divide(protocol, members),
      onAssigned: async ({ assignment }) => {
        const partitions = decodeAssignment(assignment);
        this.#consumer.assign(partitions);
        await this.#options.onAssigned?.(partitions);
      },
      onRevoked: async (why) => {
        const partitions = this.#consumer.assignment();
        if (why === 'lost') this.#consumer.assign([]);
        await this.#options.onRevoked?.(partitions, why);
        this.#consumer.assign([]);
      },
      onFailed: (error) => this.#failed.abort(error),
    };
  }

  async #divide(protocol: string, members: Parameters<GroupOptions['assign']>[1]): Promise<ReadonlyMap<string, Uint8Array>> {
    const assign = assignors[protocol];
    if (assign === undefined) throw new DriverError('fatal', `The group chose ${protocol}, which was not offered.`);
    const subscribers = members.map(({ metadata, ...member }) => ({ ...member, topics: decodeSubscription(metadata) }));
    this.#divided = await this.#count(new Set(subscribers.flatMap(({ topics }) => topics)));
    return new Map(Array.from(assign(subscribers, this.#divided), ([member, partitions]) => [member, encodeAssignment(partitions)]));
  }

  /** Topics that are missing are left out until they are there. */
  async #count(topics: ReadonlySet<string>): Promise<Map<string, number>> {
    const { topics: found } = await this.#options.link.metadata.ask([...topics]);
    return new Map(found.filter(({ errorCode }) => errorCode === 0).map(({ topic, partitions }) => [topic, partitions.length]));
  }

  /** Joins again when there are topics or partitions that the group has not divided yet. */
  async #look(): Promise<void> {
    const subscription = await subscriptionOf(this.#options);
    const changed = subscription.join() !== this.#subscription.join();
    this.#subscription = subscription;
    const grown = [...(await this.#count(new Set(subscription)))].some(([topic, count]) => count !== (this.#divided.get(topic) ?? count));
    if (changed || grown) this.#member.requestRejoin('topics have changed');
  }
}

async function subscriptionOf({ source, link }: GroupConsumerOptions): Promise<readonly string[]> {
  const { topics } = source;
  if (!(topics instanceof RegExp)) return topics;
  const { topics: all } = await link.metadata.ask(null);
  return all.flatMap(({ topic, internal }) => (!internal && topics.test(topic) ? [topic] : [])).sort();
}
