import { Observable } from 'rxjs';
import { fork } from '../record/fork.ts';
import type { ConnectRecord } from '../record/record.ts';
import { Branches } from './branches.ts';
import type { BatchOperator } from './operator.ts';

/** Sends every record through every operator and merges what they emit. A record settles when it has in all branches. */
export const broadcast =
  <A = ConnectRecord, B = A>(...operators: readonly BatchOperator<A, B>[]): BatchOperator<A, B> =>
  (source) =>
    new Observable((subscriber) => {
      const branches = new Branches(operators, subscriber);
      const all = operators.map(() => 'all' as const);
      subscriber.add(branches.subscription);
      subscriber.add(
        source.subscribe({
          next: ({ records, ack }) => {
            try {
              for (const [k, branch] of fork(ack, all).entries()) branches.inputs[k]?.next({ records, ack: branch });
            } catch (error) {
              subscriber.error(error);
            }
          },
          error: (error) => subscriber.error(error),
          complete: () => branches.complete(),
        }),
      );
    });
