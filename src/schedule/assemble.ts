import { Observable } from 'rxjs';
import type { Batch } from '../record/batch.ts';
import type { BatchOperator } from '../sdk/operator.ts';
import type { Stage } from './run-options.ts';

/** Chains the stages of a graph. Each names itself on the acks it takes, for failures and the watchdog. */
export function assemble(entry: Observable<Batch<unknown>>, stages: readonly Stage[]): Observable<Batch<unknown>> {
  let batches = entry;
  for (const { name, operator } of stages) batches = (operator as BatchOperator<unknown, unknown>)(heldBy(name, batches));
  return batches;
}

const heldBy = (node: string, batches: Observable<Batch<unknown>>): Observable<Batch<unknown>> =>
  new Observable((subscriber) =>
    batches.subscribe({
      next: (batch) => {
        batch.ack.at(node);
        subscriber.next(batch);
      },
      error: (error) => subscriber.error(error),
      complete: () => subscriber.complete(),
    }),
  );
