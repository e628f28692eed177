import { concatMap, firstValueFrom, lastValueFrom, type Observable, type Subscriber, type Subscription } from 'rxjs';
import { type Admin, type ConsumerOptions, DriverError, kafkaDriver, type Position, partitionKey, type TopicPartition } from 'sluice/kafka';
import type { ConsumedRecord, PartitionAssignment, PartitionShare, SourceBatch, SourceContext } from 'sluice/sdk';
import type { TopicSourceConfig } from './config.ts';
import { findPartitions } from './find-partitions.ts';
import { sourcePartition, topicPartition } from './group-offsets.ts';
import { positionOf } from './topic-offset.ts';
import { TopicReader } from './topic-reader.ts';

/** Topics that are not there yet are looked for this often, and more and more seldom down to the second: many may wait for one. */
const missingMs = { first: 100, most: 1_000 };
/** A look that failed is repeated after this time. */
const failedMs = 1_000;

/** One opened topic source: its clients, and the search for partitions. */
export class TopicSession {
  readonly #config: TopicSourceConfig;
  readonly #context: SourceContext;
  readonly #out: Subscriber<SourceBatch<ConsumedRecord>>;
  readonly #clients: { close(): Promise<void> }[] = [];
  #reader: TopicReader | undefined;
  #demand: Subscription | undefined;
  #timer: Subscription | undefined;
  #assigned: Subscription | undefined;
  #held: readonly TopicPartition[] = [];
  /** Partitions that were there from the start: `auto.offset.reset` is about them. */
  #old: ReadonlySet<string> | undefined;
  #told = false;
  #missingMs = missingMs.first;
  #closed = false;

  constructor(config: TopicSourceConfig, context: SourceContext, out: Subscriber<SourceBatch<ConsumedRecord>>) {
    this.#config = config;
    this.#context = context;
    this.#out = out;
  }

  async start(): Promise<void> {
    const driver = this.#context.resource(kafkaDriver);
    const admin = this.#keep(await driver.admin());
    const consumer = this.#keep(await driver.consumer(consumerOptions(this.#config)));
    if (this.#closed) return this.close();
    const reader = new TopicReader({ consumer, out: this.#out, gone: () => this.#lookAfter(missingMs.first, admin) });
    this.#reader = reader;
    const { share } = this.#context;
    if (share) this.#follow(share, reader);
    await this.#look(admin).catch((error: unknown) => this.#lookFailed(error, admin));
    if (!this.#closed) this.#demand = this.#context.demand.subscribe((demand) => reader.offer(demand));
  }

  /** Reads what is this task's share, one change of it after the other. */
  #follow(share: PartitionShare, reader: TopicReader): void {
    const taking = share.assigned.pipe(concatMap((assignment) => this.#handOver(assignment, reader)));
    this.#assigned = taking.subscribe({ error: (error) => this.#out.error(error) });
  }

  /** Commits and lets go of partitions that are another task's from now on, then takes up the new ones. Others go on meanwhile. */
  async #handOver({ why, deadlineMs, ...assignment }: PartitionAssignment, reader: TopicReader): Promise<void> {
    if (this.#closed) return;
    const partitions = assignment.partitions.map(topicPartition);
    const kept = new Set(partitions.map(partitionKey));
    const lost = this.#held.filter((partition) => !kept.has(partitionKey(partition)));
    const { assignments } = this.#context;
    if (lost.length > 0) {
      this.#held = this.#held.filter((partition) => kept.has(partitionKey(partition)));
      reader.assign(this.#held, new Map());
      await done(assignments?.revoke(lost.map(sourcePartition), why, deadlineMs));
    }
    assignment.done();
    const gained = partitions.filter((partition) => !reader.knows(partition));
    if (gained.length > 0) await done(assignments?.assign(gained.map(sourcePartition)));
    const start = await this.#startOf(gained);
    if (this.#closed) return;
    this.#held = partitions;
    reader.assign(partitions, start);
  }

  #keep<T extends { close(): Promise<void> }>(client: T): T {
    this.#clients.push(client);
    return client;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.unsubscribe();
    this.#assigned?.unsubscribe();
    this.#demand?.unsubscribe();
    this.#reader?.close();
    await Promise.all(this.#clients.splice(0).map((client) => client.close()));
  }

  /** Takes up partitions that are new, lets go of those that are gone, and sees to the next look. */
  async #look(admin: Admin): Promise<void> {
    const { log, share } = this.#context;
    const { partitions, missing } = await findPartitions(admin, this.#config);
    const start = share ? undefined : await this.#startOf(partitions.filter((partition) => this.#reader?.knows(partition) === false));
    if (this.#closed) return;
    if (missing.length > 0 && !this.#told) log.warn('Waiting for topics that do not exist yet.', { topics: missing });
    this.#told = missing.length > 0;
    this.#old ??= new Set(partitions.map(partitionKey));
    if (start) this.#reader?.assign(partitions, start);
    else share?.found(partitions.map(sourcePartition));
    this.#lookAfter(missing.length > 0 ? this.#missingMs : this.#config['metadata.max.age.ms'], admin);
    this.#missingMs = missing.length > 0 ? Math.min(2 * this.#missingMs, missingMs.most) : missingMs.first;
  }

  #lookAfter(ms: number, admin: Admin): void {
    this.#timer?.unsubscribe();
    this.#timer = this.#context.scheduler.schedule(() => {
      this.#look(admin).catch((error: unknown) => this.#lookFailed(error, admin));
    }, ms);
  }

  #lookFailed(error: unknown, admin: Admin): void {
    if (this.#closed) return;
    if (!(error instanceof DriverError && error.retriable)) {
      this.#out.error(error);
      return;
    }
    this.#context.log.warn('Looking for topics failed; it is tried again.', { reason: error.message });
    this.#lookAfter(failedMs, admin);
  }

  /** Where new partitions begin; absent: where `auto.offset.reset` says. */
  async #startOf(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, Position | 'earliest'>> {
    if (partitions.length === 0) return new Map();
    const stored = await firstValueFrom(this.#context.offsets(partitions.map(sourcePartition)));
    // What was written to a partition before it was found counts as new, whatever the policy.
    const isNew = (partition: TopicPartition) => this.#old !== undefined && !this.#old.has(partitionKey(partition));
    const latest = this.#config['auto.offset.reset'] === 'latest';
    const start = new Map<string, Position | 'earliest'>();
    for (const [index, partition] of partitions.entries()) {
      const from = positionOf(stored[index]) ?? (latest && isNew(partition) ? 'earliest' : undefined);
      if (from !== undefined) start.set(partitionKey(partition), from);
    }
    return start;
  }
}

const done = async (work: Observable<unknown> | undefined): Promise<void> => {
  if (work) await lastValueFrom(work, { defaultValue: undefined });
};

const consumerOptions = (config: TopicSourceConfig): ConsumerOptions => ({
  source: { mode: 'assign', partitions: [] },
  isolation: config['isolation.level'] === 'read_committed' ? 'committed' : 'uncommitted',
  reset: config['auto.offset.reset'] === 'none' ? 'error' : config['auto.offset.reset'],
  maxPartitionBytes: config['max.partition.fetch.bytes'],
  maxBufferedBytes: config['fetch.max.bytes'],
  maxWaitMs: config['fetch.max.wait.ms'],
});
