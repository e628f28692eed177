import {
  type Appended,
  type Compression,
  type DriverError,
  type OutBatch,
  type Producer,
  type ProducerOptions,
  refusedWhole,
} from '../driver.ts';
import { type BatchOptions, type EncodedBatch, RecordBatchBuilder } from '../record-batch/index.ts';
import type { Broker } from './broker.ts';
import { encodeParts } from './encode-parts.ts';
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
  readonly refused: ReadonlyMap<number, DriverError>;
  readonly lastSequence: number;
  /** The answer where the batch as a whole cannot be written. */
  readonly failed?: Appended;
}

/**
 * Appends record batches to the store of the owner's process.
 *
 * A batch of records larger than `batchBytes` becomes several record batches, appended together. `acks` and `lingerMs` change nothing:
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
      const failed = atPort(error);
      return batches.map((batch) => refusedWhole(batch, failed));
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
    const { topic, partition, records } = batch;
    try {
      if (records.length === 0) throw refuse.invalidRequest(`A batch for topic ${topic} has no records. Send at least one.`);
      const { maxMessageBytes, compact } = this.#broker.catalog.find(topic)?.settings ?? topicSettings(topic, {});
      const builder = this.#builder(Math.min(this.#batchBytes, maxMessageBytes));
      builder.clear();
      const key = `${topic}-${partition}`;
      const first = this.#sequences.get(key) ?? 0;
      const options = (written: number) => this.#batchOptions((first + written) % SEQUENCES);
      const { parts, refused } = encodeParts(batch, { builder, maxMessageBytes, compact, now, options });
      const next = parts.reduce((sum, { count }) => (sum + count) % SEQUENCES, first);
      this.#sequences.set(key, next);
      return { batch, parts, refused, lastSequence: (next + SEQUENCES - 1) % SEQUENCES };
    } catch (error) {
      return { batch, parts: [], refused: new Map(), lastSequence: -1, failed: refusedWhole(batch, atPort(error)) };
    }
  }

  #batchOptions(baseSequence: number): BatchOptions {
    const { id, epoch } = this.#identity ?? {};
    if (id === undefined || epoch === undefined) return { compression: this.#compression };
    return { compression: this.#compression, producer: { id: BigInt(id), epoch, baseSequence } };
  }

  #builder(maxBytes: number): RecordBatchBuilder {
    const known = this.#builders.get(maxBytes) ?? new RecordBatchBuilder({ maxBytes });
    this.#builders.set(maxBytes, known);
    return known;
  }

  /** Runs inside the write. */
  #append({ batch, parts, refused, lastSequence, failed }: Prepared): Appended {
    if (failed !== undefined) return failed;
    const { topic, partition } = batch;
    try {
      const id = this.#partitionsOf(topic)[partition];
      if (id === undefined) throw refuse.unknownPartition(batch);
      const from = this.#identity && { producer: this.#identity.id, epoch: this.#identity.epoch, lastSequence };
      const baseOffset = parts.length === 0 ? -1 : this.#broker.log.append(id, parts, from);
      this.#broker.touch(id);
      const [error] = refused.values();
      if (error !== undefined) return { topic, partition, error, refused };
      return { topic, partition, baseOffset, timestamp: Math.max(...parts.map((part) => part.maxTimestamp)) };
    } catch (error) {
      const whole = atPort(error);
      if (whole !== error) throw error;
      return refusedWhole(batch, whole);
    }
  }

  /** Ids of a topic's partitions, making the topic where that is allowed. Runs inside the write. */
  #partitionsOf(topic: string): readonly number[] {
    const { catalog, autoCreate } = this.#broker;
    if (catalog.find(topic) === undefined && autoCreate > 0) catalog.create({ name: topic, partitions: autoCreate });
    return catalog.get(topic).partitions;
  }
}
