import type { Observable, SchedulerAction, SchedulerLike, Subscription } from 'rxjs';
import { tap } from 'rxjs';
import type { Sink } from '../../sdk/sink.ts';

/** Called whenever code of a task is entered, so that the main thread can tell who blocks this one. */
export type Enter = () => void;

/** A sink whose calls are marked. */
export function markedSink(sink: Sink<never>, enter: Enter): Sink<never> {
  const { assigned, revoked, flush, close } = sink;
  const marked = <A extends unknown[], R>(call: (...args: A) => R) => {
    return (...args: A): R => {
      enter();
      return call.apply(sink, args);
    };
  };
  return {
    next: (batch) => {
      enter();
      sink.next(batch);
    },
    ...(assigned && { assigned: marked(assigned) }),
    ...(revoked && { revoked: marked(revoked) }),
    ...(flush && { flush: marked(flush) }),
    ...(close && { close: marked(close) }),
  };
}

/** A scheduler whose work is marked. */
export const markedScheduler = (scheduler: SchedulerLike, enter: Enter): SchedulerLike => ({
  now: () => scheduler.now(),
  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay?: number, state?: T): Subscription {
    const marked = function (this: SchedulerAction<T>, given?: T): void {
      enter();
      work.call(this, given);
    };
    return scheduler.schedule<T>(marked, delay, state);
  },
});

/** An Observable whose emissions are marked. */
export const marked = <T>(source: Observable<T>, enter: Enter): Observable<T> => source.pipe(tap(enter));
