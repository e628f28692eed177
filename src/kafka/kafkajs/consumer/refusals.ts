import type { DriverError } from '../../driver.ts';
import type { ConnectionLog } from '../cluster.ts';
import type { Cursor } from './cursor.ts';

/** Leaders move within seconds: what lasts longer is told. */
const LONG_MS = 10_000;
const NAMED = 10;

interface Refusal {
  readonly since: number;
  /** A partition that is paused is not tried, and may be well. */
  last: number;
  error: DriverError;
  told: boolean;
}

/** Tells once of partitions that brokers refuse for long, although each is only tried again, and once that they can be read. */
export class Refusals {
  readonly #log: ConnectionLog | undefined;
  readonly #now: () => number;
  readonly #refused = new Map<Cursor, Refusal>();
  /** Told before, and read since. */
  readonly #well = new Set<Cursor>();

  constructor(log: ConnectionLog | undefined, now = () => performance.now()) {
    this.#log = log;
    this.#now = now;
  }

  refused(cursor: Cursor, error: DriverError): void {
    const now = this.#now();
    const known = this.#refused.get(cursor);
    if (known === undefined) this.#refused.set(cursor, { since: now, last: now, error, told: this.#well.delete(cursor) });
    else Object.assign(known, { last: now, error });
  }

  /** Something was read, or could have been. */
  served(cursor: Cursor): void {
    if (this.#refused.get(cursor)?.told === true) this.#well.add(cursor);
    this.#refused.delete(cursor);
  }

  /** It is not read any more. */
  forget(cursor: Cursor): void {
    this.#refused.delete(cursor);
    this.#well.delete(cursor);
  }

  /** Logs what there is to tell: one line for all that are refused, and one when none is any more. */
  tell(): void {
    if (this.#refused.size > 0) this.#tellRefused();
    else if (this.#well.size > 0) {
      this.#log?.('info', `Partitions can be read again: ${names([...this.#well])}.`, {});
      this.#well.clear();
    }
  }

  #tellRefused(): void {
    const long = [...this.#refused].filter(([, { since, last, told }]) => !told && last - since >= LONG_MS);
    const [first] = long;
    if (first === undefined) return;
    for (const [, refusal] of long) refusal.told = true;
    const which = names(long.map(([cursor]) => cursor));
    const reason = first[1].error.message;
    this.#log?.('warn', `Partitions cannot be read for ${LONG_MS / 1_000} s; they are tried again: ${which}. ${reason}`, {});
  }
}

function names(cursors: readonly Cursor[]): string {
  const named = cursors.slice(0, NAMED).map(({ key }) => key);
  return named.join(', ') + (cursors.length > NAMED ? ` and ${cursors.length - NAMED} more` : '');
}
