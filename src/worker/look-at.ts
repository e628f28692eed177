import { badRequest, RestError } from '../errors/rest-error.ts';
import type { RawConfig } from '../sdk/config.ts';
import { type AcceptOptions, examine } from './accept.ts';
import type { ConnectorConfig } from './connectors.ts';
import { faultOf } from './fault.ts';
import type { Accepted } from './managed-tasks.ts';
import type { Fault } from './messages.ts';
import { runSettings } from './worker-settings.ts';

/** What was found out about a config; one that cannot be used runs all the same, to say so in its status. */
export type Looked = Accepted & { readonly fault?: Fault };

/**
 * Looks at a config that was decided on before: what is wrong with it by now, a plugin or a secret that is gone, fails the connector and not
 * the worker. Of what is only refused it is known what it is, and its tasks go on, as Connect's do.
 */
export async function lookAt(config: ConnectorConfig, options: AcceptOptions): Promise<Looked> {
  try {
    const { accepted, refusal } = await examine(config, options);
    return refusal === undefined ? accepted : { ...accepted, fault: faultOf(badRequest(refusal)) };
  } catch (error) {
    const fault = faultOf(error instanceof RestError ? (error.cause ?? error) : error);
    return { config, resolved: config, checked: { type: 'unknown', version: null, javaClass: String(config['connector.class']) }, fault };
  }
}

/** With settings of the run that can be read; those that are refused are its fault, if there is no other. */
export function withSettings(worker: RawConfig, looked: Looked): Looked {
  try {
    runSettings(worker, looked.resolved);
    return looked;
  } catch (error) {
    return { ...looked, resolved: {}, fault: looked.fault ?? faultOf(error) };
  }
}
