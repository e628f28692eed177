import { defer, ignoreElements, merge, NEVER, type Observable, observeOn, of, repeat, type SchedulerLike, take, takeUntil } from 'rxjs';

export interface DrainOptions {
  readonly time: SchedulerLike;
  /** Asks the sink to let go of what it holds. */
  flush(): Observable<unknown>;
  /** Batches given to the sink so far, and the next one when it is. */
  given(): number;
  readonly arrivals: Observable<unknown>;
  readonly unsettled: () => number;
  /** Fires when nothing is unsettled any more. */
  readonly idle: Observable<unknown>;
  /** Fires, also when it has before, when the deadline has passed. */
  readonly expired: Observable<unknown>;
}

/**
 * Completes when nothing is unsettled any more, or when the deadline has passed.
 *
 * The sink is asked to flush at once, and again when batches have reached it since: what waited for a retry or in a slow operator comes
 * after the first flush.
 */
export const drained = ({ time, flush, given, arrivals, unsettled, idle, expired }: DrainOptions): Observable<never> => {
  let seen = 0;
  const flushing = defer(() => {
    seen = given();
    return flush();
  });
  const arrived = () => (given() > seen ? of(undefined) : arrivals.pipe(take(1))).pipe(observeOn(time));
  const nothingLeft = defer(() => (unsettled() === 0 ? of(undefined) : idle));
  return merge(flushing.pipe(repeat({ delay: arrived })), NEVER).pipe(ignoreElements(), takeUntil(merge(nothingLeft, expired)));
};
