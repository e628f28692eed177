import type { DriverError } from '../driver.ts';
import type { ConnectionLog } from './cluster.ts';

/** Coordinators move within seconds: what lasts longer is told. */
const LONG_MS = 10_000;

/** Tells once of a group that cannot be joined for long, although it is only tried again, and once that it could be. */
export class JoinFailures {
  readonly #groupId: string;
  readonly #log: ConnectionLog | undefined;
  #since: number | undefined;
  #told = false;

  constructor(groupId: string, log: ConnectionLog | undefined) {
    this.#groupId = groupId;
    this.#log = log;
  }

  failed({ message }: DriverError): void {
    const now = performance.now();
    this.#since ??= now;
    if (this.#told || now - this.#since < LONG_MS) return;
    this.#told = true;
    this.#log?.('warn', `Group ${this.#groupId} cannot be joined for ${LONG_MS / 1_000} s; it is tried again. ${message}`, {});
  }

  joined(): void {
    if (this.#told) this.#log?.('info', `Group ${this.#groupId} could be joined again.`, {});
    this.#since = undefined;
    this.#told = false;
  }
}
