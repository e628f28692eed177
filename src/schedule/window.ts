/** What is in flight at most (I4). */
export interface WindowLimits {
  readonly records: number;
  readonly bytes: number;
  /** Longest run of records behind the watermark of one partition. */
  readonly span: number;
}

export interface WindowSignals {
  /** The room has changed: push it to the source now. */
  changed(): void;
  /** What came back is offered again. */
  freed?(): void;
  /** Runs work soon, from a trampoline: never inside this call. */
  later(work: () => void): void;
}

/** One partition's part of the window. Only the window writes it. */
export class Lane {
  /** Of an assigned partition; 0 after its revocation. */
  share = 0;
  byteShare = 0;
  records = 0;
  bytes = 0;
  /** Records from the watermark to the newest. */
  behind = 0;
  /** What was given back and is not offered yet. */
  freed = 0;
  freedBytes = 0;
  passed = 0;
  waiting = false;
}

/**
 * Bounds unreleased records and bytes, and each partition's unsettled span (I4).
 *
 * Every assigned partition has a minimum share, ⌊records / (2 × partitions)⌋ and bytes in proportion: it may emit while it holds less
 * than its share, or while Σ max(held, share) is below the window. With more partitions than half the window the share is 0. An emission
 * may exceed what was offered; then nothing more is offered until enough came back, so the excess is one emission, and a record larger
 * than the window passes.
 *
 * Room falls at once and rises later: what is freed is offered again by a task of the trampoline. O(1) per change.
 */
export class Window {
  readonly #limits: WindowLimits;
  readonly #signals: WindowSignals;
  readonly #lanes = new Set<Lane>();
  #share = 0;
  #byteShare = 0;
  #records = 0;
  #bytes = 0;
  /** Σ max(held, share) over lanes. */
  #spoken = 0;
  #spokenBytes = 0;
  /** Assigned lanes whose span is used up. */
  #paused = 0;
  #freed = 0;
  #freedBytes = 0;
  #waiting: Lane[] = [];
  readonly #raise = (): void => this.#offerFreed();

  constructor(limits: WindowLimits, signals: WindowSignals) {
    this.#limits = limits;
    this.#signals = signals;
  }

  /** Unreleased records. */
  get held(): number {
    return this.#records - this.#freed;
  }

  /** Unreleased bytes. */
  get heldBytes(): number {
    return this.#bytes - this.#freedBytes;
  }

  /** Records that may be emitted now, by partitions with room. */
  get records(): number {
    if (this.#lanes.size === 1) for (const lane of this.#lanes) return this.room(lane);
    if (this.#paused > 0 && this.#paused === this.#lanes.size) return 0;
    if (Math.max(this.#limits.bytes, this.#spokenBytes) <= this.#bytes) return 0;
    return Math.max(0, Math.max(this.#limits.records, this.#spoken) - this.#records);
  }

  /** Records that one partition may emit now. */
  room(lane: Lane): number {
    if (lane.bytes >= lane.byteShare && this.#spokenBytes >= this.#limits.bytes) return 0;
    const own = Math.max(0, lane.share - lane.records);
    const common = Math.max(0, this.#limits.records - this.#spoken);
    return Math.min(own + common, Math.max(0, this.#limits.span - lane.behind));
  }

  /** Gives newly assigned partitions their share. */
  join(lanes: readonly Lane[]): void {
    for (const lane of lanes) {
      this.#lanes.add(lane);
      this.#setShare(lane, this.#share, this.#byteShare);
      if (lane.behind >= this.#limits.span) this.#paused += 1;
    }
    this.#divide();
  }

  /** Takes the share of revoked partitions; what they hold they hold until it is released. */
  leave(lanes: readonly Lane[]): void {
    for (const lane of lanes) {
      if (!this.#lanes.delete(lane)) continue;
      this.#setShare(lane, 0, 0);
      if (lane.behind >= this.#limits.span) this.#paused -= 1;
    }
    this.#divide();
    this.#raiseLater();
  }

  /** An emission: the room falls now. */
  take(lane: Lane, records: number, bytes: number): void {
    this.#hold(lane, records, bytes);
    this.#move(lane, records);
  }

  /** Slots and bytes came back. */
  free(lane: Lane, records: number, bytes: number): void {
    lane.freed += records;
    lane.freedBytes += bytes;
    this.#freed += records;
    this.#freedBytes += bytes;
    this.#wait(lane);
  }

  /** The watermark of a partition moved by so many records. */
  pass(lane: Lane, records: number): void {
    lane.passed += records;
    this.#wait(lane);
  }

  /** Pushes the room to the source: after the last `take` of an emission. */
  changed(): void {
    this.#signals.changed();
  }

  #wait(lane: Lane): void {
    if (lane.waiting) return;
    lane.waiting = true;
    this.#waiting.push(lane);
    if (this.#waiting.length === 1) this.#signals.later(this.#raise);
  }

  #raiseLater(): void {
    if (this.#waiting.length === 0) this.#signals.later(this.#raise);
  }

  #offerFreed(): void {
    const lanes = this.#waiting;
    this.#waiting = [];
    if (this.#freed > 0) this.#signals.freed?.();
    for (const lane of lanes) {
      const { freed, freedBytes, passed } = lane;
      lane.freed = lane.freedBytes = lane.passed = 0;
      lane.waiting = false;
      this.#freed -= freed;
      this.#freedBytes -= freedBytes;
      this.#hold(lane, -freed, -freedBytes);
      this.#move(lane, -passed);
    }
    this.#signals.changed();
  }

  #hold(lane: Lane, records: number, bytes: number): void {
    this.#spoken += Math.max(lane.records + records, lane.share) - Math.max(lane.records, lane.share);
    this.#spokenBytes += Math.max(lane.bytes + bytes, lane.byteShare) - Math.max(lane.bytes, lane.byteShare);
    lane.records += records;
    lane.bytes += bytes;
    this.#records += records;
    this.#bytes += bytes;
  }

  #move(lane: Lane, records: number): void {
    const { span } = this.#limits;
    const paused = lane.behind >= span;
    lane.behind += records;
    if (paused !== lane.behind >= span && this.#lanes.has(lane)) this.#paused += paused ? -1 : 1;
  }

  /** Share per partition: changes rarely when partitions come one by one, since it is rounded down to whole records. */
  #divide(): void {
    const share = this.#lanes.size === 0 ? 0 : Math.floor(this.#limits.records / (2 * this.#lanes.size));
    if (share === this.#share) return;
    this.#share = share;
    this.#byteShare = Math.floor((share * this.#limits.bytes) / this.#limits.records);
    for (const lane of this.#lanes) this.#setShare(lane, this.#share, this.#byteShare);
  }

  #setShare(lane: Lane, share: number, byteShare: number): void {
    this.#spoken += Math.max(lane.records, share) - Math.max(lane.records, lane.share);
    this.#spokenBytes += Math.max(lane.bytes, byteShare) - Math.max(lane.bytes, lane.byteShare);
    lane.share = share;
    lane.byteShare = byteShare;
  }
}
