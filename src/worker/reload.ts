import { isDeepStrictEqual } from 'node:util';
import type { Logger } from '../telemetry/log.ts';
import type { Accepted } from './managed-tasks.ts';
import type { Resolve } from './resolve.ts';

export interface ReloadOptions {
  readonly resolve: Resolve | undefined;
  /** Restarts the connector with what its config refers to by now, if it still runs with what it was before. */
  restart(fresh: Accepted, from: Accepted): void;
  /** A provider does not answer: the connector goes on with what it has, and the provider is asked again. */
  failed(error: unknown): void;
}

/** Longest time that a timer of Node waits. */
const longestMs = 2 ** 31 - 1;
/** Between questions to a provider that does not answer, at least. */
const shortestRetryMs = 1_000;

/**
 * Restarts a connector when what its config refers to is no longer good, as Connect's `config.action.reload` says: `restart`, unless it is `none`.
 *
 * At most one timer; it keeps no process alive.
 */
export class Reload {
  readonly #options: ReloadOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ReloadOptions) {
    this.#options = options;
  }

  /** The connector runs with this from now on; what was pending is no more. */
  after(accepted: Accepted): void {
    this.cancel();
    const { resolved, ttlMs } = accepted;
    if (ttlMs === undefined || (resolved['config.action.reload'] ?? 'restart') !== 'restart') return;
    this.#wait(accepted, ttlMs);
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(from: Accepted, ms: number): void {
    const due = () => (ms > longestMs ? this.#wait(from, ms - longestMs) : void this.#reload(from));
    this.#timer = setTimeout(due, Math.min(ms, longestMs)).unref();
  }

  async #reload(from: Accepted): Promise<void> {
    const pending = this.#timer;
    try {
      const fresh = await refreshed(from, this.#options.resolve);
      if (this.#timer === pending) this.#options.restart(fresh, from);
    } catch (error) {
      if (this.#timer !== pending) return;
      this.#options.failed(error);
      this.#wait(from, Math.max(from.ttlMs ?? 0, shortestRetryMs));
    }
  }
}

/** The same config, with what it refers to by now. */
export async function refreshed({ config, checked, ...from }: Accepted, resolve: Resolve | undefined): Promise<Accepted> {
  if (resolve === undefined) return { config, checked, ...from };
  const { config: resolved, ttlMs } = await resolve(config);
  return { config, checked, resolved, ...(ttlMs === undefined ? {} : { ttlMs }) };
}

/** Tells that a connector goes on with what it has. */
export const warnOfReload = (log: Logger, connector: string, error: unknown): void =>
  log.warn({ connector, error }, 'a connector keeps values that are no longer good: its config provider does not answer');

/** Whether tasks that were made from one would be others when made from the other. */
export const differ = (a: Accepted, b: Accepted): boolean => !isDeepStrictEqual(a.resolved, b.resolved);
