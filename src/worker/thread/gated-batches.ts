import { type BehaviorSubject, Observable } from 'rxjs';

/**
 * What a source emits while the gate is open; what a poll that was under way still brings waits for it to open.
 *
 * What waits has not entered the run: it is dropped when the run ends, and repeats with the next one.
 */
export const gatedBatches = <T>(batches: Observable<T>, open: BehaviorSubject<boolean>): Observable<T> =>
  new Observable((subscriber) => {
    const waiting: T[] = [];
    let exhausted = false;
    const flush = (): void => {
      while (open.value && waiting.length > 0) subscriber.next(waiting.shift() as T);
      if (exhausted && waiting.length === 0) subscriber.complete();
    };
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
