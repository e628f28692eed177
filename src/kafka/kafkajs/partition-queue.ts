import type { DriverError, TopicPartition } from '../driver.ts';
import { BatchLimit } from './batch-limit.ts';
import type { ProducerBatch } from './producer-batch.ts';
import type { ProducerIdentity } from './requests/init-producer-id.ts';
import { Sequences } from './sequences.ts';

export interface PartitionQueueOptions {
  readonly idempotent: boolean;
  readonly maxInFlight: number;
  /** How long it is kept in mind that a batch was too large. Default: for ever. */
  readonly limitMs?: number;
}

/**
 * The ordered stream of batches to one partition.
 *
 * Several are on their way at a time. When one comes back, nothing more goes out until all that are on their way have been
 * answered; then those that came back go first, in their order. So a retry never lets a later batch pass an earlier one.
 */
export class PartitionQueue implements TopicPartition {
  readonly topic: string;
  readonly partition: number;
  /** Without them a broker cannot tell order, so that one batch at a time is sent. */
  readonly #sequences: Sequences | undefined;
  readonly #mostOnTheWay: number;
  #waiting: ProducerBatch[] = [];
  #returned: ProducerBatch[] = [];
  readonly #onTheWay = new Set<ProducerBatch>();
  #nextOrder = 0;
  /** The earliest batch that was refused for certain while later ones were on their way. */
  #refused: { readonly order: number; readonly sequence: number } | undefined;
  #renew = false;
  readonly limit: BatchLimit;
  /** On the clock of `performance.now()`: not before. */
  retryAt = 0;

  constructor({ topic, partition }: TopicPartition, options: PartitionQueueOptions) {
    this.topic = topic;
    this.partition = partition;
    this.#sequences = options.idempotent ? new Sequences() : undefined;
    this.#mostOnTheWay = options.maxInFlight;
    this.limit = new BatchLimit(options.limitMs ?? Number.POSITIVE_INFINITY);
  }

  get needsIdentity(): boolean {
    return this.#sequences !== undefined && !this.#sequences.known;
  }

  get identityUsedUp(): boolean {
    return this.#sequences?.usedUp ?? false;
  }

  get idle(): boolean {
    return this.#waiting.length === 0 && this.#onTheWay.size === 0;
  }

  /** Whether a batch may go now. */
  ready(now: number): boolean {
    const [next] = this.#waiting;
    if (next === undefined || this.#returned.length > 0 || this.#held || now < this.retryAt) return false;
    const [oldest] = this.#onTheWay;
    if (oldest === undefined) return true;
    // One that was sent before goes alone. Requests may overtake each other, and a broker knows only its last batches again: it must not get
    // so many behind one that it may have that it would take it for a new one.
    const repeated = oldest.attempts > 1 || next.attempts > 0;
    return this.#sequences?.established === true && !repeated && next.order - oldest.order < this.#mostOnTheWay;
  }

  /** Batches wait for those that are on their way. */
  get backedUp(): boolean {
    return this.#waiting.length > 0;
  }

  /** Size of the batch that goes next. */
  get nextBytes(): number {
    return this.#waiting[0]?.bytes.length ?? 0;
  }

  /** Begins the sequence of an identity. What is still on its way is of no interest to it. */
  start(identity: ProducerIdentity): void {
    this.#sequences?.start(identity);
    for (const batch of [...this.#waiting, ...this.#onTheWay]) batch.sequence = -1;
    this.#refused = undefined;
    this.#renew = false;
  }

  add(batch: ProducerBatch): void {
    batch.order = this.#nextOrder++;
    this.#waiting.push(batch);
  }

  /** The next batch, now on its way. Only when `ready`. */
  take(): ProducerBatch | undefined {
    const batch = this.#waiting.shift();
    if (batch === undefined) return undefined;
    this.#sequences?.stamp(batch);
    batch.attempts++;
    this.#onTheWay.add(batch);
    return batch;
  }

  appended(batch: ProducerBatch): void {
    if (batch.sequence >= 0) this.#sequences?.establish();
    this.#leave(batch);
  }

  /** To be sent again. */
  comesBack(batch: ProducerBatch): void {
    this.#returned.push(batch);
    this.#leave(batch);
  }

  /** The broker says that a batch before it is missing. Without one, what it knows of this producer is lost or never came: begins anew. */
  outOfOrder(batch: ProducerBatch): void {
    const earlier = [...this.#onTheWay, ...this.#returned].some(({ order }) => order < batch.order);
    if (!earlier) this.#renew = true;
    this.comesBack(batch);
  }

  /** Is not sent again. Later batches take its sequence number only if it is certain that the broker does not have it. */
  refused(batch: ProducerBatch): void {
    this.#vacate(batch);
    this.#leave(batch);
  }

  /** Is replaced by others with the same records. */
  replaced(batch: ProducerBatch, by: readonly ProducerBatch[]): void {
    batch.replaced();
    batch.uncertain = false;
    this.#vacate(batch);
    for (const each of by) each.order = batch.order;
    this.#returned.push(...by);
    this.#leave(batch);
  }

  /** Refuses what is overdue; what is on its way stays there, answered. Gives the batches that have left. */
  expire(now: number, error: (batch: ProducerBatch) => DriverError): readonly ProducerBatch[] {
    for (const batch of this.#onTheWay) if (batch.deadline <= now) batch.refused(error(batch));
    return this.#remove((batch) => batch.settled || batch.deadline <= now, error);
  }

  /** Refuses everything that is not on its way. Gives the batches that have left. */
  drop(error: DriverError): readonly ProducerBatch[] {
    return this.#remove(
      () => true,
      () => error,
    );
  }

  #remove(which: (batch: ProducerBatch) => boolean, error: (batch: ProducerBatch) => DriverError): readonly ProducerBatch[] {
    const gone = [...this.#returned, ...this.#waiting].filter(which);
    if (gone.length === 0) return gone;
    const left = new Set(gone);
    this.#returned = this.#returned.filter((batch) => !left.has(batch));
    this.#waiting = this.#waiting.filter((batch) => !left.has(batch));
    for (const batch of gone) {
      batch.refused(error(batch));
      this.#vacate(batch);
    }
    this.#restore();
    return gone;
  }

  get #held(): boolean {
    return this.#renew || this.#refused !== undefined;
  }

  #vacate({ order, sequence, uncertain }: ProducerBatch): void {
    if (sequence < 0 || uncertain || (this.#refused !== undefined && this.#refused.order < order)) return;
    this.#refused = { order, sequence };
  }

  #leave(batch: ProducerBatch): void {
    this.#onTheWay.delete(batch);
    this.#restore();
  }

  #restore(): void {
    if (this.#onTheWay.size > 0) return;
    const { length } = this.#returned;
    if (length > 0) this.#waiting = [...this.#returned.sort((a, b) => a.order - b.order), ...this.#waiting];
    this.#returned = [];
    if (this.#renew) this.#resequence(-1, () => this.#sequences?.renew());
    else if (this.#refused !== undefined) {
      const { order, sequence } = this.#refused;
      this.#resequence(order, () => this.#sequences?.rewind(sequence));
    }
    if (length > 0) {
      this.#nextOrder = 0;
      for (const batch of this.#waiting) batch.order = this.#nextOrder++;
    }
    this.#renew = false;
    this.#refused = undefined;
  }

  /** Takes their numbers from the batches from a place on. */
  #resequence(from: number, move: () => void): void {
    move();
    for (const batch of this.#waiting) if (batch.order >= from) batch.sequence = -1;
  }
}
