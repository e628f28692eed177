import { Subject, type Subscriber, Subscription } from 'rxjs';
import type { Batch } from '../record/batch.ts';
import type { BatchOperator } from './operator.ts';

/** The inputs of several operators whose outputs are merged into one subscriber, which completes when all have. */
export class Branches<A, B> {
  readonly inputs: readonly Subject<Batch<A>>[];
  readonly subscription = new Subscription();

  constructor(operators: readonly BatchOperator<A, B>[], subscriber: Subscriber<Batch<B>>) {
    let open = operators.length;
    this.inputs = operators.map(() => new Subject<Batch<A>>());
    operators.forEach((operator, k) => {
      const input = this.inputs[k] as Subject<Batch<A>>;
      this.subscription.add(
        operator(input).subscribe({
          next: (batch) => subscriber.next(batch),
          error: (error) => subscriber.error(error),
          complete: () => {
            if (--open === 0) subscriber.complete();
          },
        }),
      );
    });
  }

  complete(): void {
    for (const input of this.inputs) input.complete();
  }
}
