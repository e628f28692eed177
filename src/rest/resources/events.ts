import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { RestError } from '../../errors/rest-error.ts';
import type { WorkerEvent } from '../../worker/connectors.ts';
import type { RestOptions } from '../server.ts';

const MOST_LISTENERS = 100;
const REMEMBERED = 256;
const HEARTBEAT_MS = 15_000;
/** A listener that leaves more than this unread is cut off. */
const MOST_UNREAD_BYTES = 1024 * 1024;

interface Numbered {
  readonly id: number;
  readonly event: WorkerEvent;
}

interface Listener {
  readonly response: ServerResponse;
  /** Only events of this connector; `undefined`: of all. */
  readonly connector: string | undefined;
}

/**
 * `GET /events`: what happens to connectors and tasks, as server-sent events (`?connector=NAME` for one).
 *
 * A client that comes back with `Last-Event-ID` is first told what it missed, as far as the last 256 events go.
 */
export async function events(server: FastifyInstance, { connectors }: RestOptions): Promise<void> {
  const listeners = new Set<Listener>();
  const recent: Numbered[] = [];
  let last = 0;
  const subscription = connectors.events.subscribe({
    next: (event) => {
      const numbered = { id: ++last, event };
      recent.push(numbered);
      if (recent.length > REMEMBERED) recent.shift();
      for (const listener of listeners) tell(listener, numbered);
    },
    complete: () => {
      for (const { response } of listeners) response.end();
    },
  });
  const heartbeat = setInterval(() => {
    for (const { response } of listeners) say(response, ':\n\n');
  }, HEARTBEAT_MS);
  heartbeat.unref();
  server.addHook('onClose', async () => {
    subscription.unsubscribe();
    clearInterval(heartbeat);
  });

  server.get<{ Querystring: { readonly connector?: string } }>('/events', async (request, reply) => {
    if (request.method === 'HEAD') return reply.type('text/event-stream').send();
    if (listeners.size >= MOST_LISTENERS) throw new RestError(503, `${MOST_LISTENERS} clients listen to events already. Try again later.`);
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value);
    reply.hijack();
    const response = reply.raw;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(':\n\n');
    const listener = { response, connector: request.query.connector };
    const after = Number(request.headers['last-event-id'] ?? last);
    for (const numbered of recent) if (numbered.id > after) tell(listener, numbered);
    if (subscription.closed) response.end();
    listeners.add(listener);
    response.once('close', () => listeners.delete(listener));
  });
}

function tell({ response, connector }: Listener, { id, event }: Numbered): void {
  if (connector !== undefined && connector !== event.connector) return;
  say(response, `id: ${id}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`);
  if (response.writableLength > MOST_UNREAD_BYTES) response.destroy();
}

/** Nothing where the answer has ended, or was cut off: a listener is there until its connection is closed, which may be later. */
function say(response: ServerResponse, text: string): void {
  if (!response.writableEnded && !response.destroyed) response.write(text);
}
