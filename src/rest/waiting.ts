import type { FastifyInstance, FastifyRequest } from 'fastify';
import { conflict } from '../errors/rest-error.ts';

/** Connect's limit, which no setting changes. */
const REQUEST_TIMEOUT_MS = 90_000;

export interface WaitingOptions {
  /** Of a change to a connector while another one is under way. */
  readonly onConflict: 'wait' | 'reject';
  readonly timeoutMs?: number;
}

const reads = ['GET', 'HEAD', 'OPTIONS'];

/** Bounds how long a request waits for the worker, and says whether a change waits for the one before it; what the worker does goes on after a time-out. */
export function addWaiting(server: FastifyInstance, { onConflict, timeoutMs = REQUEST_TIMEOUT_MS }: WaitingOptions): void {
  const changing = new Map<string, number>();

  server.addHook('preHandler', async (_request, reply) => {
    const timer = setTimeout(() => {
      if (reply.sent) return;
      const message = `Request timed out after ${timeoutMs} ms. The worker goes on with it: look at the status of the connector.`;
      void reply.code(500).type('application/json').send({ error_code: 500, message });
    }, timeoutMs);
    // Of Fastify's hooks none is called for a client that went away before the answer.
    reply.raw.once('close', () => clearTimeout(timer));
  });

  // Around the handler: the change is under way as long as the worker is at it, whatever its client was told or has gone away.
  server.addHook('onRoute', (route) => {
    const { handler } = route;
    route.handler = async function (request, reply) {
      const name = changed(request);
      if (name === undefined) return handler.call(this, request, reply);
      begin(name);
      try {
        return await handler.call(this, request, reply);
      } finally {
        end(name);
      }
    };
  });

  function begin(name: string): void {
    const under = changing.get(name) ?? 0;
    if (under > 0 && onConflict === 'reject') {
      throw conflict(`Cannot complete request momentarily: another change of connector ${name} is under way.`);
    }
    changing.set(name, under + 1);
  }

  function end(name: string): void {
    const left = (changing.get(name) ?? 1) - 1;
    if (left > 0) changing.set(name, left);
    else changing.delete(name);
  }
}

/** The connector that a request changes. */
const changed = ({ method, params }: FastifyRequest): string | undefined =>
  reads.includes(method) ? undefined : (params as { readonly name?: string }).name;
