import { badRequest, RestError } from '../errors/rest-error.ts';
import type { RawConfig } from '../sdk/config.ts';
import type { ConnectorConfig } from './connectors.ts';
import type { Accepted } from './managed-tasks.ts';
import type { Fault } from './messages.ts';
import type { ThreadPool } from './thread-pool.ts';

export interface AcceptOptions {
  readonly pool: Pick<ThreadPool, 'check'>;
  /** Replaces references to config providers. */
  readonly resolve?: (config: ConnectorConfig) => Promise<RawConfig>;
}

/** Looks at a config before anything is changed: what is wrong with it comes before whether the name is free. */
export async function accept(name: string, given: ConnectorConfig, { pool, resolve }: AcceptOptions): Promise<Accepted> {
  const config = 'name' in given ? given : { ...given, name };
  if (typeof config['connector.class'] !== 'string') {
    throw badRequest(`Connector config ${javaMap(config)} contains no connector type`);
  }
  const resolved = (await resolve?.(config)) ?? config;
  const checked = await pool.check(resolved).catch(({ status, message }: Fault) => {
    throw new RestError(status, message);
  });
  return { config, resolved, checked };
}

/** `{a=1, b=2}`. */
const javaMap = (config: ConnectorConfig): string =>
  `{${Object.entries(config)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ')}}`;
