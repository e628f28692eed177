import type { ConnectorFile } from '../../config/connector-file.ts';
import { cliErrors } from '../../errors/cli.ts';
import type { Logger } from '../../telemetry/log.ts';
import type { Connectors } from '../../worker/connectors.ts';
import type { ConnectorStore } from '../../worker/keep-connectors.ts';

/** Kept connectors that are made at the same time: each waits for its thread to divide the work. */
const AT_A_TIME = 8;

/**
 * Makes the connectors that were kept, a few at a time, then those of the files, one after another, and keeps these too.
 *
 * A file replaces the kept config of its name, but not the state that a user asked for. A kept connector that cannot be made is reported and
 * stays kept; one of a file is an error: the worker has to end, as Connect's does.
 */
export async function startConnectors(
  worker: Connectors,
  { store, files, log }: { readonly store: ConnectorStore; readonly files: readonly ConnectorFile[]; readonly log: Logger },
): Promise<void> {
  const fromFiles = new Set(files.map(({ name }) => name));
  const before = store.connectors;
  const kept = [...before].filter(([name]) => !fromFiles.has(name)).values();
  const makeSome = async () => {
    for (const [name, { config, target }] of kept) {
      await worker
        .create(name, config, target)
        .catch((error: unknown) => log.error({ connector: name, error }, 'kept connector not started'));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, makeSome));
  for (const { name, config, initialState, file } of files) {
    const target = initialState ?? before.get(name)?.target ?? 'STARTED';
    try {
      await worker.create(name, config, target);
      await store.put(name, { config: worker.config(name), target });
    } catch (error) {
      throw cliErrors.STARTUP_CONNECTOR({ name, file, reason: error instanceof Error ? error.message : String(error) }, error);
    }
  }
}
