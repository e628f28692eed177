import { readConfigFile } from '../../config/config-file.ts';
import { readConnectorRequest } from '../../config/connector-file.ts';
import type { ConnectorRequest } from '../../config/connector-request.ts';
import { cliErrors } from '../../errors/cli.ts';
import { settingsErrors } from '../../errors/settings.ts';
import type { Runnable } from '../../worker/compiled-of.ts';
import { isRunnable } from './is-runnable.ts';

/** What a file that is no module asks to run. */
interface Loaded {
  readonly pipelines: readonly Runnable[];
  /** The state that a worker would begin a connector in. */
  readonly initialState?: ConnectorRequest['initialState'];
}

/** Reads a connector in any form that a worker reads, a pipeline as JSON, or an array of both. */
export async function loadDocument(file: string): Promise<Loaded> {
  const document = jsonIn(await readConfigFile('connector file', file, 'utf8'));
  if (isRunnable(document) && 'nodes' in document) return { pipelines: [document] };
  if (!Array.isArray(document)) return loadConnector(file);
  const pipelines: readonly unknown[] = document;
  if (pipelines.length > 0 && pipelines.every(isRunnable)) return { pipelines };
  throw cliErrors.RUN_NEITHER({ file });
}

async function loadConnector(file: string): Promise<Loaded> {
  const { name, config, initialState } = await readConnectorRequest(file);
  if (!('connector.class' in config)) throw isOfWorker(config) ? cliErrors.RUN_WORKER({ file }) : cliErrors.RUN_NEITHER({ file });
  if (name === null || name.trim() === '') throw settingsErrors.CONNECTOR_NAME({ file });
  return { pipelines: [config as Runnable], initialState };
}

/** `undefined`: it is none, or broken; who reads it as a connector says what is wrong. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const ofWorker =
  /^(bootstrap\.servers|listeners|group\.id|plugin\.path|config\.providers|(offset|config|status)\.storage\..*|offset\.flush\..*)$/;

const isOfWorker = (config: object): boolean => Object.keys(config).some((key) => ofWorker.test(key));
