import { createServer, type RequestListener, type Server } from 'node:http';
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

const DEFAULT_GRACE_MS = 60_000;
const CLOSE_IDLE_EVERY_MS = 20;

/**
 * Opens the listeners before anything else of a worker starts: a port that is taken is known at once, and one that the system chose is part
 * of the worker's id.
 */
export async function listen(listeners: readonly Listener[]): Promise<Listening> {
  const answering = Promise.withResolvers<RequestListener>();
  let answer: RequestListener | undefined;
  const onRequest: RequestListener = (request, response) => {
    if (answer) answer(request, response);
    else void answering.promise.then((now) => now(request, response));
  };
  const servers: Server[] = [];
  try {
    for (const listener of listeners) servers.push(await open(listener, onRequest));
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

async function open(listener: Listener, onRequest: RequestListener): Promise<Server> {
  const server = createServer(onRequest);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ port: listener.port, ...(listener.host === '' ? {} : { host: listener.host }) }, resolve);
  try {
    await promise;
    server.off('error', reject);
    return server;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw settingsErrors.PORT_IN_USE({ listener: listener.text }, error);
    throw settingsErrors.LISTEN_FAILED({ listener: listener.text, reason: message }, error);
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
