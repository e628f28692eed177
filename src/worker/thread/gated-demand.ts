import { type BehaviorSubject, Observable } from 'rxjs';
import type { Demand } from '../../sdk/source.ts';

/** The demand of a run while the gate is open, and none while it is closed. Its numbers are always of now. */
export const gatedDemand = (demand: Observable<Demand>, open: BehaviorSubject<boolean>): Observable<Demand> =>
  new Observable((subscriber) => {
    let level: Demand | undefined;
    const gated: Demand = {
      get records() {
        return open.value ? (level?.records ?? 0) : 0;
      },
      room: (partition) => (open.value ? (level?.room(partition) ?? 0) : 0),
    };
    subscriber.add(
      demand.subscribe((next) => {
        level = next;
        subscriber.next(gated);
      }),
    );
    subscriber.add(open.subscribe(() => level && subscriber.next(gated)));
  });
