import { type BehaviorSubject, defer, Observable } from 'rxjs';
import { canonicalKey } from '../../schedule/canonical-key.ts';
import type { Assignments, SourceBatch, SourcePartition } from '../../sdk/source.ts';

/**
 * What a source emits while the gate is open; what a poll that was under way still brings waits for it to open.
 *
 * What waits has not entered the run: it is dropped when the run ends, and repeats with the next one. When the epoch of a partition ends, what
 * waits of it is dropped too: whoever gets the partition next reads it again from what is committed (I11).
 */
export const gatedBatches = <R>(
  batches: Observable<SourceBatch<R>>,
  open: BehaviorSubject<boolean>,
  ended: Observable<readonly SourcePartition[]>,
): Observable<SourceBatch<R>> =>
  new Observable((subscriber) => {
    let waiting: SourceBatch<R>[] = [];
    let exhausted = false;
    const flush = (): void => {
      for (let batch = waiting[0]; open.value && batch !== undefined; batch = waiting[0]) {
        waiting.shift();
        subscriber.next(batch);
      }
      if (exhausted && waiting.length === 0) subscriber.complete();
    };
    subscriber.add(
      ended.subscribe((partitions) => {
        if (waiting.length === 0) return;
        const keys = new Set(partitions.map(canonicalKey));
        const dropped = waiting.filter((batch) => isOf(batch, keys));
        waiting = waiting.filter((batch) => !dropped.includes(batch));
        for (const batch of dropped) batch.released?.();
        flush();
      }),
    );
    subscriber.add(
      batches.subscribe({
        next: (batch) => {
          if (open.value && waiting.length === 0) subscriber.next(batch);
          else waiting.push(batch);
        },
        error: (error) => subscriber.error(error),
        complete: () => {
          exhausted = true;
          flush();
        },
      }),
    );
    subscriber.add(open.subscribe(flush));
  });

/** Whether all of a batch is of these partitions: one that has others too goes on, as it does in the run. */
function isOf(batch: SourceBatch<unknown>, keys: ReadonlySet<string>): boolean {
  const has = (each: SourcePartition | undefined): boolean => each !== undefined && keys.has(canonicalKey(each));
  return batch.partition === undefined ? batch.records.every((_, index) => has(batch.partitionAt?.(index))) : has(batch.partition);
}

/** Assignments that tell of partitions whose epoch ends, also by a new one, before they end it. */
export const endingEpochs = ({ assign, revoke }: Assignments, ended: (partitions: readonly SourcePartition[]) => void): Assignments => ({
  assign: (partitions) =>
    defer(() => {
      ended(partitions);
      return assign(partitions);
    }),
  revoke: (partitions, why, deadlineMs) =>
    defer(() => {
      ended(partitions);
      return revoke(partitions, why, deadlineMs);
    }),
});
