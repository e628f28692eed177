import { RestError } from '../../errors/rest-error.ts';
import { type AcceptOptions, accept } from '../accept.ts';
import type { ConnectorConfig } from '../connectors.ts';
import { faultOf } from '../fault.ts';
import type { Looked } from './local-connector.ts';

/**
 * Looks at a config that was decided on before: what is wrong with it by now, a plugin or a secret that is gone, fails the connector and not
 * the worker.
 */
export async function lookAt(config: ConnectorConfig, options: AcceptOptions): Promise<Looked> {
  try {
    return await accept(config, options);
  } catch (error) {
    const fault = faultOf(error instanceof RestError ? (error.cause ?? error) : error);
    return { config, resolved: config, checked: { type: 'unknown', version: null, javaClass: String(config['connector.class']) }, fault };
  }
}
