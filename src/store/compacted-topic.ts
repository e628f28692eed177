import { setTimeout as wait } from 'node:timers/promises';
import { SluiceError } from '../errors/error-table.ts';
import { storeErrors } from '../errors/store.ts';
import {
  type Admin,
  type Consumer,
  type Driver,
  DriverError,
  type InBatch,
  type OutBatch,
  type OutRecord,
  type Producer,
  partitionKey,
  type TopicPartition,
} from '../kafka/driver.ts';
import { partitionOfKey } from '../kafka/partitioner.ts';

export interface CompactedTopicOptions {
  readonly topic: string;
  /** The configuration key that names the topic, for errors. */
  readonly setting: string;
  /** Used when the topic has to be made; -1: the broker's default. */
  readonly partitions: number;
  readonly replicationFactor?: number;
  readonly configs?: Readonly<Record<string, string>>;
  /** Nothing more is read, nor can be written: told once, with the reason. */
  readonly onFailure?: (error: unknown) => void;
  /** How long the topic may be missing, once it was there, before that is a failure. Default: 30,000. */
  readonly patienceMs?: number;
}

/** One record as it was read: `value` is null for a tombstone. */
export interface Entry {
  readonly key: string;
  readonly value: string | null;
  readonly partition: number;
  readonly offset: number;
}

export interface Change {
  readonly key: string;
  /** `null`: a tombstone. */
  readonly value: string | null;
}

interface Clients {
  readonly admin: Admin;
  readonly producer: Producer;
  readonly consumer: Consumer;
}

/** How long a reader that may have nothing more to read waits before it looks at the consumer's position. */
const positionCheckMs = 20;
/** How long and how often a topic that was made is looked for. */
const findMs = 30_000;
const findEveryMs = 100;
const missingEveryMs = 500;

/**
 * A compacted topic of JSON texts, as Kafka Connect keeps its configs, offsets and statuses in: `apply` sees every record once, in the order
 * of its partition, from the beginning and then as records arrive.
 *
 * What is written here is seen when it is read back, so that all readers of the topic agree.
 */
export class CompactedTopic {
  readonly topic: string;
  readonly #clients: Clients;
  readonly #partitions: readonly TopicPartition[];
  readonly #apply: (entry: Entry) => void;
  readonly #onFailure: CompactedTopicOptions['onFailure'];
  readonly #patienceMs: number;
  /** Next offset to apply, by partition. */
  readonly #positions: number[];
  readonly #closing = new AbortController();
  readonly #reading: Promise<void>;
  #failure: unknown;
  #progress = Promise.withResolvers<void>();

  private constructor(
    { topic, onFailure, patienceMs = 30_000 }: CompactedTopicOptions,
    partitions: readonly TopicPartition[],
    clients: Clients,
    apply: (entry: Entry) => void,
  ) {
    this.topic = topic;
    this.#onFailure = onFailure;
    this.#patienceMs = patienceMs;
    this.#clients = clients;
    this.#partitions = partitions;
    this.#positions = partitions.map(() => 0);
    this.#apply = apply;
    this.#reading = this.#read();
  }

  /** Makes the topic if need be, and resolves when everything that is in it was applied. Fails when it is not compacted. */
  static async open(driver: Driver, options: CompactedTopicOptions, apply: (entry: Entry) => void): Promise<CompactedTopic> {
    const { topic } = options;
    const admin = await driver.admin();
    const opened: { close(): Promise<void> }[] = [admin];
    try {
      const count = await prepare(admin, options);
      const partitions = Array.from({ length: count }, (_, partition) => ({ topic, partition }));
      const producer = await driver.producer({ acks: 'all' });
      opened.push(producer);
      const consumer = await driver.consumer({ source: { mode: 'assign', partitions }, reset: 'earliest', isolation: 'committed' });
      const log = new CompactedTopic(options, partitions, { admin, producer, consumer }, apply);
      // It closes all three.
      opened.splice(0, opened.length, log);
      await log.readToEnd();
      return log;
    } catch (error) {
      await Promise.all(opened.map((each) => each.close()));
      throw error;
    }
  }

  /** Number of its partitions. */
  get partitions(): number {
    return this.#partitions.length;
  }

  /** Writes the changes in one request, each to the partition of its key; resolves when all are durable. */
  async write(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    const answers = await this.#clients.producer.send(this.#batchesOf(changes));
    for (const { error } of answers) {
      if (error !== undefined) throw storeErrors.WRITE_FAILED({ topic: this.topic, why: error.message }, error);
    }
  }

  /** Resolves when everything that was in the topic at the time of the call was applied. */
  async readToEnd(): Promise<void> {
    const ends = await this.#clients.admin.offsets(this.#partitions, 'latest');
    const behind = () => this.#partitions.some((at) => (this.#positions[at.partition] ?? 0) < (ends.get(partitionKey(at)) ?? 0));
    while (!this.#closing.signal.aborted && this.#failure === undefined && behind()) {
      const waited = wait(positionCheckMs, 'waited' as const);
      // Positions also pass what is never handed out: deleted records, aborted transactions. After a timer all that was handed out is applied.
      if ((await Promise.race([this.#progress.promise, waited])) === 'waited') this.#catchUp();
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#reading;
    const { consumer, producer, admin } = this.#clients;
    await Promise.all([consumer.close(), producer.close(), admin.close()]);
  }

  #batchesOf(changes: readonly Change[]): readonly OutBatch[] {
    const byPartition = new Map<number, OutRecord[]>();
    for (const change of changes) {
      const partition = partitionOfKey(change.key, this.#partitions.length);
      const records = byPartition.get(partition);
      if (records) records.push(change);
      else byPartition.set(partition, [change]);
    }
    return Array.from(byPartition, ([partition, records]) => ({ topic: this.topic, partition, records }));
  }

  async #read(): Promise<void> {
    const { signal } = this.#closing;
    let missingSince: number | undefined;
    while (!signal.aborted && this.#failure === undefined) {
      try {
        this.#take(await this.#clients.consumer.next(signal));
        missingSince = undefined;
      } catch (error) {
        if (signal.aborted) break;
        missingSince ??= performance.now();
        if (isMissing(error) && performance.now() - missingSince < this.#patienceMs)
          await wait(missingEveryMs, undefined, { signal }).catch(() => undefined);
        else this.#fail(error);
      }
    }
    this.#progress.resolve();
  }

  #fail(error: unknown): void {
    this.#failure = failureOf(this.topic, error);
    this.#onFailure?.(this.#failure);
  }

  #take(batch: InBatch): void {
    for (const record of batch.records) {
      const key = record.keyText();
      if (key !== null) this.#apply({ key, value: record.valueText(), partition: batch.partition, offset: record.offset });
    }
    this.#positions[batch.partition] = batch.nextOffset;
    batch.release();
    this.#progress.resolve();
    this.#progress = Promise.withResolvers<void>();
  }

  #catchUp(): void {
    for (const at of this.#partitions) this.#positions[at.partition] = this.#clients.consumer.position(at) ?? 0;
  }
}

/** Makes the topic or checks what is there; gives the number of its partitions. */
async function prepare(admin: Admin, options: CompactedTopicOptions): Promise<number> {
  const { topic, setting } = options;
  const found = (await partitionsOf(admin, topic)) ?? (await make(admin, options));
  const policy = await policyOf(admin, topic);
  if (policy !== undefined && policy !== 'compact') throw storeErrors.NOT_COMPACTED({ topic, policy, setting });
  return found;
}

async function make(admin: Admin, { topic, setting, partitions, replicationFactor, configs }: CompactedTopicOptions): Promise<number> {
  const replication = replicationFactor === undefined ? {} : { replicationFactor };
  try {
    const count = partitions > 0 ? { partitions } : {};
    await admin.createTopics([{ name: topic, ...count, ...replication, configs: { ...configs, 'cleanup.policy': 'compact' } }]);
  } catch (error) {
    throw storeErrors.NOT_MADE({ topic, setting, why: error instanceof Error ? error.message : String(error) }, error);
  }
  // A cluster needs a while to tell of a new topic, more so the broker that is asked.
  for (let waitedMs = 0; waitedMs < findMs; waitedMs += findEveryMs) {
    const found = await partitionsOf(admin, topic);
    if (found !== undefined) return found;
    await wait(findEveryMs);
  }
  throw storeErrors.NOT_MADE({ topic, setting, why: `no broker knows it ${findMs} ms after it was made` });
}

async function partitionsOf(admin: Admin, topic: string): Promise<number | undefined> {
  const [description] = await admin.describeTopics([topic]);
  return description?.partitions.length;
}

/** `undefined`: not to be had, since this user may not look at settings of topics. */
async function policyOf(admin: Admin, topic: string): Promise<string | undefined> {
  try {
    return (await admin.topicConfigs([topic])).get(topic)?.['cleanup.policy'] ?? 'delete';
  } catch (error) {
    if (error instanceof DriverError && error.kind === 'auth') return undefined;
    throw error;
  }
}

/** A broker that has just started may not know its topics yet. */
const isMissing = (error: unknown): boolean => error instanceof DriverError && error.kind === 'unknown-topic';

function failureOf(topic: string, error: unknown): unknown {
  if (error instanceof SluiceError) return error;
  return storeErrors.READ_FAILED({ topic, why: error instanceof Error ? error.message : String(error) }, error);
}
