import { NEVER, type SchedulerLike } from 'rxjs';
import type { Flow } from '../record/ack.ts';
import type { Batch } from '../record/batch.ts';
import { Handle } from '../record/handle.ts';
import type { Outcome } from '../record/outcome.ts';
import type { Origins, Port } from '../record/port.ts';

/** Makes batches outside of a run, and tells how their records ended. */
export interface TestAcks {
  readonly flow: Flow;
  /** What happened, in order: `2 a:delivered` for a record that settled in frame 2, `3 release b,c` for a batch released early. */
  readonly log: readonly string[];
  /** Outcome of each record that has settled. */
  readonly outcomes: ReadonlyMap<unknown, Outcome>;
  /** Misuse of acks, and other reasons to fail the task. */
  readonly failures: readonly unknown[];
  /** Records that have not settled. */
  readonly unsettled: ReadonlySet<unknown>;
  batch<R>(records: readonly R[]): Batch<R>;
}

/**
 * Acks for tests of one operator or sink. What is not given of the flow: failed records stay failed, nothing is retried, the run does
 * not end.
 */
export function testAcks(scheduler: SchedulerLike, overrides: Partial<Flow> = {}): TestAcks {
  const log: string[] = [];
  const outcomes = new Map<unknown, Outcome>();
  const failures: unknown[] = [];
  const unsettled = new Set<unknown>();
  const flow: Flow = {
    scheduler,
    policy: (_record, failure) => ({ kind: 'failed', failure }),
    fail: (error) => failures.push(error),
    retry: () => undefined,
    ending: NEVER,
    stateOf: () => undefined,
    keepState: () => undefined,
    ...overrides,
  };
  const settle = (record: unknown, outcome: Outcome) => {
    unsettled.delete(record);
    outcomes.set(record, outcome);
    log.push(`${scheduler.now()} ${String(record)}:${outcome.kind}`);
  };
  const batch = <R>(records: readonly R[]): Batch<R> => {
    for (const record of records) unsettled.add(record);
    const port = new TestPort(records, { flow, stale: false }, settle, () => log.push(`${scheduler.now()} release ${records.join(',')}`));
    return { records, ack: new Handle(port, records.length, 'test') };
  };
  return { flow, log, outcomes, failures, unsettled, batch };
}

class TestPort implements Port {
  readonly origins: Origins;
  readonly #left: Map<number, unknown>;
  readonly #settle: (record: unknown, outcome: Outcome) => void;
  readonly #release: () => void;
  #released = false;

  constructor(records: readonly unknown[], origins: Origins, settle: (record: unknown, outcome: Outcome) => void, release: () => void) {
    this.origins = origins;
    this.#left = new Map(records.entries());
    this.#settle = settle;
    this.#release = release;
  }

  rest(outcome: Outcome): void {
    for (const index of [...this.#left.keys()]) this.one(index, outcome);
  }

  one(index: number, outcome: Outcome): boolean {
    if (!this.#left.has(index)) return false;
    const record = this.#left.get(index);
    this.#left.delete(index);
    this.#settle(record, outcome);
    if (this.#left.size === 0) this.#released = true;
    return true;
  }

  many(indexes: Uint32Array, outcome: Outcome): number {
    return indexes.reduce((count, index) => count + (this.one(index, outcome) ? 1 : 0), 0);
  }

  released(): void {
    if (this.#released) return;
    this.#released = true;
    this.#release();
  }
}
