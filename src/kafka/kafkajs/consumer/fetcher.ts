import { dispensable } from '../../dispensable.ts';
import type { InBatch } from '../../driver.ts';
import { decodeBatches } from '../../record-batch/index.ts';
import { readingError } from '../error-codes.ts';
import type { Link } from '../link.ts';
import type { FetchedPartition } from '../requests/fetch.ts';
import { driverError } from '../send-request.ts';
import type { Chunk, Cursor } from './cursor.ts';
import { type Asked, type FetchLimits, fetchRound } from './fetch-round.ts';
import type { Preparation } from './preparation.ts';
import { splitAnswer } from './split-answer.ts';

export interface FetcherOptions {
  readonly link: Link;
  readonly isolation: 'committed' | 'uncommitted';
  readonly maxPartitionBytes: number;
  readonly maxBufferedBytes: number;
  readonly maxWaitMs: number;
  readonly checkCrc: boolean;
  /** Something can go on. */
  readonly changed: () => void;
}

/** One leader: at most one fetch of it is under way. */
interface Loop {
  readonly leader: number;
  fetching: boolean;
  /** Partitions in the order in which a broker is to look at them. */
  turns: Cursor[];
  /** What the fetch under way covers, in which version; what is not covered need not wait for its end. */
  asked: Map<Cursor, number>;
  /** There may be something that is not covered. */
  late: boolean;
  /** Short waits in a row that brought nothing. */
  vain: number;
}

/** While partitions wait for room, the others are asked with so short a wait first. */
const SHORT_WAIT_MS = 10;
/** Least part of the room for which it is worth asking. */
const LEAST_ROOM = 1 / 8;
/** So much of a partition is worth asking for, however many share the room. */
const LEAST_SHARE = 64 * 1024;

/**
 * Fetches partitions from their leaders, one request at a time of each, ahead of the reader as far as there is room.
 *
 * Room is counted in bytes on the wire, from the request until the batch is released. One record batch that is larger passes alone.
 */
export class Fetcher {
  readonly #options: FetcherOptions;
  readonly #preparation: Preparation;
  readonly #loops = new Map<number, Loop>();
  #queue: Chunk[] = [];
  /** Fetched and not released; of these, handed out; and asked for. */
  #usedBytes = 0;
  #outBytes = 0;
  #reservedBytes = 0;
  /** Bytes that are asked for of one partition. */
  #share: number;
  #closed = false;

  constructor(options: FetcherOptions, preparation: Preparation) {
    this.#options = options;
    this.#share = options.maxPartitionBytes;
    this.#preparation = preparation;
  }

  /** Takes up a partition that is ready. */
  add(cursor: Cursor): void {
    const leader = cursor.leader?.leader ?? -1;
    if (cursor.loop === leader) return;
    cursor.loop = leader;
    let loop = this.#loops.get(leader);
    if (loop === undefined) {
      loop = { leader, fetching: false, turns: [], asked: new Map(), late: false, vain: 0 };
      this.#loops.set(leader, loop);
    }
    loop.turns.push(cursor);
    loop.late = true;
  }

  /** Asks every leader that is not being asked, and gives the partitions that are not ready any more. */
  fetch(): readonly Cursor[] {
    const lost: Cursor[] = [];
    for (const loop of this.#loops.values()) {
      if (loop.fetching) {
        if (loop.late) this.#askBeside(loop);
        continue;
      }
      const turns = loop.turns.filter((cursor) => cursor.loop === loop.leader && !cursor.dropped);
      const kept = turns.filter((cursor) => cursor.ready && cursor.leader?.leader === loop.leader);
      if (kept.length < turns.length) {
        for (const cursor of turns) {
          if (cursor.ready && cursor.leader?.leader === loop.leader) continue;
          cursor.loop = undefined;
          lost.push(cursor);
        }
      }
      loop.turns = kept;
      if (kept.length === 0) this.#loops.delete(loop.leader);
      else this.#ask(loop);
    }
    return lost;
  }

  /** The next portion with records of a partition that is not paused. */
  take(): InBatch | undefined {
    for (;;) {
      const at = this.#queue.findIndex(({ cursor }) => !cursor.paused);
      const chunk = this.#queue[at];
      if (chunk === undefined) return undefined;
      // The first in line waits for room: smaller ones must not pass it for ever.
      if (this.#outBytes > 0 && this.#outBytes + chunk.bytes > this.#options.maxBufferedBytes) return undefined;
      this.#queue.splice(at, 1);
      const batch = this.#handOut(chunk);
      if (batch !== undefined) return batch;
    }
  }

  /** Forgets what is buffered of a partition. */
  drop(cursor: Cursor): void {
    if (cursor.chunks === 0) return;
    this.#usedBytes -= cursor.bufferedBytes;
    this.#queue = this.#queue.filter((chunk) => chunk.cursor !== cursor);
    cursor.chunks = cursor.bufferedBytes = 0;
  }

  /** Partitions were resumed or sought: they are asked for at once. */
  encourage(): void {
    for (const loop of this.#loops.values()) {
      loop.vain = 0;
      loop.late = true;
    }
  }

  /** Leaders that are being asked. */
  close(): readonly number[] {
    this.#closed = true;
    this.#queue = [];
    return [...this.#loops.values()].filter(({ fetching }) => fetching).map(({ leader }) => leader);
  }

  #ask(loop: Loop): void {
    const { maxWaitMs } = this.#options;
    const wanted = this.#wanted(loop);
    if (wanted.some(({ chunks }) => chunks === 0)) this.#makeRoom(wanted.length);
    const maxBytes = this.#room();
    if (wanted.length === 0 || maxBytes === 0) return;
    const asked = new Set(wanted);
    const hurry = wanted.length < loop.turns.length && loop.turns.some((cursor) => cursor.behind && !asked.has(cursor));
    loop.fetching = true;
    loop.late = false;
    loop.asked = new Map();
    this.#round(loop, wanted, { maxBytes, maxWaitMs: hurry ? Math.min(maxWaitMs, SHORT_WAIT_MS * 2 ** loop.vain) : maxWaitMs }, () => {
      loop.fetching = false;
    });
  }

  /** What became ready during a fetch that waits is asked for beside it, once. */
  #askBeside(loop: Loop): void {
    loop.late = false;
    const wanted = this.#wanted(loop).filter((cursor) => loop.asked.get(cursor) !== cursor.version);
    const maxBytes = this.#room();
    if (wanted.length > 0 && maxBytes > 0) this.#round(loop, wanted, { maxBytes, maxWaitMs: 0, express: true }, () => {});
  }

  #wanted({ turns, leader }: Loop): Cursor[] {
    const most = this.#share / 2;
    return turns.filter((cursor) => cursor.ready && cursor.leader?.leader === leader && !cursor.paused && cursor.bufferedBytes <= most);
  }

  /** Bytes that may be asked for now; 0 while too little is free. */
  #room(): number {
    const { maxBufferedBytes } = this.#options;
    const taken = this.#usedBytes + this.#reservedBytes;
    const free = maxBufferedBytes - taken;
    if (taken > 0 && free < maxBufferedBytes * LEAST_ROOM) return 0;
    // Half: while a fetch waits there is room beside it.
    return Math.max(1, Math.min(free, Math.floor(maxBufferedBytes / 2 / this.#loops.size)));
  }

  /** What paused partitions hold gives way to so many others that have nothing, and is fetched again when they are resumed. */
  #makeRoom(others: number): void {
    const { maxBufferedBytes, maxPartitionBytes } = this.#options;
    if (this.#usedBytes < maxBufferedBytes / 2) this.#share = maxPartitionBytes;
    const given = dispensable(this.#queue, this.#usedBytes - Math.floor(maxBufferedBytes * (1 - LEAST_ROOM)));
    if (given.size === 0) return;
    // Smaller parts from now on: all that take turns in being paused have room then, and do not fetch the same again and again.
    const holders = new Set(this.#queue.map(({ cursor }) => cursor)).size + others;
    this.#share = Math.min(maxPartitionBytes, Math.max(LEAST_SHARE, Math.floor(maxBufferedBytes / 2 / holders)));
    for (const chunk of given) {
      chunk.cursor.giveUp(chunk);
      this.#usedBytes -= chunk.bytes;
    }
    this.#queue = this.#queue.filter((chunk) => !given.has(chunk));
  }

  #round(loop: Loop, wanted: readonly Cursor[], limits: Pick<FetchLimits, 'maxBytes' | 'maxWaitMs' | 'express'>, done: () => void): void {
    const { link, isolation, changed } = this.#options;
    for (const cursor of wanted) loop.asked.set(cursor, cursor.version);
    this.#reservedBytes += limits.maxBytes;
    fetchRound(link, loop.leader, wanted, { ...limits, isolation, partitionBytes: this.#share })
      .then(
        (answers) => this.#arrived(loop, answers),
        (error: unknown) => this.#failed(wanted, error),
      )
      .finally(() => {
        done();
        this.#reservedBytes -= limits.maxBytes;
        changed();
      });
  }

  #failed(cursors: readonly Cursor[], error: unknown): void {
    if (this.#closed) return;
    const failed = driverError(error, 'Fetching');
    for (const cursor of cursors) this.#preparation.refused(cursor, failed);
  }

  #arrived(loop: Loop, answers: readonly (readonly [Asked, FetchedPartition])[]): void {
    if (this.#closed) return;
    const served = new Set<Cursor>();
    for (const [{ cursor, offset }, answer] of answers) {
      if (cursor.dropped || cursor.fetchAt !== offset) continue;
      const refused = readingError(answer.errorCode, `a fetch of ${cursor.key} at offset ${offset}`);
      if (refused === undefined) {
        if (this.#keep(cursor, offset, answer)) served.add(cursor);
      } else if (refused.kind === 'out-of-range')
        this.#preparation.outOfRange(cursor, answer.logStartOffset < 0 ? '' : `: it begins at ${answer.logStartOffset}`);
      else this.#preparation.refused(cursor, refused);
    }
    loop.vain = served.size > 0 ? 0 : Math.min(loop.vain + 1, 20);
    if (served.size > 0 && served.size < loop.turns.length)
      loop.turns = [...loop.turns.filter((cursor) => !served.has(cursor)), ...loop.turns.filter((cursor) => served.has(cursor))];
  }

  /** Whether there was something in the answer. */
  #keep(cursor: Cursor, offset: number, answer: FetchedPartition): boolean {
    const { highWatermark, lastStableOffset } = answer;
    this.#preparation.served(cursor);
    try {
      const { portions, next, epoch } = splitAnswer(answer, offset);
      for (const portion of portions) {
        this.#queue.push({ ...portion, cursor, highWatermark, lastStableOffset });
        cursor.chunks++;
        cursor.bufferedBytes += portion.bytes;
        this.#usedBytes += portion.bytes;
      }
      cursor.fetchAt = next;
      cursor.epoch = epoch ?? cursor.epoch;
      cursor.behind = next < (this.#options.isolation === 'committed' ? lastStableOffset : highWatermark);
      return portions.length > 0;
    } catch (error) {
      this.#preparation.refused(cursor, driverError(error, `What was fetched of ${cursor.key} at offset ${offset}`));
      return false;
    }
  }

  #handOut({ cursor, batches, bytes, from, next, epoch, highWatermark, lastStableOffset }: Chunk): InBatch | undefined {
    cursor.chunks--;
    cursor.bufferedBytes -= bytes;
    this.#outBytes += bytes;
    const onRelease = () => {
      this.#usedBytes -= bytes;
      this.#outBytes -= bytes;
      this.#options.changed();
    };
    try {
      const leaderEpoch = epoch < 0 ? undefined : epoch;
      const facts = { ...cursor.partition, fromOffset: from, nextOffset: next, leaderEpoch, highWatermark, lastStableOffset };
      const batch = decodeBatches(batches, { ...facts, checkCrc: this.#options.checkCrc, onRelease });
      cursor.position = next;
      if (batch.count > 0) return batch;
      batch.release();
    } catch (error) {
      onRelease();
      this.drop(cursor);
      cursor.seek(from);
      this.#preparation.refused(cursor, driverError(error, `What was fetched of ${cursor.key} at offset ${from}`));
    }
    return undefined;
  }
}
