import { setTimeout as wait } from 'node:timers/promises';
import type { ConnectorFile } from '../../config/connector-file.ts';
import { cliErrors } from '../../errors/cli.ts';
import type { KeptConnector } from '../../store/config-state.ts';
import type { Logger } from '../../telemetry/log.ts';
import { Overtaken } from '../../worker/overtaken.ts';
import type { Begun, StandaloneConnectors } from '../../worker/standalone-connectors.ts';

export interface StartOptions {
  readonly kept: ReadonlyMap<string, KeptConnector>;
  readonly files: readonly ConnectorFile[];
  readonly log: Logger;
  /** Aborts when the worker is to end: nothing is begun any more. */
  readonly stopped: AbortSignal;
  /** How long the others wait for one that does not come up. Default: 5,000. */
  readonly patienceMs?: number;
}

export interface Starting {
  /** Resolves when all were begun and have come up, or failed, or taken too long. Rejects as `failed` does. */
  readonly ready: Promise<void>;
  /** Rejects when a connector of a file fails to start, however late: the worker has to end, as Connect's does. Never resolves. */
  readonly failed: Promise<never>;
}

/** Kept connectors that are made at the same time: each divides its work on a thread. */
const AT_A_TIME = 8;

/**
 * Makes the connectors that were kept, a few at a time, and those of the files, one after another.
 *
 * A file replaces the kept config of its name, but not the state that a user asked for. A kept connector that cannot be made is reported and
 * stays kept. One that does not answer holds nobody up for long (I9).
 */
export function startConnectors(worker: Pick<StandaloneConnectors, 'begin' | 'restore'>, options: StartOptions): Starting {
  const { kept, files, log, stopped, patienceMs = 5_000 } = options;
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  const begin = async (name: string, beginning: Promise<Begun>, failed: (error: unknown) => void) => {
    try {
      const begun = await beginning;
      begun.started.catch((error: unknown) => error instanceof Overtaken || failed(error));
      const warn = () => log.warn({ connector: name }, 'a connector has not started yet: the others do not wait for it');
      await answerOf(begun, patienceMs, warn);
    } catch (error) {
      if (!stopped.aborted) failed(error);
    }
  };

  const fromFiles = new Set(files.map(({ name }) => name));
  const toRestore = [...kept].filter(([name]) => !fromFiles.has(name)).values();
  const restoreSome = async () => {
    for (const [name, connector] of toRestore) {
      if (stopped.aborted) return;
      await begin(name, worker.restore(name, connector), (error) => log.error({ connector: name, error }, 'kept connector not started'));
    }
  };
  let broken = false;
  const beginFiles = async () => {
    for (const { name, config, initialState, file } of files) {
      if (stopped.aborted || broken) return;
      const target = initialState ?? kept.get(name)?.target ?? 'STARTED';
      await begin(name, worker.begin(name, config, target), (error) => {
        broken = true;
        const reason = error instanceof Error ? error.message : String(error);
        failure.reject(cliErrors.STARTUP_CONNECTOR({ name, file, reason }, error));
      });
    }
  };
  const all = Promise.all([...Array.from({ length: AT_A_TIME }, restoreSome), beginFiles()]);
  return { ready: Promise.race([all.then(() => undefined), failure.promise]), failed: failure.promise };
}

/** Resolves when it has come up or failed, or is late. */
async function answerOf({ started }: Begun, patienceMs: number, late: () => void): Promise<void> {
  const answered = new AbortController();
  const patience = wait(patienceMs, undefined, { signal: answered.signal, ref: false }).then(late);
  await Promise.race([started, patience]).catch(() => undefined);
  answered.abort();
  await patience.catch(() => undefined);
}
