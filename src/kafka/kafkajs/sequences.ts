import { stampProducer } from '../record-batch/index.ts';
import type { ProducerIdentity } from './requests/init-producer-id.ts';

const SEQUENCES = 0x8000_0000;
const LAST_EPOCH = 0x7fff;

/** What gets a place in the sequence of its partition. */
export interface Sequenced {
  readonly bytes: Buffer;
  readonly count: number;
  /** -1: none yet. */
  sequence: number;
}

/**
 * Identity and next sequence number of a producer in one partition.
 *
 * A broker takes only the next number of an epoch, and knows the last five batches again: that makes a repeated request
 * harmless. Each partition has its own epoch, so that a gap in one does not hold up the others.
 */
export class Sequences {
  #identity: ProducerIdentity | undefined;
  #next = 0;
  #usedUp = false;
  #established = false;

  get known(): boolean {
    return this.#identity !== undefined;
  }

  /** The broker has a batch of this epoch, so that it refuses one that comes too early. Without one it takes any. */
  get established(): boolean {
    return this.#established;
  }

  establish(): void {
    this.#established = true;
  }

  /** The epochs of the last identity are: it takes another one. */
  get usedUp(): boolean {
    return this.#usedUp;
  }

  start(identity: ProducerIdentity): void {
    this.#identity = identity;
    this.#usedUp = false;
    this.#established = false;
    this.#next = 0;
  }

  /** Gives a batch its number, once: it keeps it over retries. */
  stamp(batch: Sequenced): void {
    if (batch.sequence >= 0 || this.#identity === undefined) return;
    batch.sequence = this.#next;
    this.#next = (this.#next + batch.count) % SEQUENCES;
    stampProducer(batch.bytes, { ...this.#identity, baseSequence: batch.sequence });
  }

  /** The batch with this number was refused for certain: the next takes its place. */
  rewind(sequence: number): void {
    this.#next = sequence;
  }

  /** Nothing is certain about the numbers given so far: begins anew in the next epoch, of a new identity when they are used up. */
  renew(): void {
    const { id, epoch } = this.#identity ?? { id: -1n, epoch: LAST_EPOCH };
    this.#usedUp = epoch === LAST_EPOCH;
    this.#identity = this.#usedUp ? undefined : { id, epoch: epoch + 1 };
    this.#established = false;
    this.#next = 0;
  }
}
