import {
  type Consumer,
  type ConsumerOptions,
  DriverError,
  type GroupIdentity,
  type InBatch,
  type Position,
  partitionKey,
  type TopicPartition,
} from '../../driver.ts';
import { Waiters } from '../../waiters.ts';
import { closedError } from '../closed-error.ts';
import { commitOffsets, fetchOffsets, nonMember } from '../group-offsets.ts';
import { dropConnection } from '../internals.ts';
import type { Link } from '../link.ts';
import { fetchRecords } from '../requests/fetch.ts';
import type { MemberIdentity } from '../requests/group-offsets.ts';
import { consumerSettings } from '../settings.ts';
import { Cursor } from './cursor.ts';
import { Fetcher } from './fetcher.ts';
import { Preparation } from './preparation.ts';

const DEFAULTS = consumerSettings({});

export interface AssignedConsumerOptions
  extends Pick<ConsumerOptions, 'isolation' | 'reset' | 'maxPartitionBytes' | 'maxBufferedBytes' | 'maxWaitMs'> {
  /** Connections of its own: a fetch that waits would hold up the fetches of others. */
  readonly link: Link;
  readonly partitions: readonly TopicPartition[];
  readonly groupId: string | undefined;
  /** The membership that commits are made under. Default: none. */
  readonly identity?: () => MemberIdentity;
  /** Compare the checksum of each batch. Default: true. */
  readonly checkCrc?: boolean;
}

/**
 * Reads assigned partitions, fetching ahead of its reader while unreleased batches take less than `maxBufferedBytes`.
 *
 * A partition without position starts at the group's committed offset, else where `reset` says (default latest). What passes, such as a broker
 * that is away, is waited for; what does not is told by `next`, for each partition by itself, and attempted again.
 */
export class KafkaConsumer implements Consumer {
  readonly #options: AssignedConsumerOptions;
  readonly #preparation: Preparation;
  readonly #fetcher: Fetcher;
  readonly #renewal: NodeJS.Timeout;
  readonly #opened = Promise.withResolvers<void>();
  #cursors = new Map<string, Cursor>();
  /** Those that cannot be fetched yet. */
  readonly #unready = new Set<Cursor>();
  readonly #waiters = new Waiters();
  #scheduled = false;
  #timer: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: AssignedConsumerOptions) {
    const { link, groupId, reset = 'latest', isolation = 'uncommitted' } = options;
    this.#options = options;
    const changed = () => this.#schedule();
    this.#preparation = new Preparation({
      link,
      groupId,
      reset,
      isolation,
      changed,
      unready: (cursor) => {
        if (!cursor.dropped) this.#unready.add(cursor);
      },
      truncated: (cursor) => this.#fetcher.drop(cursor),
    });
    this.#fetcher = new Fetcher(
      {
        link,
        isolation,
        maxPartitionBytes: options.maxPartitionBytes ?? DEFAULTS['max.partition.fetch.bytes'],
        maxBufferedBytes: options.maxBufferedBytes ?? DEFAULTS['fetch.max.bytes'],
        maxWaitMs: options.maxWaitMs ?? DEFAULTS['fetch.max.wait.ms'],
        checkCrc: options.checkCrc ?? true,
        changed,
      },
      this.#preparation,
    );
    this.#renewal = setInterval(() => this.#renew(), link.settings.metadataMaxAgeMs).unref();
    this.assign(options.partitions);
  }

  /** Resolves when the partitions that were assigned at first have their positions, or it was tried. */
  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  async next(signal?: AbortSignal): Promise<InBatch> {
    this.#check();
    signal?.throwIfAborted();
    if (this.#waiters.size > 0) return this.#wait(signal);
    const failure = this.#takeFailure();
    if (failure !== undefined) throw failure;
    const batch = this.#fetcher.take();
    this.#schedule();
    return batch ?? this.#wait(signal);
  }

  assign(partitions: readonly TopicPartition[]): void {
    this.#check();
    const before = this.#cursors;
    const wanted = this.#options.groupId === undefined ? 'reset' : 'committed';
    this.#cursors = new Map();
    for (const partition of partitions) {
      const key = partitionKey(partition);
      const cursor = before.get(key) ?? new Cursor({ topic: partition.topic, partition: partition.partition }, wanted);
      this.#cursors.set(key, cursor);
      if (!before.has(key)) this.#unready.add(cursor);
    }
    for (const [key, cursor] of before) if (!this.#cursors.has(key)) this.#drop(cursor);
    this.#schedule();
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#cursor(partition).pause();
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#cursor(partition).paused = false;
    this.#fetcher.encourage();
    this.#schedule();
  }

  /** A position with its leader epoch is compared with the log first. */
  seek(partition: TopicPartition, to: number | Position | 'earliest' | 'latest'): void {
    const cursor = this.#cursor(partition);
    this.#fetcher.drop(cursor);
    if (typeof to === 'object') cursor.seek(to.offset, to.leaderEpoch);
    else cursor.seek(to);
    // At once, though a fetch may be under way: the end of the log is meant as it is now.
    if (!cursor.ready) this.#unready.add(cursor);
    this.#fetcher.encourage();
    this.#schedule();
  }

  position(partition: TopicPartition): number | undefined {
    return this.#cursors.get(partitionKey(partition))?.position;
  }

  assignment(): readonly TopicPartition[] {
    return [...this.#cursors.values()].map(({ partition }) => partition);
  }

  async commit(offsets: Parameters<Consumer['commit']>[0]): Promise<void> {
    const group = this.#group();
    await commitOffsets(this.#options.link, this.#options.identity?.() ?? nonMember(group), offsets);
  }

  async committed(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, Position>> {
    const group = this.#group();
    const stable = this.#options.isolation === 'committed';
    return partitions.length === 0 ? new Map() : fetchOffsets(this.#options.link, { groupId: group, partitions, stable });
  }

  groupIdentity(): GroupIdentity | null {
    return this.#options.groupId === undefined ? null : { groupId: this.#options.groupId };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearInterval(this.#renewal);
    clearTimeout(this.#timer);
    this.#opened.resolve();
    const closed = closedError('consumer');
    this.#waiters.refuseAll(closed);
    const { cluster } = this.#options.link;
    for (const nodeId of this.#fetcher.close()) {
      // A fetch that waits for records is not waited for.
      const broker = await cluster.findBroker({ nodeId }).catch(() => undefined);
      if (broker !== undefined) dropConnection(broker, fetchRecords.key, closed);
    }
    await this.#options.link.close();
  }

  #wait(signal: AbortSignal | undefined): Promise<InBatch> {
    const waiting = this.#waiters.wait(signal);
    this.#schedule();
    return waiting;
  }

  #check(): void {
    if (this.#closing !== undefined) throw closedError('consumer');
  }

  #group(): string {
    this.#check();
    const { groupId } = this.#options;
    if (groupId === undefined)
      throw new DriverError('invalid', 'This consumer has no group to keep offsets for. Open it with a groupId.', { code: 24 });
    return groupId;
  }

  #cursor(partition: TopicPartition): Cursor {
    this.#check();
    const cursor = this.#cursors.get(partitionKey(partition));
    if (cursor === undefined)
      throw new DriverError('invalid', `Partition ${partitionKey(partition)} is not assigned to this consumer.`, { code: 42 });
    return cursor;
  }

  #drop(cursor: Cursor): void {
    cursor.dropped = true;
    this.#fetcher.drop(cursor);
    this.#unready.delete(cursor);
    this.#preparation.refusals.forget(cursor);
  }

  /** In a turn of its own: several changes are one step, and a reader that never waits does not starve timers. */
  #schedule(): void {
    if (this.#scheduled || this.#closing !== undefined) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#closing === undefined) this.#step();
    });
  }

  #step(): void {
    for (const cursor of this.#fetcher.fetch()) this.#unready.add(cursor);
    const now = performance.now();
    const due: Cursor[] = [];
    let added = false;
    for (const cursor of this.#unready) {
      if (cursor.ready && cursor.notBefore <= now) {
        this.#unready.delete(cursor);
        this.#fetcher.add(cursor);
        added = true;
      } else if (!cursor.busy && cursor.failure === undefined && cursor.notBefore <= now) due.push(cursor);
    }
    this.#preparation.start(due);
    if (added) for (const cursor of this.#fetcher.fetch()) this.#unready.add(cursor);
    this.#serve();
    this.#preparation.refusals.tell();
    this.#wakeUp(now);
    if ([...this.#unready].every(({ attempts, failure }) => attempts > 0 || failure !== undefined)) this.#opened.resolve();
  }

  #serve(): void {
    while (this.#waiters.size > 0) {
      const failure = this.#takeFailure();
      const batch = failure === undefined ? this.#fetcher.take() : undefined;
      if (failure !== undefined) this.#waiters.refuse(failure);
      else if (batch !== undefined) this.#waiters.give(batch);
      else return;
    }
  }

  /** Of a partition of which nothing fetched is left. It is attempted again afterwards. */
  #takeFailure(): DriverError | undefined {
    for (const cursor of this.#unready) {
      const { failure } = cursor;
      if (failure === undefined || cursor.chunks > 0 || cursor.paused) continue;
      cursor.failure = undefined;
      this.#preparation.backOff(cursor);
      this.#schedule();
      return failure;
    }
    return undefined;
  }

  /** Comes back when the first of those that wait may be attempted again. */
  #wakeUp(now: number): void {
    clearTimeout(this.#timer);
    let first = Number.POSITIVE_INFINITY;
    for (const { busy, failure, notBefore } of this.#unready) {
      if (!busy && failure === undefined && notBefore > now) first = Math.min(first, notBefore);
    }
    if (first < Number.POSITIVE_INFINITY) this.#timer = setTimeout(() => this.#schedule(), first - now + 1);
  }

  /** Leaders are looked for again now and then, also while nothing fails. */
  #renew(): void {
    const cursors = [...this.#cursors.values()].filter(({ busy, leader }) => !busy && leader !== undefined);
    if (cursors.length > 0)
      this.#preparation.learn(cursors).then(
        () => this.#schedule(),
        () => {},
      );
  }
}
