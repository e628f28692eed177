import type { Flow } from './ack.ts';
import type { Outcome } from './outcome.ts';

/**
 * Where an ack reports: the counting side of the handle that a node holds, or of a later fork of it.
 *
 * Internal: linearity is checked at the handle, so a port trusts its caller. Indexes are positions in the records of the ack.
 */
export interface Port {
  readonly origins: Origins;
  /** Settles what is not settled yet; with nothing left nothing happens. */
  rest(outcome: Outcome): void;
  /** Settles one record; `false` when it was settled before. A closed port answers `true`. */
  one(index: number, outcome: Outcome): boolean;
  /** Settles those of `indexes` that are not settled yet, and returns how many. */
  many(indexes: Uint32Array, outcome: Outcome): number;
  /** Everything reported through this port is accounted for. Idempotent. */
  released(): void;
}

/** What acks inherit from the source batches that they stand for: shared by every port in between. */
export interface Origins {
  readonly flow: Flow;
  readonly stale: boolean;
}

/** Takes reports nobody counts: of acks that were misused, while the task is failing. */
export class DeadPort implements Port {
  readonly origins: Origins;

  constructor(origins: Origins) {
    this.origins = origins;
  }

  rest(): void {}

  one(): boolean {
    return true;
  }

  many(indexes: Uint32Array): number {
    return indexes.length;
  }

  released(): void {}
}
