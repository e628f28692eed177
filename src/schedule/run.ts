import { Observable } from 'rxjs';
import type { RunEvent, RunOptions } from './run-options.ts';
import { Task } from './task.ts';

/**
 * Runs one task: carries batches from its source through its stages to its sink, within the window, and commits what has settled.
 *
 * Completes after the last commit of a drained run, which begins when the source completes or `stop` emits. Errors when the task fails,
 * after what had settled is committed. Unsubscribing is a kill: everything unsettled is returned, and nothing more is committed.
 */
export const run = (options: RunOptions): Observable<RunEvent> =>
  new Observable((subscriber) => {
    const task = new Task(options, subscriber);
    subscriber.add(() => task.kill());
    task.start();
  });
