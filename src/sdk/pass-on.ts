import type { Subscriber } from 'rxjs';
import type { Batch } from '../record/batch.ts';
import { fork } from '../record/fork.ts';
import { indexes } from '../record/indexes.ts';
import { type Failure, filtered } from '../record/outcome.ts';
import { failRecord } from './fail-record.ts';
import type { Progress } from './progress.ts';

/** Emits the children of a finished batch: under the same ack when each record has one child, else under a fork of it. */
export function passOn<A, B>(batch: Batch<A>, progress: Progress<B>, subscriber: Subscriber<Batch<B>>): void {
  const { out, parents } = progress;
  if (parents === undefined) {
    subscriber.next((out === undefined ? batch : { records: out, ack: batch.ack }) as Batch<B>);
  } else if (progress.failures !== undefined) {
    const [good] = forkFailures(batch, progress, progress.count > 0 ? [indexes(parents)] : []);
    if (good !== undefined && out !== undefined) subscriber.next({ records: out, ack: good });
  } else if (out === undefined || out.length === 0) {
    batch.ack.settle(filtered);
  } else {
    const [good] = fork(batch.ack, [indexes(parents)]);
    if (good !== undefined) subscriber.next({ records: out, ack: good });
  }
}

/** Forks `outputs` and one branch for each failed record, which gets the outcome that the policy gives; answers the acks of `outputs`. */
export function forkFailures<A, B>(batch: Batch<A>, progress: Progress<B>, outputs: readonly Uint32Array[]) {
  const failures = progress.failures ?? [];
  const { node } = batch.ack;
  const acks = fork(batch.ack, [...outputs, ...failures.map(({ index }) => Uint32Array.of(index))]);
  failures.forEach(({ index, stage, error }, k) => {
    const failure: Failure = { stage, node, error };
    const ack = acks[outputs.length + k];
    if (ack !== undefined) failRecord(ack, batch.records[index], failure);
  });
  return acks.slice(0, outputs.length);
}
