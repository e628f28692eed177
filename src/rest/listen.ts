import type { RequestListener, Server, ServerOptions } from 'node:http';
import type { ServerOptions as TlsServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { settingsErrors } from '../errors/settings.ts';
import type { Listener } from './listeners.ts';

/** Open listeners, in the order they were configured. */
export interface Listening {
  readonly ports: readonly number[];
  /** Says who answers; until then requests wait. */
  serve(listener: RequestListener): void;
  /** Takes no more connections; resolves when what is being answered is, or after `graceMs`, when it is cut off. */
  close(graceMs?: number): Promise<void>;
}

/** What a client may take of a worker before anybody looks at who it is. */
export interface ClientLimits {
  readonly connections: number;
  /** Request line and headers together. */
  readonly headerBytes: number;
  /** A request that has not arrived whole after this time is cut off. */
  readonly receiveMs: number;
}

const defaultLimits: ClientLimits = { connections: 1_000, headerBytes: 32 * 1024, receiveMs: 30_000 };

export interface ListenOptions {
  /** TLS of an `https` listener. */
  readonly tls?: (listener: Listener) => TlsServerOptions | Promise<TlsServerOptions>;
  readonly limits?: Partial<ClientLimits>;
}

const DEFAULT_GRACE_MS = 60_000;
const CLOSE_IDLE_EVERY_MS = 20;
const CHECK_CONNECTIONS_EVERY_MS = 5_000;

/**
 * Opens the listeners before anything else of a worker starts: a port that is taken is known at once, and one that the system chose is part
 * of the worker's id.
 */
export async function listen(listeners: readonly Listener[], { tls, limits }: ListenOptions = {}): Promise<Listening> {
  const answering = Promise.withResolvers<RequestListener>();
  let answer: RequestListener | undefined;
  const onRequest: RequestListener = (request, response) => {
    if (answer) answer(request, response);
    else void answering.promise.then((now) => now(request, response));
  };
  const servers: Server[] = [];
  try {
    for (const listener of listeners) {
      const server = await makeServer(listener, tls, { ...defaultLimits, ...limits });
      server.on('request', onRequest);
      servers.push(await open(server, listener));
    }
  } catch (error) {
    await Promise.all(servers.map((server) => closed(server, 0)));
    throw error;
  }
  return {
    ports: servers.map((server) => (server.address() as AddressInfo).port),
    serve(listener) {
      answer = listener;
      answering.resolve(listener);
    },
    async close(graceMs = DEFAULT_GRACE_MS) {
      await Promise.all(servers.map((server) => closed(server, graceMs)));
    },
  };
}

async function makeServer(listener: Listener, tls: ListenOptions['tls'], limits: ClientLimits): Promise<Server> {
  const options: ServerOptions = {
    maxHeaderSize: limits.headerBytes,
    requestTimeout: limits.receiveMs,
    headersTimeout: limits.receiveMs,
    connectionsCheckingInterval: Math.min(limits.receiveMs, CHECK_CONNECTIONS_EVERY_MS),
  };
  const server = listener.protocol === 'https' ? await secureServer({ ...options, ...(await tls?.(listener)) }) : createServer(options);
  server.maxConnections = limits.connections;
  return server;
}

/** An import of `node:http` runs every getter of it, and so loads an HTTP client and WebSockets: 10 MB and 40 ms for nothing. */
const { createServer } = process.getBuiltinModule('node:http');

/** TLS is imported by those who use it. */
const secureServer = async (options: TlsServerOptions): Promise<Server> => (await import('node:https')).createServer(options);

async function open(server: Server, listener: Listener): Promise<Server> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ port: listener.port, ...(listener.host === '' ? {} : { host: listener.host }) }, resolve);
  try {
    await promise;
    server.off('error', reject);
    return server;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw settingsErrors.PORT_IN_USE({ key: listener.key, listener: listener.text }, error);
    throw settingsErrors.LISTEN_FAILED({ key: listener.key, listener: listener.text, reason: message }, error);
  }
}

function closed(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    // A connection that was answered meanwhile is kept alive by its client otherwise.
    const idle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
    server.close(() => {
      clearTimeout(cut);
      clearInterval(idle);
      resolve();
    });
    server.closeIdleConnections();
  });
}
