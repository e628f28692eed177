import { recordErrors } from '../errors/record.ts';
import type { Ack, Flow } from './ack.ts';
import type { Outcome } from './outcome.ts';
import { DeadPort, type Port } from './port.ts';

/** `open`; spent by its owner (`settled`, `forked`, `gathered`, `intercepted`); or `closed` by the runtime. */
export type AckState = 'open' | 'settled' | 'forked' | 'gathered' | 'intercepted' | 'closed';

/**
 * The ack a node holds: checks linearity, and leaves the counting to its port.
 *
 * Misuse goes to `flow.fail` and then has no effect: a throw would vanish in a guard, or be an uncaught exception in a sink's timer.
 */
export class Handle implements Ack {
  readonly port: Port;
  readonly size: number;
  left: number;
  node: string;
  state: AckState = 'open';
  /** Acks that took over, so that the watchdog finds who holds an old batch. */
  next: Handle | readonly Handle[] | undefined = undefined;

  constructor(port: Port, size: number, node: string) {
    this.port = port;
    this.size = size;
    this.left = size;
    this.node = node;
  }

  get flow(): Flow {
    return this.port.origins.flow;
  }

  get stale(): boolean {
    return this.port.origins.stale;
  }

  at(node: string): void {
    this.node = node;
  }

  release(): void {
    if (this.state === 'open') this.port.released();
    else if (this.state !== 'settled') this.misused('release');
  }

  settle(outcome: Outcome): void {
    if (this.state !== 'open') {
      this.misused('settle');
      return;
    }
    this.state = 'settled';
    if (this.left === 0) return;
    this.left = 0;
    this.port.rest(outcome);
  }

  settleAt(index: number, outcome: Outcome): void {
    if (this.state !== 'open') this.misused('settleAt');
    else if (index >>> 0 !== index || index >= this.size) {
      this.flow.fail(recordErrors.INDEX_OUTSIDE({ node: this.node, use: 'settleAt', index, size: this.size }));
    } else if (this.left === 0 || !this.port.one(index, outcome)) {
      this.flow.fail(recordErrors.INDEX_SETTLED({ node: this.node, index }));
    } else this.left -= 1;
  }

  close(outcome: Outcome): void {
    const { state } = this;
    this.state = 'closed';
    if (state !== 'open' || this.left === 0) return;
    this.left = 0;
    this.port.rest(outcome);
  }

  /** Reports a use of an ack that is not open; silent when the runtime closed it. */
  misused(use: string): void {
    if (this.state === 'closed') return;
    this.flow.fail(recordErrors.ACK_SPENT({ node: this.node, use, state: this.state }));
  }
}

const uses = { forked: 'fork', gathered: 'gather', intercepted: 'intercept' } as const;

/** Takes the port of an untouched ack away from its handle. A misused ack gives a port that nobody counts. */
export function spend(ack: Ack, by: keyof typeof uses): Port {
  const handle = handleOf(ack, uses[by]);
  if (handle.state === 'open' && handle.left === handle.size) {
    handle.state = by;
    return handle.port;
  }
  if (handle.state !== 'open') handle.misused(uses[by]);
  else {
    const { node, size, left } = handle;
    handle.flow.fail(recordErrors.ACK_BEGUN({ node, use: uses[by], settled: size - left, size }));
  }
  return new DeadPort(handle.port.origins);
}

/** Remembers which acks took over from a spent one. */
export function succeed(ack: Ack, next: Handle | readonly Handle[]): void {
  if (ack instanceof Handle && ack.next === undefined) ack.next = next;
}

function handleOf(ack: Ack, use: string): Handle {
  if (ack instanceof Handle) return ack;
  throw recordErrors.FOREIGN_ACK({ use });
}
