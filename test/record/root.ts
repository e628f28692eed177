import { NEVER, queueScheduler } from 'rxjs';
import type { Ack, Flow } from '../../src/record/ack.ts';
import { Handle } from '../../src/record/handle.ts';
import type { Outcome } from '../../src/record/outcome.ts';
import type { Port } from '../../src/record/port.ts';

/** A flow that keeps the errors it was failed with. */
export function recordingFlow(): Flow & { readonly errors: unknown[] } {
  const errors: unknown[] = [];
  return {
    errors,
    scheduler: queueScheduler,
    policy: (_record, failure) => ({ kind: 'failed', failure }),
    fail: (error) => errors.push(error),
    retry: () => undefined,
    ending: NEVER,
    stateOf: () => undefined,
    keepState: () => {},
  };
}

/** The plainest root of acks: an outcome per record. `calls` counts what reached it. */
export class Root implements Port {
  readonly outcomes: (Outcome | undefined)[];
  readonly flow = recordingFlow();
  stale = false;
  releases = 0;
  calls = { rest: 0, one: 0, many: 0 };
  readonly origins = this;
  readonly ack: Ack;

  constructor(size: number, node = 'source') {
    this.outcomes = new Array<Outcome | undefined>(size).fill(undefined);
    this.ack = new Handle(this, size, node);
  }

  get kinds(): readonly (Outcome['kind'] | undefined)[] {
    return this.outcomes.map((outcome) => outcome?.kind);
  }

  rest(outcome: Outcome): void {
    this.calls.rest += 1;
    this.outcomes.forEach((settled, i) => {
      this.outcomes[i] = settled ?? outcome;
    });
  }

  one(index: number, outcome: Outcome): boolean {
    this.calls.one += 1;
    if (this.outcomes[index] !== undefined) return false;
    this.outcomes[index] = outcome;
    return true;
  }

  many(indexes: Uint32Array, outcome: Outcome): number {
    this.calls.many += 1;
    let settled = 0;
    for (const index of indexes) {
      if (this.outcomes[index] !== undefined) continue;
      this.outcomes[index] = outcome;
      settled++;
    }
    return settled;
  }

  released(): void {
    this.releases += 1;
  }
}

export const failed: Outcome = { kind: 'failed', failure: { stage: 'TRANSFORMATION', node: 'n', error: new Error('broken') } };
