import { workerErrors } from '../errors/worker.ts';
import { type Driver, type DriverError, type Position, partitionKey, type Subscription, type TopicPartition } from '../kafka/driver.ts';
import type { TopicPattern } from '../kafka/topic-pattern.ts';
import type { CommittedOffset } from '../sdk/source.ts';
import type { Assignment, OffsetAnswer, OffsetQuestion } from './messages.ts';
import { patiently } from './patiently.ts';
import { nextToRead, sinkOffset, sinkPartition, topicPartition } from './sink-partition.ts';

/** A consumer group, and what its members read. */
export interface Group {
  readonly groupId: string;
  readonly topics: readonly string[] | TopicPattern;
}

export interface TaskMembershipOptions {
  readonly group: Group;
  /** Closed with the membership. */
  readonly driver: Promise<{ readonly driver: Driver; close(): Promise<void> }>;
  /** How long letting go of partitions may take. */
  readonly handOverMs: number;
  assign(assignment: Assignment): void;
  failed(error: unknown): void;
}

/**
 * The membership of one sink task in its consumer group: joins, heartbeats and commits, while the task fetches elsewhere.
 *
 * Partitions that are taken away go when the task says that it has let go, which it does after its commit; the task goes on with the others.
 * Commits are made for what is assigned only.
 */
export class TaskMembership {
  readonly #options: TaskMembershipOptions;
  #subscription: Promise<Subscription>;
  /** By `partitionKey`: what may be committed. */
  #assigned: ReadonlyMap<string, TopicPartition> = new Map();
  #number = 0;
  #waiting: { readonly number: number; readonly done: () => void } | undefined;
  /** It is no member while the task stands still. */
  #away: Promise<void> | undefined;
  #left: Promise<void> | undefined;

  constructor(options: TaskMembershipOptions) {
    this.#options = options;
    this.#subscription = this.#join();
  }

  /** The task has let go of what this assignment does not name. */
  holding(number: number): void {
    if (this.#waiting !== undefined && number >= this.#waiting.number) this.#waiting.done();
  }

  async answer(question: OffsetQuestion): Promise<OffsetAnswer> {
    if (question.kind === 'load-state') return { kind: 'state', state: {} };
    const subscription = await this.#subscription;
    if (question.kind === 'load') {
      const asked = question.partitions.map(topicPartition);
      const positions = await patiently(
        () => subscription.committed(asked),
        () => this.#left === undefined,
      );
      const found = asked.map((partition) => positions.get(partitionKey(partition)));
      return { kind: 'loaded', offsets: found.map((position) => (position === undefined ? null : sinkOffset(position))) };
    }
    const nodes = Object.keys(question.state ?? {});
    if (nodes.length > 0) throw workerErrors.STATE_NOT_KEPT({ group: this.#options.group.groupId, nodes });
    await subscription.commit(this.#committable(question.offsets));
    return { kind: 'saved' };
  }

  /**
   * The task has not moved for max.poll.interval.ms: it leaves the group, so that others read its partitions. What it still writes of them
   * is not committed.
   */
  stalled(): void {
    if (this.#away !== undefined || this.#left !== undefined) return;
    // A group gives up by itself whoever cannot tell it.
    this.#away = this.#subscription.then((subscription) => subscription.leave()).catch(() => {});
    void this.#giveBack([...this.#assigned.values()], 'lost');
  }

  /** The task goes on: it joins the group again. */
  moving(): void {
    const away = this.#away;
    if (away === undefined || this.#left !== undefined) return;
    this.#away = undefined;
    this.#subscription = this.#join(away);
  }

  /** Leaves the group at once; what the task holds is free then. Rejects when it cannot say so to the group; it is over all the same. */
  leave(): Promise<void> {
    this.#left ??= this.#leave();
    return this.#left;
  }

  #join(after?: Promise<void>): Promise<Subscription> {
    const subscription = this.#subscribe(after);
    subscription.catch((error: unknown) => this.#failed(error));
    return subscription;
  }

  async #subscribe(after?: Promise<void>): Promise<Subscription> {
    await after;
    const { driver } = await this.#options.driver;
    const { groupId, topics } = this.#options.group;
    const subscription = await driver.subscribe?.({
      groupId,
      topics,
      onAssigned: async (partitions) => {
        if (this.#away === undefined) this.#take(partitions);
      },
      onRevoked: async (partitions, why) => {
        if (this.#away === undefined) await this.#giveBack(partitions, why);
      },
      onFailed: (error: DriverError) => this.#failed(error),
    });
    if (subscription === undefined) throw new Error(`The ${driver.name} driver has no consumer groups.`);
    return subscription;
  }

  #take(partitions: readonly TopicPartition[]): void {
    // A group does not wait for ever: what is handed over too late ends nothing that was assigned since.
    this.#waiting?.done();
    this.#waiting = undefined;
    this.#assigned = byKey(partitions);
    this.#tell('rebalance', this.#assigned);
  }

  async #giveBack(partitions: readonly TopicPartition[], why: 'rebalance' | 'lost'): Promise<void> {
    // A hand-over that waits for the task is part of this one.
    this.#waiting?.done();
    this.#waiting = undefined;
    const gone = byKey(partitions);
    const kept = new Map([...this.#assigned].filter(([key]) => !gone.has(key)));
    if (kept.size === this.#assigned.size) return;
    // Who has them now commits for them.
    if (why === 'lost') this.#assigned = kept;
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiting = { number: this.#tell(why, kept), done: resolve };
    this.#waiting = waiting;
    if (this.#left === undefined) await promise;
    if (this.#waiting !== waiting) return;
    this.#waiting = undefined;
    this.#assigned = kept;
  }

  #tell(why: 'rebalance' | 'lost', holds: ReadonlyMap<string, TopicPartition>): number {
    const number = ++this.#number;
    this.#options.assign({ number, partitions: Array.from(holds.values(), sinkPartition), why, deadlineMs: this.#options.handOverMs });
    return number;
  }

  #committable(offsets: readonly CommittedOffset[]): ReadonlyMap<string, Position> {
    return new Map(
      offsets.map(({ partition, offset }) => {
        const key = partitionKey(topicPartition(partition));
        if (!this.#assigned.has(key)) throw workerErrors.NOT_ASSIGNED({ group: this.#options.group.groupId, partition: key });
        return [key, nextToRead(offset)];
      }),
    );
  }

  #failed(error: unknown): void {
    if (this.#left === undefined) this.#options.failed(error);
  }

  async #leave(): Promise<void> {
    this.#waiting?.done();
    // What could not be opened was reported when it failed.
    const [lent, subscription] = await Promise.allSettled([this.#options.driver, this.#abandon()]);
    try {
      if (subscription.status === 'fulfilled') await subscription.value?.leave();
    } finally {
      if (lent.status === 'fulfilled') await lent.value.close();
    }
  }

  /** The subscription, unless it is still waiting for a broker. */
  #abandon(): Promise<Subscription | undefined> {
    return Promise.race([this.#subscription, new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined)))]);
  }
}

const byKey = (partitions: readonly TopicPartition[]) => new Map(partitions.map((partition) => [partitionKey(partition), partition]));
