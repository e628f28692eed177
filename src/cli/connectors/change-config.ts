import { type ConnectorFile, readConnectorFile } from '../../config/connector-file.ts';
import { cliErrors } from '../../errors/cli.ts';
import { SluiceError } from '../../errors/error-table.ts';
import { askAbout } from './ask-about.ts';
import { type Ask, connectorPath } from './client.ts';

export interface ConfigChange {
  /** A connector file whose config replaces the present one. */
  readonly file?: string;
  readonly set?: Readonly<Record<string, string>>;
  readonly unset?: readonly string[];
}

type Config = Readonly<Record<string, string | null>>;

/**
 * Replaces or changes the config of a connector, where there is something to change; answers with what it is then.
 *
 * `tell` is told what of the file has no effect.
 */
export async function changeConfig(
  ask: Ask,
  name: string,
  { file, set = {}, unset = [] }: ConfigChange,
  tell: (sentence: string) => void,
): Promise<Config> {
  const changes = { ...set, ...Object.fromEntries(unset.map((key) => [key, null])) };
  const hasChanges = Object.keys(changes).length > 0;
  if (file !== undefined) {
    if (hasChanges) throw cliErrors.CONFIG_TWICE({ name });
    return putFile(ask, name, await readConnectorFile(file), tell);
  }
  if (hasChanges) return configOf(await askAbout(ask, name)('PATCH', '/config', changes));
  return (await askAbout(ask, name)('GET', '/config')) as Config;
}

/** Only what makes a connector takes the state that it begins in. */
async function putFile(ask: Ask, name: string, { config, initialState }: ConnectorFile, tell: (sentence: string) => void): Promise<Config> {
  const put = async () => configOf(await ask('PUT', connectorPath(name, '/config'), config));
  if (initialState === undefined) return put();
  const state = stateNames[initialState];
  try {
    return configOf(await ask('POST', '/connectors', { name, config, initial_state: state }));
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
  const replaced = await put();
  const change = { RUNNING: 'resume', PAUSED: 'pause', STOPPED: 'stop' }[state];
  tell(
    `${name} was there already: initial_state=${state} is for new connectors, so its state is left alone. To change it: sluice ${change} ${name}`,
  );
  return replaced;
}

const stateNames = { STARTED: 'RUNNING', PAUSED: 'PAUSED', STOPPED: 'STOPPED' } as const;

const isConflict = (error: unknown): boolean =>
  error instanceof SluiceError && error.code === 'CLI_WORKER_REFUSED' && error.facts['status'] === 409;

const configOf = (info: unknown): Config => (info as { readonly config: Config }).config;
