import { catchError, concat, defer, EMPTY, from, ignoreElements, Observable, switchMap, throwError } from 'rxjs';
import type { Lease } from './shared-driver.ts';

/** Works with a lease, and gives it back before the result completes or errors; when it is unsubscribed, soon after. */
export function withLease<T>(open: () => Promise<Lease>, work: (lease: Lease) => Observable<T>): Observable<T> {
  return new Observable((subscriber) => {
    const opening = open();
    const release = defer(() => opening.then((lease) => lease.release())).pipe(ignoreElements());
    const failed = (error: unknown) =>
      concat(
        release.pipe(catchError(() => EMPTY)),
        throwError(() => error),
      );
    subscriber.add(
      concat(from(opening).pipe(switchMap(work)), release)
        .pipe(catchError(failed))
        .subscribe(subscriber),
    );
    // A second release does nothing; what fails after everyone has gone has nobody to be told to.
    subscriber.add(() => release.subscribe({ error: () => undefined }));
  });
}
