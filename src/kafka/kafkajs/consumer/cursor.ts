import { type DriverError, partitionKey, type TopicPartition } from '../../driver.ts';
import type { PartitionMetadata } from '../requests/metadata.ts';
import type { Portion } from './split-answer.ts';

/** How the position is found when there is none. */
export type Wanted = 'committed' | 'reset' | 'earliest' | 'latest';

/** A portion on its way to the reader. */
export interface Chunk extends Portion {
  readonly cursor: Cursor;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
}

/** Where a consumer stands in one partition, and what keeps it from fetching. */
export class Cursor {
  readonly partition: TopicPartition;
  readonly key: string;
  paused = false;
  /** Since when it is paused, of `performance.now`. */
  pausedAt = 0;
  /** Not assigned any more. */
  dropped = false;
  /** Next offset to hand out. */
  position: number | undefined;
  /** Next offset to fetch. */
  fetchAt: number | undefined;
  wanted: Wanted;
  /** Moves with every seek: what was asked before is not taken any more. */
  version = 0;
  /** Fetched and not handed out. */
  chunks = 0;
  bufferedBytes = 0;
  /** There was more to fetch when it was fetched last. */
  behind = true;
  leader: PartitionMetadata | undefined;
  /** Whose fetches it takes part in. */
  loop: number | undefined;
  /** Of the last batch before `fetchAt`; -1: not known. */
  epoch = -1;
  /** The leader may have changed since: what was read may have been cut off. */
  unchecked = false;
  /** Something is being found out for it. */
  busy = false;
  /** Left alone until then. */
  notBefore = 0;
  attempts = 0;
  /** Since when its topic is missing. */
  missingSince: number | undefined;
  /** For the next reader that finds nothing else of this partition. */
  failure: DriverError | undefined;

  constructor(partition: TopicPartition, wanted: Wanted) {
    this.partition = partition;
    this.key = partitionKey(partition);
    this.wanted = wanted;
  }

  /** Can be fetched but for what is buffered. */
  get ready(): boolean {
    return this.leader !== undefined && this.fetchAt !== undefined && !this.unchecked && this.failure === undefined;
  }

  /** @param epoch of what was read before the offset, which is compared with the log; -1: not known */
  seek(offset: number | 'earliest' | 'latest', epoch = -1): void {
    this.position = this.fetchAt = typeof offset === 'number' ? offset : undefined;
    if (typeof offset !== 'number') this.wanted = offset;
    this.version++;
    this.#at(epoch);
    this.failure = undefined;
    this.behind = true;
    this.notBefore = 0;
    this.attempts = 0;
  }

  pause(): void {
    if (!this.paused) this.pausedAt = performance.now();
    this.paused = true;
  }

  /** What was fetched last is to be fetched again. */
  giveUp({ bytes, from }: Portion): void {
    this.chunks--;
    this.bufferedBytes -= bytes;
    this.fetchAt = from;
    this.behind = true;
    // It was found behind what is given up, and will be found there again.
    this.failure = undefined;
  }

  /** @param epoch as for `seek` */
  found(offset: number, epoch = -1): void {
    this.fetchAt = offset;
    if (this.chunks === 0) this.position = offset;
    this.#at(epoch);
    this.attempts = 0;
  }

  #at(epoch: number): void {
    this.epoch = epoch;
    this.unchecked = epoch >= 0;
  }

  /** Takes up a leader; a newer one may know less than was read. */
  lead(leader: PartitionMetadata): void {
    if (this.epoch >= 0 && leader.leaderEpoch > this.epoch && leader.leaderEpoch !== this.leader?.leaderEpoch) this.unchecked = true;
    this.leader = leader;
    this.missingSince = undefined;
  }
}
