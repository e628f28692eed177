import type { Appended, Compression, OutBatch, Producer, ProducerOptions } from '../driver.ts';
import { type EncodedBatch, RecordBatchBuilder } from '../record-batch/index.ts';
import type { Broker } from './broker.ts';
import { atPort, closedError, refuse } from './store-errors.ts';
import { topicSettings } from './topic-settings.ts';

const DEFAULT_BATCH_BYTES = 1024 * 1024;
const DEFAULT_BUFFERED_BYTES = 32 * 1024 * 1024;
const SEQUENCES = 0x8000_0000;

/** An idempotent producer's identity, as the store gave it. */
export interface ProducerIdentity {
  readonly id: number;
  readonly epoch: number;
}

interface Prepared {
  readonly batch: OutBatch;
  readonly parts: readonly EncodedBatch[];
  readonly lastSequence: number;
  readonly error?: Appended;
}

/**
 * Appends record batches to the store of the owner's process.
 *
 * A batch of records larger than `batchBytes` becomes several record batches, all of them or none. `acks` and `lingerMs` change nothing:
 * what resolves is on disk, and everything sent in one turn of the event loop shares one sync.
 */
export class EmbeddedProducer implements Producer {
  readonly #broker: Broker;
  readonly #identity: ProducerIdentity | undefined;
  readonly #compression: Compression;
  readonly #batchBytes: number;
  readonly #maxBufferedBytes: number;
  readonly #builders = new Map<number, RecordBatchBuilder>();
  readonly #sequences = new Map<string, number>();
  readonly #inFlight = new Set<Promise<unknown>>();
  #waiting: (() => void)[] = [];
  #bufferedBytes = 0;
  #closed = false;

  constructor(broker: Broker, options: ProducerOptions, identity: ProducerIdentity | undefined) {
    this.#broker = broker;
    this.#identity = identity;
    this.#compression = options.compression ?? 'none';
    this.#batchBytes = options.batchBytes ?? DEFAULT_BATCH_BYTES;
    this.#maxBufferedBytes = options.maxBufferedBytes ?? DEFAULT_BUFFERED_BYTES;
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  async partitions(topic: string): Promise<number> {
    this.#check();
    const known = this.#broker.catalog.find(topic);
    if (known !== undefined) return known.partitions.length;
    try {
      return await this.#broker.write(() => this.#partitionsOf(topic).length);
    } catch (error) {
      throw atPort(error);
    }
  }

  async send(batches: readonly OutBatch[]): Promise<readonly Appended[]> {
    this.#check();
    const prepared = batches.map((batch) => this.#prepare(batch, Date.now()));
    const bytes = prepared.reduce((sum, { parts }) => sum + parts.reduce((all, part) => all + part.bytes.byteLength, 0), 0);
    const durable = this.#broker.write(() => prepared.map((one) => this.#append(one)), bytes);
    this.#bufferedBytes += bytes;
    this.#inFlight.add(durable);
    try {
      return await durable;
    } catch (error) {
      return batches.map(({ topic, partition }) => ({ topic, partition, error: atPort(error) }));
    } finally {
      this.#inFlight.delete(durable);
      this.#bufferedBytes -= bytes;
      this.#wake();
    }
  }

  ready(): Promise<void> {
    if (this.#bufferedBytes < this.#maxBufferedBytes) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async flush(): Promise<void> {
    await Promise.allSettled(this.#inFlight);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.flush();
  }

  #check(): void {
    if (this.#closed || this.#broker.signal.closed) throw closedError('producer');
  }

  #wake(): void {
    if (this.#bufferedBytes >= this.#maxBufferedBytes) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #prepare(batch: OutBatch, now: number): Prepared {
    const { topic, partition } = batch;
    try {
      const { maxMessageBytes, compact } = this.#broker.catalog.find(topic)?.settings ?? topicSettings(topic, {});
      if (compact && batch.records.some(({ key }) => key === null)) {
        throw refuse.invalidRecord(`Topic ${topic} is compacted, so every record needs a key; one of ${batch.records.length} has none.`);
      }
      const parts = this.#encode(batch, now, maxMessageBytes);
      return { batch, parts, lastSequence: ((this.#sequences.get(`${topic}-${partition}`) ?? 0) + SEQUENCES - 1) % SEQUENCES };
    } catch (error) {
      return { batch, parts: [], lastSequence: -1, error: { topic, partition, error: atPort(error) } };
    }
  }

  #encode({ topic, partition, records }: OutBatch, now: number, maxMessageBytes: number): readonly EncodedBatch[] {
    const builder = this.#builder(Math.min(this.#batchBytes, maxMessageBytes));
    builder.clear();
    const key = `${topic}-${partition}`;
    let sequence = this.#sequences.get(key) ?? 0;
    const parts: EncodedBatch[] = [];
    const build = () => {
      const producer = this.#identity && { id: BigInt(this.#identity.id), epoch: this.#identity.epoch, baseSequence: sequence };
      const part = builder.build({ compression: this.#compression, ...(producer === undefined ? {} : { producer }) });
      if (part.bytes.byteLength > maxMessageBytes) throw tooLarge(topic, part, maxMessageBytes);
      sequence = (sequence + part.count) % SEQUENCES;
      parts.push(part);
    };
    for (const record of records) {
      if (builder.append(record, now)) continue;
      build();
      builder.append(record, now);
    }
    build();
    this.#sequences.set(key, sequence);
    return parts;
  }

  #builder(maxBytes: number): RecordBatchBuilder {
    const known = this.#builders.get(maxBytes) ?? new RecordBatchBuilder({ maxBytes });
    this.#builders.set(maxBytes, known);
    return known;
  }

  /** Runs inside the write. */
  #append({ batch, parts, lastSequence, error }: Prepared): Appended {
    if (error !== undefined) return error;
    const { topic, partition } = batch;
    try {
      const id = this.#partitionsOf(topic)[partition];
      if (id === undefined) throw refuse.unknownTopic(`Topic ${topic} has no partition ${partition}.`);
      const from = this.#identity && { producer: this.#identity.id, epoch: this.#identity.epoch, lastSequence };
      const baseOffset = this.#broker.log.append(id, parts, from);
      this.#broker.touch(id);
      return { topic, partition, baseOffset, timestamp: Math.max(...parts.map((part) => part.maxTimestamp)) };
    } catch (error) {
      const refused = atPort(error);
      if (refused !== error) throw error;
      return { topic, partition, error: refused };
    }
  }

  /** Ids of a topic's partitions, making the topic where that is allowed. Runs inside the write. */
  #partitionsOf(topic: string): readonly number[] {
    const { catalog, autoCreate } = this.#broker;
    if (catalog.find(topic) === undefined && autoCreate > 0) catalog.create({ name: topic, partitions: autoCreate });
    return catalog.get(topic).partitions;
  }
}

const tooLarge = (topic: string, part: EncodedBatch, limit: number) =>
  refuse.tooLarge(
    `${part.count === 1 ? 'A record' : 'A record batch'} for topic ${topic} takes ${part.bytes.byteLength} bytes, more than its max.message.bytes of ${limit}. Raise that setting of the topic, or send less.`,
  );
