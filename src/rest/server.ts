import Fastify, { type FastifyInstance } from 'fastify';
import type { PluginHost } from '../plugins/host/plugin-host.ts';
import type { PluginRegistry } from '../plugins/registry.ts';
import type { RawConfig } from '../sdk/config.ts';
import type { Loggers } from '../telemetry/loggers.ts';
import type { Connectors } from '../worker/connectors.ts';
import type { Resolve } from '../worker/resolve.ts';
import { type Access, addAccess } from './access.ts';
import { answerError } from './errors.ts';
import { addIdempotency } from './idempotency.ts';
import { addProtocol, speakJson } from './protocol.ts';
import { connectorPlugins } from './resources/connector-plugins.ts';
import { connectors as connectorResource } from './resources/connectors.ts';
import { events } from './resources/events.ts';
import { graph } from './resources/graph.ts';
import { loggers } from './resources/loggers.ts';
import { offsets } from './resources/offsets.ts';
import { openapi } from './resources/openapi.ts';
import { root } from './resources/root.ts';
import { tasks } from './resources/tasks.ts';
import { topics } from './resources/topics.ts';
import { hideSecretsIn, keepHiddenSecrets, passwordKeysOf } from './secrets.ts';
import { addWaiting, type WaitingOptions } from './waiting.ts';

export interface RestOptions {
  readonly connectors: Connectors;
  readonly plugins: PluginRegistry;
  /** Asked about plugins and configs. */
  readonly pluginHost: Pick<PluginHost, 'ask'>;
  /** Replaces references to config providers in a config that is validated. */
  readonly resolve?: Resolve;
  /** Default: topics of connectors are told, and may be reset. */
  readonly topicTracking?: { readonly enabled?: boolean; readonly resettable?: boolean };
  /** Default: levels that change nothing. */
  readonly loggers?: Loggers;
  /** Sets the level of a logger on every worker of a cluster. Default: on this one. */
  readonly setClusterLevel?: (logger: string, level: string) => Promise<void>;
  /** Whether it is a worker of a cluster, whose workers ask each other things that a standalone one refuses. Default: no. */
  readonly inCluster?: boolean;
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
  /** Whether secrets of configs are hidden in answers, and `[hidden]` in a changed config leaves one as it was. Default: no, as Connect. */
  readonly maskSecrets?: boolean;
  /** Properties of the worker, for the graphs of connectors. */
  readonly worker?: RawConfig;
  /** Default: a change to a connector waits for the one before it. */
  readonly onConflict?: WaitingOptions['onConflict'];
  /** Default: 90,000, as Connect. */
  readonly requestTimeoutMs?: number;
  /** Largest body of a request. Default: 16 MiB. */
  readonly maxBodyBytes?: number;
  /** How long `GET /health` waits for a worker to be ready. Default: 10,000. */
  readonly healthTimeoutMs?: number;
}

/** `main`: all but `/admin`, which has listeners of its own or none. */
export type RestPart = 'all' | 'main' | 'admin';

const main = [root, connectorResource, tasks, offsets, topics, connectorPlugins];
const admin: typeof main = [loggers];
const resourcesOf: Readonly<Record<RestPart, typeof main>> = { all: [...main, ...admin], main, admin };

const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** Routes have no JSON schemas, since bodies are parsed by Connect's rules: compilers for them would take a third of the start. */
const noSchemas = () => () => {
  throw new Error('Routes have no schemas: parse in the handler.');
};

/** Builds Kafka Connect's REST over a worker's connectors. It does not listen: `server.routing` answers the requests of whoever does. */
export async function restServer(options: RestOptions): Promise<FastifyInstance> {
  const server = Fastify({
    bodyLimit: options.maxBodyBytes ?? MAX_BODY_BYTES,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 16_384 },
    // What follows a `;` in a segment is a parameter of it, and names nothing here.
    rewriteUrl: ({ url = '/' }) => url.replace(/^[^?]*/, (path) => path.replace(/;[^/]*/g, '')),
    frameworkErrors: answerError,
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
  });
  server.setErrorHandler(answerError);
  const protocol = addProtocol(server);
  await addAccess(server, options.access ?? {}, { connectors: options.connectors, clusterId: options.about.clusterId });
  const { part = 'all', plugins } = options;
  const connectors = options.maskSecrets === true ? keepHiddenSecrets(options.connectors) : options.connectors;
  await server.register(async (json) => {
    json.addHook('onRequest', speakJson);
    addIdempotency(json);
    addWaiting(json, {
      onConflict: options.onConflict ?? 'wait',
      ...(options.requestTimeoutMs === undefined ? {} : { timeoutMs: options.requestTimeoutMs }),
    });
    const passwordKeys = passwordKeysOf(plugins, options.pluginHost);
    if (options.maskSecrets === true)
      json.addHook('preSerialization', async (_request, _reply, answer) => hideSecretsIn(answer, passwordKeys));
    for (const resource of resourcesOf[part]) await json.register(resource, { ...options, connectors });
  });
  if (part !== 'admin')
    for (const resource of [events, graph, openapi]) await server.register(resource, { ...options, serves: protocol.serves });
  protocol.addOtherMethods();
  await server.ready();
  return server;
}
