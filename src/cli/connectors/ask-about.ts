import { nearNames } from '../../config/near-names.ts';
import { cliErrors } from '../../errors/cli.ts';
import { SluiceError } from '../../errors/error-table.ts';
import { type Ask, connectorPath } from './client.ts';

/**
 * Asks for something of one connector. Where the worker has none of that name it says so in other words for each request: here in the same,
 * with near names.
 */
export function askAbout(ask: Ask, name: string): Ask {
  return async (method, path, body) => {
    try {
      return await ask(method, connectorPath(name, path), body);
    } catch (error) {
      const names = wasRefused(error) ? await ask('GET', '/connectors').catch(() => undefined) : undefined;
      if (!Array.isArray(names) || names.includes(name)) throw error;
      throw cliErrors.CONNECTOR_UNKNOWN({ name, near: nearNames(name, names) }, error);
    }
  };
}

const wasRefused = (error: unknown): boolean => error instanceof SluiceError && error.code === 'CLI_WORKER_REFUSED';
