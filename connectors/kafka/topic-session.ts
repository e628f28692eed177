import { firstValueFrom, type Subscriber, type Subscription } from 'rxjs';
import { type Admin, type ConsumerOptions, DriverError, kafkaDriver, partitionKey, type TopicPartition } from 'sluice/kafka';
import type { ConsumedRecord, SourceBatch, SourceContext } from 'sluice/sdk';
import type { TopicSourceConfig } from './config.ts';
import { findPartitions } from './find-partitions.ts';
import { sourcePartition } from './group-offsets.ts';
import { TopicReader } from './topic-reader.ts';

/** Topics that are not there yet are looked for this often. */
const missingMs = 100;
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
  #first = true;
  #told = false;
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
    const reader = new TopicReader({ consumer, out: this.#out, gone: () => this.#lookAfter(missingMs, admin) });
    this.#reader = reader;
    await this.#look(admin);
    if (!this.#closed) this.#demand = this.#context.demand.subscribe((demand) => reader.offer(demand));
  }

  #keep<T extends { close(): Promise<void> }>(client: T): T {
    this.#clients.push(client);
    return client;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.unsubscribe();
    this.#demand?.unsubscribe();
    this.#reader?.close();
    await Promise.all(this.#clients.splice(0).map((client) => client.close()));
  }

  /** Takes up partitions that are new, lets go of those that are gone, and sees to the next look. */
  async #look(admin: Admin): Promise<void> {
    const { log } = this.#context;
    const { partitions, missing } = await findPartitions(admin, this.#config);
    const start = await this.#startOf(partitions.filter((partition) => this.#reader?.knows(partition) === false));
    if (this.#closed) return;
    if (missing.length > 0 && !this.#told) log.warn('Waiting for topics that do not exist yet.', { topics: missing });
    this.#told = missing.length > 0;
    this.#reader?.assign(partitions, start);
    this.#first = false;
    this.#lookAfter(missing.length > 0 ? missingMs : this.#config['metadata.max.age.ms'], admin);
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
  async #startOf(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, number | 'earliest'>> {
    if (partitions.length === 0) return new Map();
    const stored = await firstValueFrom(this.#context.offsets(partitions.map(sourcePartition)));
    // What was written to a partition before it was found counts as new, whatever the policy.
    const otherwise = !this.#first && this.#config['auto.offset.reset'] === 'latest' ? 'earliest' : undefined;
    const start = new Map<string, number | 'earliest'>();
    for (const [index, partition] of partitions.entries()) {
      const next = stored[index]?.kafka_offset;
      const from = typeof next === 'number' ? next : otherwise;
      if (from !== undefined) start.set(partitionKey(partition), from);
    }
    return start;
  }
}

const consumerOptions = (config: TopicSourceConfig): ConsumerOptions => ({
  source: { mode: 'assign', partitions: [] },
  isolation: config['isolation.level'] === 'read_committed' ? 'committed' : 'uncommitted',
  reset: config['auto.offset.reset'] === 'none' ? 'error' : config['auto.offset.reset'],
  maxPartitionBytes: config['max.partition.fetch.bytes'],
  maxBufferedBytes: config['fetch.max.bytes'],
  maxWaitMs: config['fetch.max.wait.ms'],
});
