import { asyncScheduler, type SchedulerAction, type SchedulerLike, Subscription } from 'rxjs';

type Work<T> = (this: SchedulerAction<T>, state?: T) => void;

/** One action: runs after the I/O that is ready now, and again whenever it reschedules itself. */
class MacrotaskAction<T> extends Subscription implements SchedulerAction<T> {
  readonly #work: Work<T>;
  #immediate: NodeJS.Immediate | undefined;
  #delayed: Subscription | undefined;

  constructor(work: Work<T>) {
    super(() => this.#cancel());
    this.#work = work;
  }

  schedule(state?: T, delay = 0): Subscription {
    if (this.closed) return this;
    this.#cancel();
    if (delay > 0) this.#delayed = asyncScheduler.schedule(() => this.#work.call(this, state), delay);
    else this.#immediate = setImmediate(() => this.#work.call(this, state));
    return this;
  }

  #cancel(): void {
    clearImmediate(this.#immediate);
    this.#delayed?.unsubscribe();
  }
}

/**
 * Yields to I/O: work runs in the check phase of Node's event loop, after pending I/O and timers had their turn.
 *
 * A timer of 1 ms would cost a run up to a tenth of its throughput; microtasks would starve timers and sockets.
 */
export const macrotaskScheduler: SchedulerLike = {
  now: () => Date.now(),
  schedule<T>(work: Work<T>, delay = 0, state?: T): Subscription {
    return new MacrotaskAction(work).schedule(state, delay);
  },
};
