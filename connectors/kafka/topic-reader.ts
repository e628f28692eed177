import type { Subscriber } from 'rxjs';
import { type Consumer, DriverError, type InBatch, type Position, partitionKey, type TopicPartition } from 'sluice/kafka';
import type { ConsumedRecord, Demand, SourceBatch, SourcePartition } from 'sluice/sdk';
import { topicErrors } from './errors.ts';
import { sourcePartition } from './group-offsets.ts';
import { Slices } from './slices.ts';

/** A partition that is read. */
interface Reading {
  readonly topicPartition: TopicPartition;
  readonly name: SourcePartition;
  /** Fetched, and on its way out. */
  slices: Slices | undefined;
  /** Not fetched while slices wait. */
  paused: boolean;
}

export interface TopicReaderOptions {
  readonly consumer: Consumer;
  readonly out: Subscriber<SourceBatch<ConsumedRecord>>;
  /** A topic that was read is gone. */
  readonly gone: () => void;
}

/** Hands fetched batches on as demand allows it: a partition without room waits and does not hold up the others. */
export class TopicReader {
  readonly #consumer: Consumer;
  readonly #out: Subscriber<SourceBatch<ConsumedRecord>>;
  readonly #gone: () => void;
  readonly #abort = new AbortController();
  #readings = new Map<string, Reading>();
  /** Those with slices, in the order in which they get their turn. */
  #waiting: Reading[] = [];
  #demand: Demand | undefined;
  #fetching = false;
  #pumping = false;

  constructor({ consumer, out, gone }: TopicReaderOptions) {
    this.#consumer = consumer;
    this.#out = out;
    this.#gone = gone;
  }

  knows(partition: TopicPartition): boolean {
    return this.#readings.has(partitionKey(partition));
  }

  /** Reads these partitions from now on. Those that are new begin at `start`, or where the consumer's policy says. */
  assign(partitions: readonly TopicPartition[], start: ReadonlyMap<string, Position | 'earliest'>): void {
    const before = this.#readings;
    this.#readings = new Map();
    for (const topicPartition of partitions) {
      const key = partitionKey(topicPartition);
      this.#readings.set(
        key,
        before.get(key) ?? { topicPartition, name: sourcePartition(topicPartition), slices: undefined, paused: false },
      );
    }
    this.#consumer.assign(partitions);
    for (const [key, { topicPartition }] of this.#readings) {
      const from = start.get(key);
      if (from !== undefined && !before.has(key)) this.#consumer.seek(topicPartition, from);
    }
    for (const [key, reading] of before) if (!this.#readings.has(key)) this.#drop(reading);
    this.#pump();
  }

  offer(demand: Demand): void {
    this.#demand = demand;
    this.#pump();
  }

  close(): void {
    this.#abort.abort();
    for (const reading of this.#readings.values()) this.#drop(reading);
  }

  /** Emits in a loop, not by recursion: demand falls from inside the emission. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#emitNext());
    for (const reading of this.#waiting) this.#pause(reading, true);
    this.#pumping = false;
    this.#fetch();
  }

  #emitNext(): boolean {
    const demand = this.#demand;
    if (demand === undefined || demand.records <= 0 || this.#out.closed) return false;
    for (const [at, reading] of this.#waiting.entries()) {
      const room = Math.min(demand.records, demand.room(reading.name));
      const { slices } = reading;
      if (room <= 0 || slices === undefined) continue;
      this.#waiting.splice(at, 1);
      const batch = slices.take(room);
      if (slices.left > 0) this.#waiting.push(reading);
      else {
        reading.slices = undefined;
        this.#pause(reading, false);
      }
      this.#out.next(batch);
      return true;
    }
    return false;
  }

  #pause(reading: Reading, paused: boolean): void {
    if (reading.paused === paused) return;
    reading.paused = paused;
    if (paused) this.#consumer.pause([reading.topicPartition]);
    else this.#consumer.resume([reading.topicPartition]);
  }

  #drop(reading: Reading): void {
    reading.slices?.drop();
    reading.slices = undefined;
    this.#waiting = this.#waiting.filter((other) => other !== reading);
  }

  /** One fetch at a time, while there is demand and a partition that has nothing waiting. */
  #fetch(): void {
    const wanted = (this.#demand?.records ?? 0) > 0 && this.#waiting.length < this.#readings.size;
    if (this.#fetching || !wanted || this.#abort.signal.aborted) return;
    this.#fetching = true;
    this.#consumer.next(this.#abort.signal).then(
      (batch) => this.#arrived(batch),
      (error: unknown) => this.#failed(error),
    );
  }

  #arrived(batch: InBatch): void {
    this.#fetching = false;
    const reading = this.#readings.get(partitionKey(batch));
    if (reading === undefined || this.#abort.signal.aborted) batch.release();
    else {
      reading.slices = new Slices(batch, reading.name);
      this.#waiting.push(reading);
    }
    this.#pump();
  }

  #failed(error: unknown): void {
    this.#fetching = false;
    if (this.#abort.signal.aborted) return;
    if (!(error instanceof DriverError)) this.#out.error(error);
    else if (error.kind === 'unknown-topic') this.#gone();
    else this.#out.error(error.kind === 'out-of-range' ? topicErrors.NO_OFFSET({ why: error.message }, error) : error);
  }
}
