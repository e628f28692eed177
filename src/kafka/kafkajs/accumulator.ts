import {
  type Compression,
  DriverError,
  type OutBatch,
  type OutRecord,
  type Payload,
  partitionKey,
  type TopicPartition,
} from '../driver.ts';
import { RecordBatchBuilder, timeError } from '../record-batch/index.ts';
import { BatchMemory } from './batch-memory.ts';
import type { PartitionQueue } from './partition-queue.ts';
import { type Piece, ProducerBatch } from './producer-batch.ts';
import type { Receipt } from './receipt.ts';

export interface AccumulatorOptions {
  readonly compression: Compression;
  readonly transactional: boolean;
  /** Batches get their producer, and with it their checksum, when they are sent. */
  readonly idempotent: boolean;
  readonly lingerMs: number;
  readonly batchBytes: number;
  readonly maxBufferedBytes: number;
  readonly maxRequestBytes: number;
  readonly deliveryTimeoutMs: number;
}

/** A record batch that still takes records. */
interface Open {
  readonly builder: RecordBatchBuilder;
  readonly pieces: Piece[];
  readonly since: number;
  /** Bytes of it that are counted as held. */
  counted: number;
}

/** Records of a sent batch, from one position to before another. */
interface Addition {
  readonly receipt: Receipt;
  readonly records: readonly OutRecord[];
  readonly from: number;
  readonly to: number;
  readonly now: number;
}

/** What the fields of a request and of a batch take beside its records. */
const OVERHEAD = 512;

/** Gathers records into record batches, one open for each partition, and counts the bytes that are held. */
export class Accumulator {
  readonly #options: AccumulatorOptions;
  readonly #queueOf: (tp: TopicPartition) => PartitionQueue;
  readonly #sealed: (queue: PartitionQueue) => void;
  /** In the order in which they were opened. */
  readonly #open = new Map<PartitionQueue, Open>();
  readonly #builders: RecordBatchBuilder[] = [];
  readonly #memory: BatchMemory;
  readonly #maxBatchBytes: number;
  readonly #queues = new Map<string, PartitionQueue>();
  #timer: NodeJS.Timeout | undefined;
  #sealing = false;
  #waiting: (() => void)[] = [];
  #bytes = 0;

  constructor(options: AccumulatorOptions, queueOf: (tp: TopicPartition) => PartitionQueue, sealed: (queue: PartitionQueue) => void) {
    this.#options = options;
    this.#maxBatchBytes = Math.min(options.batchBytes, options.maxRequestBytes - OVERHEAD);
    this.#memory = new BatchMemory(this.#maxBatchBytes);
    this.#queueOf = queueOf;
    this.#sealed = sealed;
  }

  get bufferedBytes(): number {
    return this.#bytes;
  }

  get queues(): Iterable<PartitionQueue> {
    return this.#queues.values();
  }

  /** Adds the records; one that can never be written is refused by itself. Throws a DriverError when there are none. */
  append(batch: OutBatch, receipt: Receipt): void {
    const { topic, records } = batch;
    if (records.length === 0) throw new DriverError('invalid', `A batch for topic ${topic} has no records. Send at least one.`);
    const now = Date.now();
    const queue = this.#queue(batch);
    let from = 0;
    for (const [index, error] of unfitRecords(batch, this.#options.maxRequestBytes - OVERHEAD)) {
      receipt.refuse(error, index, 1);
      this.#add(queue, { receipt, records, from, to: index, now });
      from = index + 1;
    }
    this.#add(queue, { receipt, records, from, to: records.length, now });
  }

  /** Adds the records from one position to before another. */
  #add(queue: PartitionQueue, { receipt, records, from, to, now }: Addition): void {
    if (from === to) return;
    const maxBytes = Math.min(this.#maxBatchBytes, queue.limit.bytes);
    let open = this.#open.get(queue) ?? this.#opened(queue);
    let first = open.builder.count;
    let at = from;
    let maxTimestamp = -1;
    const part = (next: number) => {
      if (next === at) return;
      open.pieces.push({ receipt, first, from: at, count: next - at, maxTimestamp });
      receipt.expect();
    };
    for (let index = from; index < to; index++) {
      const record = records[index] as OutRecord;
      if (!open.builder.append(record, now, maxBytes)) {
        part(index);
        this.#seal(queue, open);
        open = this.#opened(queue);
        first = 0;
        at = index;
        maxTimestamp = -1;
        open.builder.append(record, now);
      }
      const timestamp = record.timestamp ?? now;
      if (timestamp > maxTimestamp) maxTimestamp = timestamp;
    }
    part(to);
    this.#filled(queue, open);
  }

  /** Resolves when there is room for more. */
  ready(): Promise<void> {
    if (this.#bytes < this.#options.maxBufferedBytes) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Sends what is open without waiting for more. */
  sealAll(): void {
    for (const [queue, open] of this.#open) this.#seal(queue, open);
  }

  /** The bytes of a batch are held no longer. `unused`: its memory may take the next one. */
  release({ bytes, memory }: ProducerBatch, unused = false): void {
    this.#bytes -= bytes.length;
    if (unused && memory !== undefined) this.#memory.give(memory);
    if (this.#bytes >= this.#options.maxBufferedBytes) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** The bytes of a batch that was made of others are held. */
  hold(bytes: number): void {
    this.#bytes += bytes;
  }

  #queue(tp: TopicPartition): PartitionQueue {
    const key = partitionKey(tp);
    let queue = this.#queues.get(key);
    if (queue === undefined) {
      queue = this.#queueOf(tp);
      this.#queues.set(key, queue);
    }
    return queue;
  }

  #opened(queue: PartitionQueue): Open {
    const open: Open = {
      builder: this.#builders.pop() ?? new RecordBatchBuilder({ maxBytes: this.#maxBatchBytes, memory: this.#memory }),
      pieces: [],
      since: performance.now(),
      counted: 0,
    };
    this.#open.set(queue, open);
    return open;
  }

  #filled(queue: PartitionQueue, open: Open): void {
    const { lingerMs, batchBytes, maxBufferedBytes } = this.#options;
    this.#count(open, open.builder.byteLength);
    if (this.#bytes >= maxBufferedBytes) this.sealAll();
    else if (open.builder.byteLength >= Math.min(batchBytes, queue.limit.bytes)) this.#seal(queue, open);
    if (lingerMs === 0 && !queue.backedUp) this.#sealSoon();
    else this.#sealLater(lingerMs);
  }

  /** Without linger: what is added at this moment goes together, and more gathers only where batches wait anyway. */
  #sealSoon(): void {
    if (this.#sealing) return;
    this.#sealing = true;
    queueMicrotask(() => {
      this.#sealing = false;
      for (const [queue, open] of this.#open) if (!queue.backedUp) this.#seal(queue, open);
      this.#sealLater(0);
    });
  }

  #sealLater(ms: number): void {
    if (this.#open.size > 0) this.#timer ??= setTimeout(() => this.#lingered(), ms);
  }

  #count(open: Open, bytes: number): void {
    this.#bytes += bytes - open.counted;
    open.counted = bytes;
  }

  #lingered(): void {
    this.#timer = undefined;
    const { lingerMs } = this.#options;
    // A timer may fire up to a millisecond early.
    const due = performance.now() - lingerMs + 1;
    for (const [queue, open] of this.#open) {
      if (open.since > due) {
        this.#timer = setTimeout(() => this.#lingered(), Math.max(1, open.since - due));
        break;
      }
      this.#seal(queue, open);
    }
  }

  #seal(queue: PartitionQueue, open: Open): void {
    const { builder, pieces, since } = open;
    this.#open.delete(queue);
    const { compression, transactional, idempotent, deliveryTimeoutMs } = this.#options;
    const encoded = builder.build({ compression, transactional, unstamped: idempotent });
    this.#builders.push(builder);
    this.#count(open, encoded.bytes.length);
    queue.add(new ProducerBatch(encoded, pieces, since + deliveryTimeoutMs));
    this.#sealed(queue);
  }
}

const none: ReadonlyMap<number, DriverError> = new Map();

/** Records that no request has room for or that have no valid time, with what is wrong, in their order. */
function unfitRecords({ topic, records }: OutBatch, maxBytes: number): ReadonlyMap<number, DriverError> {
  let unfit: Map<number, DriverError> | undefined;
  for (let index = 0; index < records.length; index++) {
    const error = unfitness(topic, records[index] as OutRecord, maxBytes);
    if (error !== undefined) unfit = (unfit ?? new Map()).set(index, error);
  }
  return unfit ?? none;
}

function unfitness(topic: string, record: OutRecord, maxBytes: number): DriverError | undefined {
  const untimed = timeError(record);
  if (untimed !== undefined) return untimed;
  if (3 * roughSize(record) <= maxBytes) return undefined;
  const bytes = exactSize(record);
  if (bytes <= maxBytes) return undefined;
  return new DriverError(
    'too-large',
    `A record for topic ${topic} takes ${bytes} bytes, more than max.request.size has room for. Raise max.request.size, or send less.`,
    { code: 10 },
  );
}

/** At most three bytes are written for each unit of it. */
function roughSize({ key, value, headers }: OutRecord): number {
  let size = 32 + (key === null ? 0 : key.length) + (value === null ? 0 : value.length);
  if (headers !== undefined) for (const [name, content] of headers) size += 10 + name.length + (content === null ? 0 : content.length);
  return size;
}

const byteLength = (payload: Payload): number =>
  payload === null ? 0 : typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;

function exactSize({ key, value, headers = [] }: OutRecord): number {
  return headers.reduce(
    (sum, [name, content]) => sum + 10 + byteLength(name) + byteLength(content),
    21 + byteLength(key) + byteLength(value),
  );
}
