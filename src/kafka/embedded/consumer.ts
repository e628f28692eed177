import { dispensable } from '../dispensable.ts';
import {
  type Consumer,
  type ConsumerOptions,
  type GroupIdentity,
  type InBatch,
  type Position,
  partitionKey,
  type TopicPartition,
} from '../driver.ts';
import { parsePartitionKey } from '../partition-key.ts';
import { decodeBatches, readBatches } from '../record-batch/index.ts';
import { Waiters } from '../waiters.ts';
import type { Broker } from './broker.ts';
import { type Chunk, Cursor, type Read, type Start } from './cursor.ts';
import { type CommittedOffset, GroupOffsets } from './group-offsets.ts';
import { atPort, closedError, corruptBatch, isBusy, refuse } from './store-errors.ts';

const DEFAULT_PARTITION_BYTES = 1024 * 1024;
const DEFAULT_BUFFERED_BYTES = 16 * 1024 * 1024;
/** Bytes read in one turn of the event loop. */
const TURN_BYTES = 4 * 1024 * 1024;
const BUSY_PAUSE_MS = 10;

/**
 * Reads assigned partitions in turns, at most `maxBufferedBytes` of unreleased batches at a time; one larger batch passes alone.
 *
 * Waiting costs nothing and does not keep the process alive. A partition without position starts at the group's committed offset, else where
 * `reset` says (default latest), as the log was when it was assigned.
 */
export class EmbeddedConsumer implements Consumer {
  readonly #broker: Broker;
  readonly #offsets: GroupOffsets;
  readonly #groupId: string | undefined;
  readonly #reset: Start;
  readonly #partitionBytes: number;
  readonly #maxBufferedBytes: number;
  readonly #stopListening: () => void;
  #cursors = new Map<string, Cursor>();
  /** Whose turn it is: the order in which partitions are read. */
  #turns: Cursor[] = [];
  #chunks: Chunk[] = [];
  readonly #waiters = new Waiters();
  #unreleasedBytes = 0;
  #scheduled = false;
  #closed = false;

  constructor(broker: Broker, options: ConsumerOptions) {
    if (options.source.mode === 'group')
      throw refuse.invalidRequest('The embedded broker has no consumer groups. Use mode assign, or a Kafka cluster.');
    this.#broker = broker;
    this.#offsets = new GroupOffsets(broker.store);
    this.#groupId = options.source.groupId;
    this.#reset = options.reset ?? 'latest';
    this.#partitionBytes = options.maxPartitionBytes ?? DEFAULT_PARTITION_BYTES;
    this.#maxBufferedBytes = options.maxBufferedBytes ?? DEFAULT_BUFFERED_BYTES;
    this.assign(options.source.partitions);
    this.#stopListening = broker.signal.listen(() => this.#schedule());
  }

  async next(signal?: AbortSignal): Promise<InBatch> {
    this.#check();
    signal?.throwIfAborted();
    const batch = this.#waiters.size === 0 ? this.#take() : undefined;
    return batch ?? this.#wait(signal);
  }

  assign(partitions: readonly TopicPartition[]): void {
    this.#check();
    const kept = new Map<string, Cursor>();
    for (const partition of partitions) {
      const key = partitionKey(partition);
      kept.set(key, this.#cursors.get(key) ?? this.#start(partition));
    }
    for (const [key, cursor] of this.#cursors) if (!kept.has(key)) this.#drop(cursor);
    this.#cursors = kept;
    const before = new Set(this.#turns);
    const added = [...kept.values()].filter((cursor) => !before.has(cursor));
    this.#turns = [...this.#turns.filter((cursor) => kept.get(cursor.key) === cursor), ...added];
    this.#schedule();
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#cursor(partition).pause();
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#cursor(partition).paused = false;
    this.#schedule();
  }

  seek(partition: TopicPartition, to: number | Position | 'earliest' | 'latest'): void {
    const cursor = this.#cursor(partition);
    this.#drop(cursor);
    cursor.seek(typeof to === 'object' ? to.offset : to);
    this.#schedule();
  }

  position(partition: TopicPartition): number | undefined {
    return this.#cursors.get(partitionKey(partition))?.position;
  }

  assignment(): readonly TopicPartition[] {
    return [...this.#cursors.values()].map(({ partition }) => partition);
  }

  async commit(offsets: ReadonlyMap<string, CommittedOffset>): Promise<void> {
    const group = this.#group();
    const { catalog } = this.#broker;
    // What is made again under the name of a topic that is gone would be read from there.
    const there = () => new Map([...offsets].filter(([key]) => catalog.partition(parsePartitionKey(key)) !== undefined));
    await this.#broker.write(() => this.#offsets.set(group, there())).catch((error) => Promise.reject(atPort(error)));
  }

  async committed(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, Position>> {
    const all = this.#offsets.of(this.#group());
    const keys = partitions.map(partitionKey);
    return new Map(keys.flatMap((key) => (all.has(key) ? [[key, { offset: all.get(key) ?? 0 }]] : [])));
  }

  groupIdentity(): GroupIdentity | null {
    return this.#groupId === undefined ? null : { groupId: this.#groupId };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopListening();
    this.#chunks = [];
    this.#waiters.refuseAll(closedError('consumer'));
  }

  #wait(signal: AbortSignal | undefined): Promise<InBatch> {
    const waiting = this.#waiters.wait(signal);
    this.#schedule();
    return waiting;
  }

  #check(): void {
    if (this.#closed || this.#broker.signal.closed) throw closedError('consumer');
  }

  #group(): string {
    this.#check();
    if (this.#groupId === undefined) throw refuse.invalidRequest('This consumer has no group to keep offsets for. Open it with a groupId.');
    return this.#groupId;
  }

  #cursor(partition: TopicPartition): Cursor {
    this.#check();
    const cursor = this.#cursors.get(partitionKey(partition));
    if (cursor === undefined) throw refuse.invalidRequest(`Partition ${partitionKey(partition)} is not assigned to this consumer.`);
    return cursor;
  }

  #start(partition: TopicPartition): Cursor {
    const cursor = new Cursor(this.#broker, partition, this.#reset);
    const committed = this.#groupId === undefined ? undefined : this.#offsets.get(this.#groupId, partition);
    if (committed !== undefined) cursor.seek(committed);
    else if (this.#reset !== 'error') cursor.seek(this.#reset);
    return cursor;
  }

  #drop(cursor: Cursor): void {
    for (const chunk of this.#chunks) if (chunk.cursor === cursor) this.#unreleasedBytes -= chunk.bytes;
    this.#chunks = this.#chunks.filter((chunk) => chunk.cursor !== cursor);
    cursor.buffered = 0;
  }

  /** The next chunk of a partition that is not paused, decoded. */
  #take(): InBatch | undefined {
    for (;;) {
      const at = this.#chunks.findIndex((chunk) => !chunk.cursor.paused);
      const [chunk] = at === -1 ? [] : this.#chunks.splice(at, 1);
      if (chunk === undefined) return undefined;
      chunk.cursor.buffered--;
      const batch = this.#decode(chunk);
      chunk.cursor.position = batch.nextOffset;
      if (batch.count > 0) return batch;
      batch.release();
    }
  }

  #decode({ cursor: { partition, key }, rows, bytes, from, state }: Chunk): InBatch {
    try {
      return decodeBatches(
        rows.flatMap(({ data }) => [...readBatches(data)]),
        {
          topic: partition.topic,
          partition: partition.partition,
          fromOffset: from,
          highWatermark: state.nextOffset,
          lastStableOffset: state.lastStable,
          onRelease: () => this.#released(bytes),
        },
      );
    } catch (error) {
      this.#released(bytes);
      throw corruptBatch(error, this.#broker.store.file, `${key} at offset ${from}`);
    }
  }

  #released(bytes: number): void {
    this.#unreleasedBytes -= bytes;
    this.#schedule();
  }

  /** Reads in a turn of its own, so that a reader that never waits does not starve timers. */
  #schedule(): void {
    if (this.#scheduled || this.#waiters.size === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#serve();
    });
  }

  #serve(): void {
    if (this.#closed) return;
    try {
      this.#check();
      if (!this.#chunks.some((chunk) => !chunk.cursor.paused)) this.#fill();
      while (this.#waiters.size > 0) {
        const batch = this.#take();
        if (batch === undefined) return;
        this.#waiters.give(batch);
      }
    } catch (error) {
      if (isBusy(error)) setTimeout(() => this.#schedule(), BUSY_PAUSE_MS);
      else this.#waiters.refuseAll(atPort(error));
    }
  }

  #fill(): void {
    const open = this.#turns.filter((cursor) => !cursor.paused && cursor.buffered === 0 && !cursor.idle);
    if (open.length === 0) return;
    for (const cursor of open) cursor.look();
    this.#broker.store.read(() => this.#readTurns(open));
  }

  #readTurns(cursors: readonly Cursor[]): void {
    let left = TURN_BYTES;
    const served = new Set<Cursor>();
    for (const cursor of cursors) {
      if (left <= 0) break;
      const first = this.#read(cursor);
      // What does not fit now is first once there is room: smaller batches of others must not pass it for ever.
      const { chunks, starved } = first.starved > 0 && this.#makeRoom(first.starved) ? this.#read(cursor) : first;
      if (starved > 0) break;
      served.add(cursor);
      for (const chunk of chunks) {
        this.#chunks.push(chunk);
        this.#unreleasedBytes += chunk.bytes;
        left -= chunk.bytes;
      }
    }
    this.#turns = [...this.#turns.filter((cursor) => !served.has(cursor)), ...this.#turns.filter((cursor) => served.has(cursor))];
  }

  #read(cursor: Cursor): Read {
    const credit = Math.max(0, this.#maxBufferedBytes - this.#unreleasedBytes);
    return cursor.read({
      bytes: Math.min(credit, this.#partitionBytes),
      credit: this.#unreleasedBytes === 0 ? Number.POSITIVE_INFINITY : credit,
    });
  }

  /** What paused partitions hold gives way to a batch of another, and is read again when they are resumed. */
  #makeRoom(bytes: number): boolean {
    const given = dispensable(this.#chunks, bytes - (this.#maxBufferedBytes - this.#unreleasedBytes));
    for (const chunk of given) {
      chunk.cursor.giveUp(chunk);
      this.#unreleasedBytes -= chunk.bytes;
    }
    this.#chunks = this.#chunks.filter((chunk) => !given.has(chunk));
    return given.size > 0;
  }
}
