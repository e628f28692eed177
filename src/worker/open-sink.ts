import { defer, EMPTY, from, isObservable, Observable, type ObservableInput, of, take } from 'rxjs';
import type { Sink } from '../sdk/sink.ts';

type Opening<S> = S | ObservableInput<S>;

/**
 * The sink that `open` gives, at once or later.
 *
 * Opening runs to its end even when nobody waits any more: a promise cannot be called back, and the sink it brings has to be closed.
 */
export function openSink<S extends Sink<never>>(open: () => Opening<S>): Observable<S> {
  return new Observable((subscriber) => {
    const opening = defer(() => {
      const answer = open();
      return isSink(answer) ? of(answer) : from(answer);
    });
    opening.pipe(take(1)).subscribe({
      next: (sink) => {
        if (subscriber.closed) defer(() => sink.close?.() ?? EMPTY).subscribe({ error: () => undefined });
        else subscriber.next(sink);
      },
      error: (error) => subscriber.error(error),
      complete: () => subscriber.complete(),
    });
  });
}

/** Iterators have a `next` too, and so have subjects. */
const isSink = <S extends Sink<never>>(answer: Opening<S>): answer is S =>
  'next' in answer && !isObservable(answer) && !(Symbol.iterator in answer);
