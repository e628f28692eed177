import {
  type Appended,
  type Compression,
  type DriverError,
  type OutBatch,
  type OutRecord,
  type Producer,
  type ProducerOptions,
  refusedWhole,
} from '../driver.ts';
import { type EncodedBatch, RecordBatchBuilder, timeError } from '../record-batch/index.ts';
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
      const refused = atPort(error);
      return batches.map((batch) => refusedWhole(batch, refused));
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
    const refused = new Map<number, DriverError>();
    try {
      if (records.length === 0) throw refuse.invalidRequest(`A batch for topic ${topic} has no records. Send at least one.`);
      const parts = this.#encode(batch, now, refused);
      const next = this.#sequences.get(`${topic}-${partition}`) ?? 0;
      return { batch, parts, refused, lastSequence: (next + SEQUENCES - 1) % SEQUENCES };
    } catch (error) {
      return { batch, parts: [], refused, lastSequence: -1, failed: refusedWhole(batch, atPort(error)) };
    }
  }

  /** Record batches of what can be written; why the others cannot goes into `refused`. */
  #encode({ topic, partition, records }: OutBatch, now: number, refused: Map<number, DriverError>): readonly EncodedBatch[] {
    const { maxMessageBytes, compact } = this.#broker.catalog.find(topic)?.settings ?? topicSettings(topic, {});
    for (const [index, record] of records.entries()) {
      const error = timeError(record) ?? (compact && record.key === null ? keyMissing(topic) : undefined);
      if (error !== undefined) refused.set(index, error);
    }
    const builder = this.#builder(Math.min(this.#batchBytes, maxMessageBytes));
    builder.clear();
    const key = `${topic}-${partition}`;
    let sequence = this.#sequences.get(key) ?? 0;
    const parts: EncodedBatch[] = [];
    const encode = (from: number, to: number): void => {
      let first = from;
      for (let index = from; index < to; index++) {
        const record = records[index] as OutRecord;
        if (refused.has(index) || builder.append(record, now)) continue;
        seal(first, index);
        first = index;
        builder.append(record, now);
      }
      seal(first, to);
    };
    const seal = (from: number, to: number): void => {
      if (builder.count === 0) return;
      const producer = this.#identity && { id: BigInt(this.#identity.id), epoch: this.#identity.epoch, baseSequence: sequence };
      const part = builder.build({ compression: this.#compression, ...(producer === undefined ? {} : { producer }) });
      if (part.bytes.byteLength <= maxMessageBytes) {
        sequence = (sequence + part.count) % SEQUENCES;
        parts.push(part);
      } else if (to - from === 1) refused.set(from, tooLarge(topic, part, maxMessageBytes));
      else {
        // Compressed it can be larger than it was.
        const middle = (from + to) >> 1;
        encode(from, middle);
        encode(middle, to);
      }
    };
    encode(0, records.length);
    this.#sequences.set(key, sequence);
    return parts;
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
      if (id === undefined) throw refuse.unknownTopic(`Topic ${topic} has no partition ${partition}.`);
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

const keyMissing = (topic: string) => refuse.invalidRecord(`Topic ${topic} is compacted, so every record needs a key, and one has none.`);

const tooLarge = (topic: string, part: EncodedBatch, limit: number) =>
  refuse.tooLarge(
    `A record for topic ${topic} takes ${part.bytes.byteLength} bytes, more than its max.message.bytes of ${limit}. Raise that setting of the topic, or send less.`,
  );
