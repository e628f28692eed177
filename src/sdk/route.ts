import { Observable } from 'rxjs';
import { sdkErrors } from '../errors/sdk.ts';
import type { Batch } from '../record/batch.ts';
import { fork } from '../record/fork.ts';
import { indexes } from '../record/indexes.ts';
import type { ConnectRecord } from '../record/record.ts';
import { Branches } from './branches.ts';
import { type Finish, lift } from './lift.ts';
import { mapBody } from './map-record.ts';
import type { BatchOperator } from './operator.ts';
import { forkFailures } from './pass-on.ts';
import type { Progress } from './progress.ts';

/**
 * Sends each record through the branch that `select` names and merges what the branches emit. `null` drops the record as filtered.
 *
 * Order holds along each branch, so it holds within a source partition when records are selected by partition or key. A name that is
 * no branch, and a throw of `select`, concern their record.
 */
export const route =
  <K extends string, A = ConnectRecord, B = A>(
    select: (record: A) => K | null,
    branches: Readonly<Record<K, BatchOperator<A, B>>>,
  ): BatchOperator<A, B> =>
  (source) =>
    new Observable((subscriber) => {
      const names = Object.keys(branches);
      const merged = new Branches<A, B>(Object.values(branches), subscriber);
      const numbers = new Map<string, number>(names.map((name, k) => [name, k]));
      const numberOf = (record: A): number => {
        const name = select(record);
        if (name === null) return dropped;
        const number = numbers.get(name);
        if (number === undefined) throw sdkErrors.UNKNOWN_BRANCH({ name, branches: names });
        return number;
      };
      const send: Finish<A, number, never> = (batch, progress) => split(batch, progress, merged);
      subscriber.add(merged.subscription);
      subscriber.add(
        lift(mapBody(numberOf), send)(source).subscribe({ error: (error) => subscriber.error(error), complete: () => merged.complete() }),
      );
    });

const dropped = -1;

function split<A, B>(batch: Batch<A>, progress: Progress<number>, { inputs }: Branches<A, B>): void {
  const { records, ack } = batch;
  const { parents, failures } = progress;
  const numbers = progress.out as number[];
  const only = failures === undefined ? same(numbers) : undefined;
  if (only !== undefined && only !== dropped) {
    inputs[only]?.next(batch);
    return;
  }
  const taken = inputs.map(() => [] as A[]);
  const indices = inputs.map(() => [] as number[]);
  for (let j = 0; j < numbers.length; j++) {
    const number = numbers[j] as number;
    if (number === dropped) continue;
    const i = parents === undefined ? j : (parents[j] as number);
    (taken[number] as A[]).push(records[i] as A);
    (indices[number] as number[]).push(i);
  }
  const used = inputs.map((_, k) => k).filter((k) => (indices[k] as number[]).length > 0);
  const outputs = used.map((k) => indexes(indices[k] as number[]));
  const acks = failures === undefined ? fork(ack, outputs) : forkFailures(batch, progress, outputs);
  used.forEach((k, o) => {
    const branch = acks[o];
    if (branch !== undefined) inputs[k]?.next({ records: taken[k] as A[], ack: branch });
  });
}

/** The branch that takes every record, if one does. */
function same(numbers: readonly number[]): number | undefined {
  const first = numbers[0];
  for (let i = 1; i < numbers.length; i++) if (numbers[i] !== first) return undefined;
  return first;
}
