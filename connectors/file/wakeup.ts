import { type FSWatcher, watch } from 'node:fs';
import type { SchedulerLike } from 'rxjs';
import { never } from './byte-input.ts';

/** Where nothing tells of a change (network drives, a file that does not exist yet), a look every so often finds it. */
const lookEveryMs = 100;

/** Waits until a file may have changed: at once where the system tells, else within 100 ms. */
export class Wakeup {
  readonly #file: string;
  readonly #scheduler: SchedulerLike;
  #watcher: FSWatcher | undefined;
  #changed = false;
  #wake: (() => void) | undefined;
  #closed = false;

  constructor(file: string, scheduler: SchedulerLike) {
    this.#file = file;
    this.#scheduler = scheduler;
  }

  /** The system tells of changes, and told of none since the last wait. */
  get quiet(): boolean {
    return this.#watcher !== undefined && !this.#changed;
  }

  /** Begins to listen to the file that has this name now. Without effect where the system cannot tell (no watch left, a foreign drive). */
  listen(): void {
    if (this.#watcher !== undefined || this.#closed) return;
    try {
      this.#watcher = watch(this.#file, () => this.#tell());
      this.#watcher.on('error', () => this.deafen());
      this.#changed = true; // what happened before is not told
    } catch {
      this.#watcher = undefined;
    }
  }

  deafen(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  /** Never answers once closed. */
  async wait(): Promise<void> {
    if (!this.#changed && !this.#closed) {
      const told = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const timer = this.#scheduler.schedule(() => this.#wake?.(), lookEveryMs);
      await told;
      timer.unsubscribe();
    }
    if (this.#closed) await never;
    this.#changed = false;
  }

  close(): void {
    this.#closed = true;
    this.deafen();
    this.#wake?.();
  }

  #tell(): void {
    this.#changed = true;
    this.#wake?.();
  }
}
