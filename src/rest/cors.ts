import type { FastifyInstance } from 'fastify';

export interface CorsOptions {
  /** `access.control.allow.origin`: origins with commas between them, `*` for any text. Blank: no other origin may call. */
  readonly origins: string;
  /** `access.control.allow.methods`; blank: GET, POST and HEAD. */
  readonly methods: string;
}

const MAX_AGE_SECONDS = 1_800;
const defaultMethods = ['GET', 'POST', 'HEAD'];
const allowedHeaders = 'X-Requested-With,Content-Type,Accept,Origin,Authorization';

/**
 * Lets pages of other origins call REST.
 *
 * A browser asks beforehand without credentials, so that question is answered here, before anything that wants to know who asks.
 */
export function addCors(server: FastifyInstance, { origins, methods }: CorsOptions): void {
  const patterns = listed(origins).map(originPattern);
  if (patterns.length === 0) return;
  const allowed = listed(methods).length > 0 ? listed(methods) : defaultMethods;
  server.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    if (origin === undefined) return;
    reply.header('vary', 'Origin');
    if (!patterns.some((pattern) => pattern.test(origin))) return;
    reply.header('access-control-allow-origin', origin);
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return;
    await reply
      .headers({
        'access-control-allow-methods': allowed.join(','),
        'access-control-allow-headers': allowedHeaders,
        'access-control-max-age': MAX_AGE_SECONDS,
      })
      .code(204)
      .send();
  });
}

const listed = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const originPattern = (origin: string): RegExp => new RegExp(`^${origin.split('*').map(escaped).join('.*')}$`, 'i');

const escaped = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
