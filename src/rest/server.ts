import Fastify, { type FastifyInstance } from 'fastify';
import type { PluginRegistry } from '../plugins/registry.ts';
import type { Connectors } from '../worker/connectors.ts';
import { type Access, addAccess } from './access.ts';
import { answerError } from './errors.ts';
import { addProtocol, speakJson } from './protocol.ts';
import { connectorPlugins } from './resources/connector-plugins.ts';
import { connectors } from './resources/connectors.ts';
import { root } from './resources/root.ts';
import { tasks } from './resources/tasks.ts';

export interface RestOptions {
  readonly connectors: Connectors;
  readonly plugins: PluginRegistry;
  /** Whether everything that a start makes is made. Default: whether the connectors are ready. */
  readonly ready?: () => boolean;
  /** What the worker says of itself. */
  readonly about: {
    /** The version of Kafka Connect whose REST this is. */
    readonly version: string;
    readonly commit: string;
    readonly clusterId: string;
    readonly pluginVersion: string;
  };
  /** Which resources are served. Default: all. */
  readonly part?: RestPart;
  readonly access?: Access;
  /** Largest body of a request. Default: 16 MiB. */
  readonly maxBodyBytes?: number;
  /** How long `GET /health` waits for a worker to be ready. Default: 10,000. */
  readonly healthTimeoutMs?: number;
}

/** `main`: all but `/admin`, which has listeners of its own or none. */
export type RestPart = 'all' | 'main' | 'admin';

const main = [root, connectors, tasks, connectorPlugins];
const admin: typeof main = [];
const resourcesOf: Readonly<Record<RestPart, typeof main>> = { all: [...main, ...admin], main, admin };

const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** Builds Kafka Connect's REST over a worker's connectors. It does not listen: `server.routing` answers the requests of whoever does. */
export async function restServer(options: RestOptions): Promise<FastifyInstance> {
  const server = Fastify({
    bodyLimit: options.maxBodyBytes ?? MAX_BODY_BYTES,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 16_384 },
    // What follows a `;` in a segment is a parameter of it, and names nothing here.
    rewriteUrl: ({ url = '/' }) => url.replace(/^[^?]*/, (path) => path.replace(/;[^/]*/g, '')),
    frameworkErrors: answerError,
  });
  server.setErrorHandler(answerError);
  const addOtherMethods = addProtocol(server);
  await addAccess(server, options.access ?? {}, { connectors: options.connectors, clusterId: options.about.clusterId });
  await server.register(async (json) => {
    json.addHook('onRequest', speakJson);
    for (const resource of resourcesOf[options.part ?? 'all']) await json.register(resource, options);
  });
  addOtherMethods();
  await server.ready();
  return server;
}
