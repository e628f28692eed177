import { badRequest, RestError } from '../errors/rest-error.ts';
import type { ConfigReport } from '../graph/validation/report.ts';
import type { PluginHost } from '../plugins/host/plugin-host.ts';
import type { ConnectorConfig } from './connectors.ts';
import type { Accepted } from './managed-tasks.ts';
import type { Resolve } from './resolve.ts';

export interface AcceptOptions {
  /** Validates it. */
  readonly pluginHost: PluginHost;
  /** Replaces references to config providers. */
  readonly resolve?: Resolve | undefined;
  /** Takes secrets out of what is said (I10). */
  readonly redact?: ((text: string) => string) | undefined;
}

/** A config that was looked at, and in Connect's words what is wrong with it; `undefined`: nothing. */
export interface Examined {
  readonly accepted: Accepted;
  readonly refusal: string | undefined;
}

/**
 * Looks at a config before anything is changed: what is wrong with it comes before whether the name is free. Refuses it with all that is wrong,
 * in Connect's words.
 */
export async function accept(config: ConnectorConfig, options: AcceptOptions): Promise<Accepted> {
  const { accepted, refusal } = await examine(config, options);
  if (refusal !== undefined) throw badRequest(refusal);
  return accepted;
}

/** Fails when it cannot even be told which plugin it is for. */
export async function examine(config: ConnectorConfig, options: AcceptOptions): Promise<Examined> {
  const { pluginHost, resolve, redact = (text) => text } = options;
  const { config: resolved, ttlMs } = (await resolve?.(config)) ?? { config };
  const { report, connector } = await pluginHost.ask('validate', { config: resolved }).catch((error: unknown) => {
    throw error instanceof RestError ? new RestError(error.status, redact(error.message)) : error;
  });
  const checked = { type: connector.kind, version: connector.version, javaClass: connector.className };
  const accepted = { config, resolved, checked, ...(ttlMs === undefined ? {} : { ttlMs }) };
  return { accepted, refusal: report.errorCount > 0 ? redact(refusalOf(report)) : undefined };
}

/** A config carries the name it goes by, unless it says another. */
export const named = (name: string, config: ConnectorConfig): ConnectorConfig => ('name' in config ? config : { ...config, name });

function refusalOf({ configs, errorCount }: ConfigReport): string {
  const errors = configs.flatMap(({ value }) => value?.errors ?? []);
  const more = 'You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`';
  return `Connector configuration is invalid and contains the following ${errorCount} error(s):\n${errors.join('\n')}\n${more}`;
}
