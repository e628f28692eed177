import { concatMap, type Subscriber, type Subscription } from 'rxjs';
import { type Admin, type ConsumerOptions, DriverError, kafkaDriver } from 'sluice/kafka';
import type { ConsumedRecord, SourceBatch, SourceContext } from 'sluice/sdk';
import type { TopicSourceConfig } from './config.ts';
import { findPartitions } from './find-partitions.ts';
import { sourcePartition } from './group-offsets.ts';
import { HeldPartitions } from './held-partitions.ts';
import { TopicReader } from './topic-reader.ts';

/** Topics that are not there are looked for this often, and more and more seldom down to the second: many may wait for one. */
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
  #held: HeldPartitions | undefined;
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
    const held = new HeldPartitions({ context: this.#context, reader, latest: this.#config['auto.offset.reset'] === 'latest' });
    this.#held = held;
    const taking = this.#context.share?.assigned.pipe(concatMap((assignment) => held.assigned(assignment)));
    this.#assigned = taking?.subscribe({ error: (error) => this.#out.error(error) });
    await this.#look(admin).catch((error: unknown) => this.#lookFailed(error, admin));
    if (!this.#closed) this.#demand = this.#context.demand.subscribe((demand) => reader.offer(demand));
  }

  #keep<T extends { close(): Promise<void> }>(client: T): T {
    this.#clients.push(client);
    return client;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#held?.close();
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
    if (this.#closed) return;
    if (missing.length > 0 && !this.#told) log.warn('Waiting for topics that do not exist yet.', { topics: missing });
    this.#told = missing.length > 0;
    await this.#held?.found(partitions);
    if (this.#closed) return;
    share?.found(partitions.map(sourcePartition));
    const waits = missing.length > 0 || this.#held?.incomplete === true;
    this.#lookAfter(waits ? this.#missingMs : Math.max(this.#config['metadata.max.age.ms'], missingMs.first), admin);
    this.#missingMs = waits ? Math.min(2 * this.#missingMs, missingMs.most) : missingMs.first;
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
}

const consumerOptions = (config: TopicSourceConfig): ConsumerOptions => ({
  source: { mode: 'assign', partitions: [] },
  isolation: config['isolation.level'] === 'read_committed' ? 'committed' : 'uncommitted',
  reset: config['auto.offset.reset'] === 'none' ? 'error' : config['auto.offset.reset'],
  maxPartitionBytes: config['max.partition.fetch.bytes'],
  maxBufferedBytes: config['fetch.max.bytes'],
  maxWaitMs: config['fetch.max.wait.ms'],
});
