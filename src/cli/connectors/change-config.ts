import { readConnectorFile } from '../../config/connector-file.ts';
import { cliErrors } from '../../errors/cli.ts';
import { type Ask, connectorPath } from './client.ts';

export interface ConfigChange {
  /** A connector file whose config replaces the present one. */
  readonly file?: string;
  readonly set?: Readonly<Record<string, string>>;
  readonly unset?: readonly string[];
}

type Config = Readonly<Record<string, string | null>>;

/** Replaces or changes the config of a connector, where there is something to change; answers with what it is then. */
export async function changeConfig(ask: Ask, name: string, { file, set = {}, unset = [] }: ConfigChange): Promise<Config> {
  const changes = { ...set, ...Object.fromEntries(unset.map((key) => [key, null])) };
  const hasChanges = Object.keys(changes).length > 0;
  if (file !== undefined) {
    if (hasChanges) throw cliErrors.CONFIG_TWICE({ name });
    const { config } = await readConnectorFile(file);
    return configOf(await ask('PUT', connectorPath(name, '/config'), config));
  }
  if (hasChanges) return configOf(await ask('PATCH', connectorPath(name, '/config'), changes));
  return (await ask('GET', connectorPath(name, '/config'))) as Config;
}

const configOf = (info: unknown): Config => (info as { readonly config: Config }).config;
