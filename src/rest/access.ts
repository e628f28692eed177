import type { FastifyInstance } from 'fastify';
import type { RestExtensionContext, RestExtensionDefinition } from '../sdk/rest-extension.ts';
import type { Connectors } from '../worker/connectors.ts';
import { addCors, type CorsOptions } from './cors.ts';
import { addResponseHeaders, type HeaderRule } from './response-headers.ts';

/** An extension with the settings of the worker that are its own. */
export interface ConfiguredExtension {
  readonly definition: RestExtensionDefinition<unknown, never>;
  readonly config: unknown;
}

/** Who may call, from where, and what every answer carries. */
export interface Access {
  readonly cors?: CorsOptions;
  readonly headers?: readonly HeaderRule[];
  readonly extensions?: readonly ConfiguredExtension[];
  readonly warn?: (message: string) => void;
}

/** Adds what comes before any resource: questions of browsers first, since they carry no credentials. */
export async function addAccess(
  server: FastifyInstance,
  { cors, headers = [], extensions = [], warn = () => {} }: Access,
  worker: { readonly connectors: Connectors; readonly clusterId: string },
): Promise<void> {
  addResponseHeaders(server, headers);
  if (cors) addCors(server, cors);
  const context = contextOf(worker, warn);
  for (const { definition, config } of extensions) await definition.register(server as never, config, context);
}

const contextOf = (
  { connectors, clusterId }: { readonly connectors: Connectors; readonly clusterId: string },
  warn: (message: string) => void,
): RestExtensionContext => ({
  clusterId,
  warn,
  connectors: () => connectors.names(),
  config: (name) => connectors.config(name),
  state: (name) => {
    const { connector, tasks } = connectors.status(name);
    return { connector: connector.state, tasks: tasks.map(({ state }) => state) };
  },
});
