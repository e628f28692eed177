import { from, Observable, type ObservableInput, type Subscriber, type Subscription } from 'rxjs';
import type { Ack, EndReason } from '../record/ack.ts';
import { type Batch, joined } from '../record/batch.ts';
import { fork } from '../record/fork.ts';
import { gather, type Parents } from '../record/gather.ts';
import { filtered, returned } from '../record/outcome.ts';
import type { ConnectRecord } from '../record/record.ts';
import { decide } from './fail-record.ts';
import type { BatchOperator } from './operator.ts';

/** What became of a group of records. */
export interface Mapped<B> {
  readonly records: readonly B[];
  /** `parents[j]`: positions in the group that child j depends on. Absent: every child depends on the whole group. */
  readonly parents?: readonly (readonly number[])[];
}

export interface MapBatchOptions {
  /** Records of a group. What is waited for is held by the operator: it takes no room of the window. */
  readonly records: number;
  /** Longest wait for a group to fill; default: until it is full or the source has ended. */
  readonly lingerMs?: number;
}

/**
 * Groups records in their order, `records` at a time whatever their batches, and replaces each group by what `map` answers, at once or
 * later; one group at a time.
 *
 * A throw or error is retried as the run's schedule says, then concerns every record of the group. When the run stops, a group that is
 * not full is returned; when the source has ended, it is mapped as it is.
 */
export const mapBatch =
  <A = ConnectRecord, B = A>(
    map: (records: readonly A[]) => Mapped<B> | ObservableInput<Mapped<B>>,
    options: MapBatchOptions,
  ): BatchOperator<A, B> =>
  (source) =>
    new Observable((subscriber) => {
      const node = new Grouping(map, options, subscriber);
      subscriber.add(() => node.close());
      subscriber.add(
        source.subscribe({
          next: (batch) => node.next(batch),
          error: (error) => subscriber.error(error),
          complete: () => node.complete(),
        }),
      );
    });

interface Group<A> {
  readonly parts: Batch<A>[];
  size: number;
  attempt: number;
  failedSince: number;
}

class Grouping<A, B> {
  readonly #map: (records: readonly A[]) => Mapped<B> | ObservableInput<Mapped<B>>;
  readonly #options: MapBatchOptions;
  readonly #subscriber: Subscriber<Batch<B>>;
  #open: Group<A> = newGroup();
  readonly #full: Group<A>[] = [];
  #current: Group<A> | undefined;
  #pending: Subscription | undefined;
  #linger: Subscription | undefined;
  #ending: Subscription | undefined;
  #waitsForRetry = false;
  #stopped = false;
  #completed = false;

  constructor(
    map: (records: readonly A[]) => Mapped<B> | ObservableInput<Mapped<B>>,
    options: MapBatchOptions,
    subscriber: Subscriber<Batch<B>>,
  ) {
    this.#map = map;
    this.#options = options;
    this.#subscriber = subscriber;
  }

  next(batch: Batch<A>): void {
    try {
      this.#ending ??= batch.ack.flow.ending.subscribe((reason) => this.#end(reason));
      if (this.#stopped) batch.ack.settle(returned);
      else for (const part of cut(batch, this.#options.records - this.#open.size, this.#options.records)) this.#add(part);
    } catch (error) {
      this.#subscriber.error(error);
    }
  }

  complete(): void {
    this.#completed = true;
    this.#closeGroup();
    this.#work();
  }

  close(): void {
    this.#pending?.unsubscribe();
    this.#linger?.unsubscribe();
    this.#ending?.unsubscribe();
  }

  #add(part: Batch<A>): void {
    this.#open.parts.push(part);
    this.#open.size += part.records.length;
    if (this.#open.size === this.#options.records) {
      this.#closeGroup();
      this.#work();
      return;
    }
    part.ack.release();
    const { lingerMs } = this.#options;
    if (lingerMs === undefined || this.#linger !== undefined) return;
    this.#linger = part.ack.flow.scheduler.schedule(() => {
      this.#closeGroup();
      this.#work();
    }, lingerMs);
  }

  #closeGroup(): void {
    this.#linger?.unsubscribe();
    this.#linger = undefined;
    if (this.#open.size > 0) this.#full.push(this.#open);
    this.#open = newGroup();
  }

  /** Maps full groups one after the other; a loop, since an answer may come at once. */
  #work(): void {
    while (this.#current === undefined) {
      const group = this.#full.shift();
      if (group === undefined) {
        if (this.#completed) this.#subscriber.complete();
        return;
      }
      this.#current = group;
      this.#attempt(group);
    }
  }

  #attempt(group: Group<A>): void {
    const records = joined(group.parts);
    let answer: Mapped<B> | Observable<Mapped<B>>;
    try {
      const mapped = this.#map(records);
      answer = 'records' in mapped ? mapped : from(mapped);
    } catch (error) {
      this.#failed(group, error);
      return;
    }
    if ('records' in answer) this.#emit(group, answer);
    else this.#await(group, answer);
  }

  #await(group: Group<A>, answer: Observable<Mapped<B>>): void {
    let mapped: Mapped<B> = { records: [] };
    this.#pending = answer.subscribe({
      next: (value) => {
        mapped = value;
      },
      error: (error) => {
        this.#failed(group, error);
        this.#work();
      },
      complete: () => {
        this.#emit(group, mapped);
        this.#work();
      },
    });
  }

  #emit({ parts }: Group<A>, mapped: Mapped<B>): void {
    this.#current = undefined;
    try {
      const acks = parts.map(({ ack }) => ack);
      if (mapped.records.length === 0) for (const ack of acks) ack.settle(filtered);
      else this.#subscriber.next({ records: mapped.records, ack: gather(acks, parentsOf(acks, mapped)) });
    } catch (error) {
      this.#subscriber.error(error);
    }
  }

  #failed(group: Group<A>, error: unknown): void {
    const { flow, node } = (group.parts[0] as Batch<A>).ack;
    const now = flow.scheduler.now();
    if (group.attempt === 0) group.failedSince = now;
    const waitMs = flow.retry(error, group.attempt + 1, now - group.failedSince);
    if (waitMs !== undefined && !this.#stopped) {
      group.attempt++;
      this.#waitsForRetry = true;
      this.#pending = flow.scheduler.schedule(() => {
        this.#waitsForRetry = false;
        this.#attempt(group);
        this.#work();
      }, waitMs);
      return;
    }
    this.#current = undefined;
    if (waitMs !== undefined) giveBack(group);
    else failGroup(group, { stage: 'TRANSFORMATION', node, error });
  }

  #end(reason: EndReason): void {
    if (reason !== 'stop') return;
    this.#stopped = true;
    giveBack(this.#open);
    this.#open = newGroup();
    this.#closeGroup();
    if (!this.#waitsForRetry || this.#current === undefined) return;
    this.#pending?.unsubscribe();
    giveBack(this.#current);
    this.#current = undefined;
    this.#work();
  }
}

const newGroup = <A>(): Group<A> => ({ parts: [], size: 0, attempt: 0, failedSince: 0 });

function giveBack(group: Group<unknown>): void {
  for (const { ack } of group.parts) ack.settle(returned);
}

function failGroup(group: Group<unknown>, failure: Parameters<typeof decide>[2]): void {
  for (const { records, ack } of group.parts) {
    for (let i = 0; i < records.length; i++) decide(ack.flow.policy, records[i], failure, (outcome) => ack.settleAt(i, outcome));
  }
}

/** Parts of a batch: the first of at most `first` records, the others of at most `size`. */
function cut<A>(batch: Batch<A>, first: number, size: number): readonly Batch<A>[] {
  const { records, ack } = batch;
  if (records.length <= first) return [batch];
  const ranges: Uint32Array[] = [];
  for (let from = 0, to = first; from < records.length; from = to, to = Math.min(to + size, records.length)) {
    ranges.push(Uint32Array.from({ length: to - from }, (_, i) => from + i));
  }
  return fork(ack, ranges).map((part, k) => {
    const range = ranges[k] as Uint32Array;
    const from = range[0] as number;
    return { records: records.slice(from, from + range.length), ack: part };
  });
}

function parentsOf(acks: readonly Ack[], { records, parents }: Mapped<unknown>): Parents {
  if (parents === undefined) return { kind: 'all', size: records.length };
  const ofAck: number[] = [];
  const ofIndex: number[] = [];
  acks.forEach((ack, a) => {
    for (let i = 0; i < ack.size; i++) {
      ofAck.push(a);
      ofIndex.push(i);
    }
  });
  const at = new Uint32Array(records.length + 1);
  const edges = parents.flat();
  for (let j = 0; j < records.length; j++) at[j + 1] = (at[j] as number) + (parents[j]?.length ?? 0);
  const pick = (from: readonly number[]) => Uint32Array.from(edges, (i) => from[i] as number);
  return { kind: 'edges', at, ack: pick(ofAck), index: pick(ofIndex) };
}
