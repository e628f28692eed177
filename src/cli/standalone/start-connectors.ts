import type { ConnectorFile } from '../../config/connector-file.ts';
import { cliErrors } from '../../errors/cli.ts';
import type { KeptConnector } from '../../store/config-state.ts';
import type { Logger } from '../../telemetry/log.ts';
import type { StandaloneConnectors } from '../../worker/standalone-connectors.ts';

export interface StartOptions {
  readonly kept: ReadonlyMap<string, KeptConnector>;
  readonly files: readonly ConnectorFile[];
  readonly log: Logger;
}

/** Kept connectors that are made at the same time: each waits for its thread to divide the work. */
const AT_A_TIME = 8;

/**
 * Makes the connectors that were kept, a few at a time, then those of the files, one after another.
 *
 * A file replaces the kept config of its name, but not the state that a user asked for. A kept connector that cannot be made is reported and
 * stays kept; one of a file is an error: the worker has to end, as Connect's does.
 */
export async function startConnectors(
  worker: Pick<StandaloneConnectors, 'create' | 'restore'>,
  { kept, files, log }: StartOptions,
): Promise<void> {
  const fromFiles = new Set(files.map(({ name }) => name));
  const toRestore = [...kept].filter(([name]) => !fromFiles.has(name)).values();
  const restoreSome = async () => {
    for (const [name, connector] of toRestore) {
      await worker.restore(name, connector).catch((error: unknown) => log.error({ connector: name, error }, 'kept connector not started'));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, restoreSome));
  for (const { name, config, initialState, file } of files) {
    const target = initialState ?? kept.get(name)?.target ?? 'STARTED';
    try {
      await worker.create(name, config, target);
    } catch (error) {
      throw cliErrors.STARTUP_CONNECTOR({ name, file, reason: error instanceof Error ? error.message : String(error) }, error);
    }
  }
}
