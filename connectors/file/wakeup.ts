import { type FSWatcher, watch } from 'node:fs';
import type { SchedulerLike } from 'rxjs';
import { never } from './byte-input.ts';

/** Where nothing tells of a change (network drives, a file that does not exist yet), a look every so often finds it. */
const lookEveryMs = 100;
/** A file that the system watches and that is left alone is looked at more and more seldom, down to this: many such files cost little. */
const seldomMs = 10_000;
/** The same for a file of which the system has missed to tell a change. */
const untoldMs = 1_000;

/** Waits until a file may have changed: at once where the system tells, else within 100 ms, or longer where nothing has happened for long. */
export class Wakeup {
  readonly #file: string;
  readonly #scheduler: SchedulerLike;
  #watcher: FSWatcher | undefined;
  #changed = false;
  #untold = false;
  #lookMs = lookEveryMs;
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
      this.#untold = false;
      this.#changed = true; // what happened before is not told
    } catch {
      this.#watcher = undefined;
    }
  }

  deafen(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  /** Answers whether the system told of a change; never once closed. */
  async wait(): Promise<boolean> {
    if (!this.#changed && !this.#closed) {
      const told = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const timer = this.#scheduler.schedule(() => this.#wake?.(), this.#lookMs);
      await told;
      timer.unsubscribe();
    }
    if (this.#closed) await never;
    if (this.#changed || this.#watcher === undefined) this.lookOften();
    else this.#lookMs = Math.min(2 * this.#lookMs, this.#untold ? untoldMs : seldomMs);
    const told = this.#changed;
    this.#changed = false;
    return told;
  }

  /** Something has happened to the file, or is about to. */
  lookOften(): void {
    this.#lookMs = lookEveryMs;
  }

  /** A look has found a change that the system did not tell of. */
  missed(): void {
    this.#untold = true;
    this.lookOften();
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
