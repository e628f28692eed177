import { firstValueFrom, lastValueFrom, type Observable } from 'rxjs';
import { type Position, partitionKey, type TopicPartition } from 'sluice/kafka';
import type { PartitionAssignment, SourceContext } from 'sluice/sdk';
import { sourcePartition, topicPartition } from './group-offsets.ts';
import { positionOf } from './topic-offset.ts';
import type { TopicReader } from './topic-reader.ts';

/** How long a sink may take to let go of partitions that are gone: there is nothing of them to commit. */
const goneMs = 5_000;

export interface HeldPartitionsOptions {
  readonly context: Pick<SourceContext, 'assignments' | 'offsets' | 'share'>;
  readonly reader: Pick<TopicReader, 'assign' | 'knows'>;
  /** `auto.offset.reset` is latest. */
  readonly latest: boolean;
}

interface Change {
  readonly why: 'rebalance' | 'lost';
  readonly deadlineMs: number;
  readonly letGo?: () => void;
}

/**
 * The partitions that a task reads: those it is to read, as far as they are there.
 *
 * One change after the other: what is not to be read any more is given up first, then what is new is taken up. Others go on meanwhile.
 */
export class HeldPartitions {
  readonly #options: HeldPartitionsOptions;
  /** What the task is to read: its share, or all there is. */
  #wanted: readonly TopicPartition[] = [];
  #held: readonly TopicPartition[] = [];
  /** By `partitionKey`: of what it is to read, what is not there. */
  #gone: ReadonlySet<string> = new Set();
  /** Given up without being another task's: to be assigned again before they are read. */
  readonly #ended = new Set<string>();
  /** Partitions that were there from the start, and are still: `auto.offset.reset` is about them. */
  #old: Set<string> | undefined;
  #turn: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: HeldPartitionsOptions) {
    this.#options = options;
  }

  /** Something that the task is to read is not there. */
  get incomplete(): boolean {
    return this.#gone.size > 0;
  }

  /** Takes up a share. What it gives anew is there, whatever was seen before. */
  assigned({ why, deadlineMs, done, ...assignment }: PartitionAssignment): Promise<void> {
    return this.#inTurn(async () => {
      this.#wanted = assignment.partitions.map(topicPartition);
      this.#gone = new Set(this.#wanted.map(partitionKey).filter((key) => this.#gone.has(key)));
      await this.#change({ why, deadlineMs, letGo: done });
    });
  }

  /** Takes note of what there is: lets go of what is gone, and takes it up again when it is back. */
  found(partitions: readonly TopicPartition[]): Promise<void> {
    return this.#inTurn(async () => {
      const there = new Set(partitions.map(partitionKey));
      if (this.#options.context.share === undefined) this.#wanted = partitions;
      this.#gone = new Set(this.#wanted.map(partitionKey).filter((key) => !there.has(key)));
      // What is made again is new.
      for (const key of this.#old ?? []) if (!there.has(key)) this.#old?.delete(key);
      await this.#change({ why: 'lost', deadlineMs: goneMs });
      this.#old ??= there;
    });
  }

  close(): void {
    this.#closed = true;
  }

  #inTurn(change: () => Promise<void>): Promise<void> {
    const changed = this.#turn.then(change);
    this.#turn = changed.catch(() => {});
    return changed;
  }

  async #change({ why, deadlineMs, letGo }: Change): Promise<void> {
    if (this.#closed) return;
    const { context, reader } = this.#options;
    const { assignments, share } = context;
    const next = this.#wanted.filter((partition) => !this.#gone.has(partitionKey(partition)));
    const kept = new Set(next.map(partitionKey));
    const lost = this.#held.filter((partition) => !kept.has(partitionKey(partition)));
    if (lost.length > 0) {
      this.#held = this.#held.filter((partition) => kept.has(partitionKey(partition)));
      reader.assign(this.#held, new Map());
      await done(assignments?.revoke(lost.map(sourcePartition), why, deadlineMs));
      if (share === undefined) for (const partition of lost) this.#ended.add(partitionKey(partition));
    }
    letGo?.();
    const gained = next.filter((partition) => !reader.knows(partition));
    // Where nobody else takes part the first batch assigns, but for what was given up.
    const begun = gained.filter((partition) => this.#ended.delete(partitionKey(partition)) || share !== undefined);
    if (begun.length > 0) await done(assignments?.assign(begun.map(sourcePartition)));
    const start = await this.#startOf(gained);
    if (this.#closed) return;
    this.#held = next;
    reader.assign(next, start);
  }

  /** Where new partitions begin; absent: where `auto.offset.reset` says. */
  async #startOf(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, Position | 'earliest'>> {
    if (partitions.length === 0) return new Map();
    const { context, latest } = this.#options;
    const stored = await firstValueFrom(context.offsets(partitions.map(sourcePartition)));
    const start = new Map<string, Position | 'earliest'>();
    for (const [index, partition] of partitions.entries()) {
      const key = partitionKey(partition);
      // What was written to a partition before it was found counts as new, whatever the policy.
      const isNew = this.#old !== undefined && !this.#old.has(key);
      const from = positionOf(stored[index]) ?? (latest && isNew ? 'earliest' : undefined);
      if (from !== undefined) start.set(key, from);
    }
    return start;
  }
}

const done = async (work: Observable<unknown> | undefined): Promise<void> => {
  if (work) await lastValueFrom(work, { defaultValue: undefined });
};
