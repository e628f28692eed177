import { workerErrors } from '../errors/worker.ts';
import type { Level } from '../telemetry/log.ts';
import { faultOf } from './fault.ts';
import type { AboutRun, Assignment, Fault, OffsetAnswer, OffsetQuestion, ThreadSettings, ToThread, Unit } from './messages.ts';
import { type Loss, PoolThread } from './pool-thread.ts';
import type { PauseReason } from './task-state.ts';

/** Where a unit may run. */
export interface Placement {
  /** A thread of its own. */
  readonly dedicated: boolean;
  /** With a heap of at most so many megabytes. */
  readonly heapMb: number | undefined;
  /** It has next to nothing to do: no thread is opened for it while there is one. */
  readonly light?: boolean;
}

export type RunMessage =
  | Exclude<AboutRun, { readonly kind: 'ask' }>
  /** Its thread was lost through no fault of its own: it begins anew on another one. */
  | { readonly kind: 'displaced' };

/** A unit that was placed. Nothing is told any more once it has ended, failed or been cancelled. */
export interface Run {
  pause(reason: PauseReason): void;
  resume(reason: PauseReason): void;
  stop(deadlineMs: number): void;
  cancel(): void;
  assign(assignment: Assignment): void;
}

type Answer = (question: OffsetQuestion, wanted: () => boolean) => Promise<OffsetAnswer>;

export interface ThreadPoolOptions {
  readonly threads: number;
  readonly livenessMs: number;
  readonly settings: Omit<ThreadSettings, 'pulse' | 'beatMs'>;
  /** Keeps offsets for the source of a task. `wanted`: the task is still there. */
  answer(unit: Unit, question: OffsetQuestion, wanted: () => boolean): Promise<OffsetAnswer>;
  log(line: string): void;
  /** Takes secrets out of what threads say (I10). */
  readonly redact?: (text: string) => string;
}

type Told = AboutRun | { readonly kind: 'displaced' };

/** A unit that was placed. */
interface Placed {
  readonly name: string;
  readonly placement: Placement;
  readonly first: (run: number) => ToThread;
  readonly told: (message: Told) => void;
  run: number;
  slot: Slot | undefined;
  /** Nobody wants it any more, wherever it is: between two threads it has no slot that could tell. */
  cancelled: boolean;
}

interface Slot {
  readonly thread: PoolThread;
  readonly dedicated: boolean;
  readonly runs: Map<number, Placed>;
}

/** For connectors, which only divide work. */
export const light: Placement = { dedicated: false, heapMb: undefined, light: true };

/** Threads for connectors and tasks: as many as there are cores, and one more for each that wants its own. */
export class ThreadPool {
  readonly #options: ThreadPoolOptions;
  readonly #slots = new Set<Slot>();
  #runs = 0;
  #logLevel: Level | undefined;
  #closed = false;

  constructor(options: ThreadPoolOptions) {
    this.#options = options;
  }

  /** Starts the first thread ahead of need. */
  warm(): void {
    if (this.#slots.size === 0) this.#open(light);
  }

  /** Of all threads, also of those that are opened from now on. */
  logLevel(logLevel: Level): void {
    this.#logLevel = logLevel;
    for (const { thread } of this.#slots) thread.post({ kind: 'level', logLevel });
  }

  /** @param answer keeps the offsets of this unit; by default the pool's does */
  start(unit: Unit, placement: Placement, told: (message: RunMessage) => void, answer?: Answer): Run {
    let current = unit;
    const placed = this.#place({
      name: nameOf(unit),
      placement,
      first: (run) => ({ kind: 'start', run, unit: current }),
      told: (message) => {
        if (message.kind === 'ask') this.#answer(placed, message, answer ?? ((...asked) => this.#options.answer(current, ...asked)));
        else told(message);
      },
    });
    const pausing = (change: (reasons: Set<PauseReason>) => void) => {
      if (current.kind !== 'task') return;
      const reasons = new Set(current.pausedBy);
      change(reasons);
      current = { ...current, pausedBy: [...reasons] };
    };
    return {
      pause: (reason) => {
        pausing((reasons) => reasons.add(reason));
        this.#post(placed, (run) => ({ kind: 'pause', run, reason }));
      },
      resume: (reason) => {
        pausing((reasons) => reasons.delete(reason));
        this.#post(placed, (run) => ({ kind: 'resume', run, reason }));
      },
      stop: (deadlineMs) => this.#post(placed, (run) => ({ kind: 'stop', run, deadlineMs })),
      assign: (assignment) => this.#post(placed, (run) => ({ kind: 'assign', run, ...assignment })),
      cancel: () => this.#cancel(placed),
    };
  }

  /** Ends all threads; what runs on them is killed. */
  async close(): Promise<void> {
    this.#closed = true;
    const threads = [...this.#slots].map(({ thread }) => thread);
    this.#slots.clear();
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  #place(spec: Omit<Placed, 'run' | 'slot' | 'cancelled'>): Placed {
    const placed: Placed = { ...spec, run: 0, slot: undefined, cancelled: false };
    this.#begin(placed);
    return placed;
  }

  /** Who cannot be given a thread fails, once whoever starts it can hear of that. */
  #begin(placed: Placed): void {
    if (this.#closed) return;
    placed.run = ++this.#runs;
    try {
      const slot = this.#choose(placed.placement);
      placed.slot = slot;
      slot.runs.set(placed.run, placed);
      slot.thread.post(placed.first(placed.run));
    } catch (error) {
      this.#leave(placed);
      queueMicrotask(() => this.#fail(placed, error));
    }
  }

  /** The thread with the fewest tasks; a new one while there may be more, unless one has none. */
  #choose(placement: Placement): Slot {
    if (placement.dedicated) return this.#open(placement);
    const slots = [...this.#slots].filter(({ dedicated }) => !dedicated);
    const least = slots.reduce<Slot | undefined>((best, slot) => (best && loadOf(best) <= loadOf(slot) ? best : slot), undefined);
    const enough = placement.light === true || slots.length >= this.#options.threads;
    return least && (enough || loadOf(least) === 0) ? least : this.#open(placement);
  }

  #open({ dedicated, heapMb }: Placement): Slot {
    const { settings, livenessMs, log, redact = same } = this.#options;
    const thread = new PoolThread({
      settings: { ...settings, logLevel: this.#logLevel ?? settings.logLevel },
      heapMb,
      livenessMs,
      log: (line) => log(redact(line)),
      told: (message) => this.#told(slot, message),
      lost: (loss) => this.#lost(slot, loss),
    });
    const slot: Slot = { thread, dedicated, runs: new Map() };
    this.#slots.add(slot);
    return slot;
  }

  #told(slot: Slot, message: AboutRun): void {
    const placed = slot.runs.get(message.run);
    if (placed === undefined) return;
    if (message.kind === 'ended' || message.kind === 'failed') this.#leave(placed);
    this.#tell(placed, message);
  }

  /** What a run says and nobody can take fails that run alone (I9). */
  #tell(placed: Placed, message: Told): void {
    const { redact = same } = this.#options;
    try {
      placed.told(message.kind === 'failed' ? { ...message, fault: redacted(message.fault, redact) } : message);
    } catch (error) {
      this.#fail(placed, error);
    }
  }

  #fail(placed: Placed, error: unknown): void {
    if (placed.cancelled) return;
    this.#cancel(placed);
    placed.told({ kind: 'failed', run: placed.run, fault: redacted(faultOf(error), this.#options.redact ?? same) });
  }

  #cancel(placed: Placed): void {
    placed.cancelled = true;
    this.#post(placed, (run) => ({ kind: 'cancel', run }));
    this.#leave(placed);
  }

  #post(placed: Placed, message: (run: number) => ToThread): void {
    placed.slot?.thread.post(message(placed.run));
  }

  #leave(placed: Placed): void {
    const { slot } = placed;
    placed.slot = undefined;
    slot?.runs.delete(placed.run);
    if (slot?.dedicated && this.#slots.delete(slot)) slot.thread.close();
  }

  /** Fails whoever is to blame, and gives the others another thread before this one is ended: ending one that blocks may take long. */
  #lost(slot: Slot, loss: Loss): void {
    this.#slots.delete(slot);
    const placed = [...slot.runs.values()];
    slot.runs.clear();
    const { entered } = slot.thread;
    const guilty = placed.find(({ run }) => run === entered);
    // Whoever was entered last may be gone already: cancelled while it blocked. Before anything was entered, all are suspect.
    const blamed = guilty ? [guilty] : entered === 0 ? placed : [];
    for (const each of placed) {
      each.slot = undefined;
      if (blamed.includes(each)) continue;
      // What one is told may make its owner cancel it, or another.
      if (!each.cancelled) this.#tell(each, { kind: 'displaced' });
      if (!each.cancelled) this.#begin(each);
    }
    for (const each of blamed) {
      if (each.cancelled) continue;
      const fault = faultOf(errorOf(loss, each.name, placed.length - 1, guilty !== undefined));
      this.#tell(each, { kind: 'failed', run: each.run, fault });
    }
    void slot.thread.terminate();
  }

  #answer(placed: Placed, { run, request, question }: Extract<AboutRun, { kind: 'ask' }>, answer: Answer): void {
    const { slot } = placed;
    const wanted = () => !this.#closed && placed.run === run && placed.slot === slot;
    const reply = (result: OffsetAnswer) => {
      if (placed.run === run) slot?.thread.post({ kind: 'answer', request, result });
    };
    // What cannot be asked, or sent, is refused like what cannot be answered.
    const answering = async () => reply(await answer(question, wanted));
    answering().catch((error: unknown) => reply({ kind: 'refused', fault: faultOf(error) }));
  }
}

const same = (text: string): string => text;

const redacted = (fault: Fault, redact: (text: string) => string): Fault => ({
  ...fault,
  message: redact(fault.message),
  trace: redact(fault.trace),
});

const loadOf = ({ runs }: Slot): number => [...runs.values()].filter(({ placement }) => placement.light !== true).length;

const nameOf = (unit: Unit): string => (unit.kind === 'task' ? `Task ${unit.connector}-${unit.task}` : `Connector ${unit.connector}`);

function errorOf(loss: Loss, unit: string, others: number, known: boolean): Error {
  if (loss.kind === 'memory') return workerErrors.THREAD_OUT_OF_MEMORY({ unit });
  if (loss.kind === 'crash') return workerErrors.THREAD_CRASHED({ unit, why: loss.why });
  const { silentMs } = loss;
  return known ? workerErrors.THREAD_BLOCKED({ unit, silentMs, others }) : workerErrors.THREAD_SILENT({ unit, silentMs });
}
