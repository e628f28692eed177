import {
  DriverError,
  type GroupOptions,
  type Position,
  type Subscription,
  type SubscriptionOptions,
  type TopicPartition,
} from '../../driver.ts';
import { KafkaGroupMember } from '../group-member.ts';
import { commitOffsets, fetchOffsets } from '../group-offsets.ts';
import type { Link } from '../link.ts';
import type { MemberIdentity } from '../requests/group-offsets.ts';
import type { TopicMetadata } from '../requests/metadata.ts';
import { decodeAssignment, decodeSubscription, encodeAssignment, encodeSubscription } from './consumer-protocol.ts';
import { type GroupEvent, handOver } from './hand-over.ts';
import { assignorOf, isCooperative, type StrategyName } from './strategies.ts';

export interface GroupSubscriptionOptions extends Required<Omit<SubscriptionOptions, 'instanceId' | 'onFailed'>> {
  readonly instanceId?: string;
  readonly heartbeatMs: number;
  /** Offered to the group, the preferred one first. */
  readonly strategies: readonly StrategyName[];
  onFailed?(error: DriverError): void;
  /** Opens the connections of the membership: a join occupies one until all members have joined. */
  readonly memberLink: () => Promise<Link>;
  /** Connections for everything else. */
  readonly link: Link;
}

const UNKNOWN_TOPIC = 3;
const ILLEGAL_GENERATION = 22;
const REBALANCE_IN_PROGRESS = 27;
/** How soon topics that fit a pattern, and new partitions, are taken up: sooner when topics are younger for a client. */
const LOOK_EVERY_MS = 30_000;
/** The same while a topic is missing: soon after it was missed first, then more seldom than a client of Java's, which asks every second. */
const LOOK_FOR_MISSING_MS = { first: 500, most: 5_000 };

/**
 * Membership of a consumer group by topics: divides their partitions where it leads the group, and is told its own.
 *
 * Topics that are missing are taken up when they are there, as are new partitions; those that are deleted are divided no more.
 */
export class GroupSubscription implements Subscription {
  readonly #options: GroupSubscriptionOptions;
  readonly #member: KafkaGroupMember;
  #topics: readonly string[];
  /** What all members read and the partition counts as this member divided them, while it leads the group. */
  #divided: { readonly topics: ReadonlySet<string>; readonly counts: ReadonlyMap<string, number> } | undefined;
  #owned: readonly TopicPartition[] = [];
  /** Of which it owns them. */
  #generation = -1;
  /** Changes of what it owns so far. */
  #changes = 0;
  /** Commits so far. */
  #commits = 0;
  #looking: NodeJS.Timeout | undefined;
  #left = false;

  private constructor(options: GroupSubscriptionOptions, topics: readonly string[], memberLink: Link) {
    this.#options = options;
    this.#topics = topics;
    this.#member = new KafkaGroupMember(memberLink, this.#membership());
    this.#lookAfter(LOOK_FOR_MISSING_MS.first);
  }

  /** Begins to join. */
  static async open(options: GroupSubscriptionOptions): Promise<GroupSubscription> {
    return new GroupSubscription(options, await topicsOf(options), await options.memberLink());
  }

  /** Resolves when it has become a member for the first time; rejects when it cannot. */
  get joined(): Promise<void> {
    return this.#member.joined;
  }

  get identity(): MemberIdentity {
    return this.#member.identity;
  }

  /** Of partitions that it keeps through a rebalance also while the group begins the next generation: as a member of that one. */
  async commit(offsets: Parameters<Subscription['commit']>[0]): Promise<void> {
    const number = ++this.#commits;
    for (;;) {
      const { generation } = this.identity;
      try {
        return await commitOffsets(this.#options.link, this.identity, offsets);
      } catch (error) {
        const early = error instanceof DriverError && (error.code === REBALANCE_IN_PROGRESS || error.code === ILLEGAL_GENERATION);
        if (!early || !this.#cooperative || !(await this.#member.after(generation)) || number !== this.#commits) throw error;
      }
    }
  }

  committed(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, Position>> {
    return fetchOffsets(this.#options.link, { groupId: this.#options.groupId, partitions, stable: true });
  }

  async leave(): Promise<void> {
    this.#left = true;
    clearTimeout(this.#looking);
    await this.#member.leave();
  }

  #membership(): GroupOptions {
    const { groupId, sessionMs, rebalanceMs, heartbeatMs, instanceId, strategies, onFailed } = this.#options;
    return {
      groupId,
      sessionMs,
      rebalanceMs,
      heartbeatMs,
      ...(instanceId === undefined ? {} : { instanceId }),
      protocolType: 'consumer',
      protocols: () => {
        const metadata = encodeSubscription({ topics: this.#topics, owned: this.#owned, generation: this.#generation });
        return strategies.map((name) => ({ name, metadata }));
      },
      assign: (protocol, members) => this.#divide(protocol, members),
      onAssigned: async ({ assignment, isLeader, generation }) => {
        if (!isLeader) this.#divided = undefined;
        this.#generation = generation;
        await this.#handOver({ kind: 'assigned', partitions: decodeAssignment(assignment) });
      },
      onRevoked: async (why) => {
        if (why === 'lost') this.#generation = -1;
        await this.#handOver({ kind: why });
      },
      ...(onFailed === undefined ? {} : { onFailed }),
    };
  }

  get #cooperative(): boolean {
    return isCooperative(this.#options.strategies);
  }

  /** The group does not wait for ever: what is given back too late ends nothing that was assigned since. */
  async #handOver(event: GroupEvent): Promise<void> {
    const { revoked, kept, owned, rejoins } = handOver({ cooperative: this.#cooperative, owned: this.#owned }, event);
    const change = ++this.#changes;
    this.#owned = kept;
    if (revoked.length > 0) await this.#options.onRevoked(revoked, event.kind === 'lost' ? 'lost' : 'rebalance');
    if (change !== this.#changes || event.kind !== 'assigned') return;
    this.#owned = owned;
    await this.#options.onAssigned(owned);
    if (rejoins) this.#member.requestRejoin('it has given partitions back');
  }

  async #divide(protocol: string, members: Parameters<GroupOptions['assign']>[1]): Promise<ReadonlyMap<string, Uint8Array>> {
    const assign = assignorOf(protocol);
    if (assign === undefined) throw new DriverError('fatal', `The group chose ${protocol}, which was not offered.`);
    const subscribers = members.map(({ metadata, ...member }) => ({ ...member, ...decodeSubscription(metadata) }));
    const topics = new Set(subscribers.flatMap((subscriber) => subscriber.topics));
    const counts = countsOf(await this.#describe(topics));
    this.#divided = { topics, counts };
    return new Map(Array.from(assign(subscribers, counts), ([member, partitions]) => [member, encodeAssignment(partitions)]));
  }

  async #describe(topics: ReadonlySet<string>): Promise<readonly TopicMetadata[]> {
    return (await this.#options.link.metadata.ask([...topics])).topics;
  }

  /** @param missedMs how long to wait if something is missing then */
  #lookAfter(ms: number, missedMs = LOOK_FOR_MISSING_MS.first): void {
    if (this.#left) return;
    const missed = () => this.#lookAfter(Math.min(missedMs, this.#lookMs), Math.min(missedMs * 2, LOOK_FOR_MISSING_MS.most));
    this.#looking = setTimeout(() => {
      this.#look().then((complete) => (complete ? this.#lookAfter(this.#lookMs) : missed()), missed);
    }, ms).unref();
  }

  get #lookMs(): number {
    return Math.min(LOOK_EVERY_MS, this.#options.link.settings.metadataMaxAgeMs);
  }

  /** Joins again when there are topics or partitions that the group has not divided yet, or others no more. Answers whether no topic is missing. */
  async #look(): Promise<boolean> {
    const topics = await topicsOf(this.#options);
    const changed = topics.join() !== this.#topics.join();
    this.#topics = topics;
    const divided = this.#divided;
    const asked = divided?.topics ?? new Set(topics);
    if (asked.size === 0) return topics.length > 0;
    const found = await this.#describe(asked);
    const counts = countsOf(found);
    const grown = divided !== undefined && [...counts].some(([topic, count]) => count !== (divided.counts.get(topic) ?? 0));
    const gone = found.some(({ topic, errorCode }) => errorCode === UNKNOWN_TOPIC && divided?.counts.has(topic) === true);
    if (changed || grown || gone) this.#member.requestRejoin('topics have changed');
    return counts.size === asked.size;
  }
}

/** Partitions by topic. Topics that are missing are left out until they are there. */
const countsOf = (topics: readonly TopicMetadata[]): ReadonlyMap<string, number> =>
  new Map(topics.filter(({ errorCode }) => errorCode === 0).map(({ topic, partitions }) => [topic, partitions.length]));

async function topicsOf({ topics, link }: Pick<GroupSubscriptionOptions, 'topics' | 'link'>): Promise<readonly string[]> {
  if (!('test' in topics)) return topics;
  const { topics: all } = await link.metadata.ask(null);
  return all.flatMap(({ topic, internal }) => (!internal && topics.test(topic) ? [topic] : [])).sort();
}
