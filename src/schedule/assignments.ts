import { catchError, concat, defer, EMPTY, first, ignoreElements, type Observable, race, type SchedulerLike, takeUntil, timer } from 'rxjs';
import type { Assignments, CommittedOffset } from '../sdk/source.ts';
import type { AckTracker } from './ack-tracker.ts';
import type { Commits } from './commit.ts';
import type { Outlet } from './outlet.ts';

export interface AssignmentParts {
  readonly tracker: AckTracker;
  readonly outlet: Outlet;
  readonly commits: Commits;
  readonly time: SchedulerLike;
  /** Emits at once, and when something has settled. */
  readonly settled: Observable<unknown>;
}

/** Epochs of a run (I11): what had settled is stored before an epoch ends, and counts for nobody after. */
export const assignments = ({ tracker, outlet, commits, time, settled }: AssignmentParts): Assignments => ({
  assign: (partitions) =>
    defer(() => {
      tracker.assign(partitions);
      return outlet.assigned(partitions) as Observable<readonly CommittedOffset[]>;
    }),
  revoke: (partitions, why, deadlineMs) => {
    // What the sink finishes before it lets go need not be repeated by whoever gets the partitions. Others go on, so the sink may never be idle.
    const idle = settled.pipe(first(() => tracker.unsettledOf(partitions) === 0));
    const finish = why === 'lost' ? EMPTY : race(idle, outlet.flush('commit'));
    const letGo = concat(finish, outlet.revoked(partitions, why, deadlineMs)).pipe(takeUntil(timer(deadlineMs, time)), ignoreElements());
    const end = defer(() => {
      tracker.revoke(partitions);
      return EMPTY;
    });
    // A commit that fails has been reported; the partitions go all the same, and their records are repeated elsewhere.
    const commit = commits.now().pipe(catchError(() => EMPTY));
    return why === 'lost' ? concat(end, letGo) : concat(letGo, commit, end);
  },
});
