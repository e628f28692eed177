import { catchError, concat, defer, EMPTY, ignoreElements, Observable, throwError } from 'rxjs';

/** Calls `close` when the work has completed or failed, and ends when it is done; when the work is unsubscribed, it is called too. Once. */
export function closing<T>(work: Observable<T>, close: () => Promise<unknown>): Observable<T> {
  return new Observable((subscriber) => {
    let closed: Promise<unknown> | undefined;
    const once = (): Promise<unknown> => {
      closed ??= close();
      return closed;
    };
    const end = defer(once).pipe(ignoreElements());
    // The error of the work counts for more than one of closing.
    const failed = (error: unknown) =>
      concat(
        end.pipe(catchError(() => EMPTY)),
        throwError(() => error),
      );
    subscriber.add(concat(work.pipe(catchError(failed)), end).subscribe(subscriber));
    // What fails after everyone has gone has nobody to be told to.
    subscriber.add(() => once().catch(() => undefined));
  });
}
