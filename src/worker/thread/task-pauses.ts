import { BehaviorSubject } from 'rxjs';
import type { PauseReason } from '../task-state.ts';

/** Why a task is paused, and the gate that is open while there is no reason. */
export class TaskPauses {
  readonly open: BehaviorSubject<boolean>;
  readonly #reasons: Set<PauseReason>;

  constructor(reasons: Iterable<PauseReason>) {
    this.#reasons = new Set(reasons);
    this.open = new BehaviorSubject(this.#reasons.size === 0);
  }

  pause(reason: PauseReason): void {
    this.#reasons.add(reason);
    if (this.open.value) this.open.next(false);
  }

  resume(reason: PauseReason): void {
    this.#reasons.delete(reason);
    if (!this.open.value && this.#reasons.size === 0) this.open.next(true);
  }
}
