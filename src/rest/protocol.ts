import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods, RouteOptions } from 'fastify';
import { RestError } from '../errors/rest-error.ts';
import { httpError, problemType } from './errors.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const json = 'application/json';

export interface Protocol {
  /** Whether a resource answers this method at this path; parameters may have any name: `/connectors/{name}`. */
  serves(method: string, path: string): boolean;
  /** Answers OPTIONS, and refuses the methods that a path does not have. Call it when all routes are there. */
  addOtherMethods(): void;
}

/** What the web server of Connect refuses before a resource is asked: URLs, methods and media types. Call it before routes are added. */
export function addProtocol(server: FastifyInstance): Protocol {
  const known = new Map<string, Set<string>>();
  server.addHook('onRoute', ({ url, method }: RouteOptions) => {
    const allowed = known.get(url) ?? new Set(['OPTIONS']);
    for (const name of [method].flat()) allowed.add(name);
    known.set(url, allowed);
  });
  server.addHook('onRequest', async (request) => refuseAmbiguousUrl(request.originalUrl));
  server.setNotFoundHandler(async () => {
    throw httpError(404);
  });
  // A parser hands on the text: only a resource that reads its body minds what is in it.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  let served: ReadonlySet<string> = new Set();
  return {
    serves: (method, path) => served.has(routeKey(method, path)),
    addOtherMethods: () => {
      served = new Set([...known].flatMap(([url, allowed]) => [...allowed].map((method) => routeKey(method, url))));
      for (const [url, allowed] of [...known]) addOtherMethods(server, url, [...allowed].sort());
    },
  };
}

const routeKey = (method: string, path: string): string => `${method.toUpperCase()} ${path.replace(/:\w+|\{\w+\}/g, '{}')}`;

function addOtherMethods(server: FastifyInstance, url: string, allowed: readonly string[]): void {
  server.route({
    method: 'OPTIONS',
    url,
    handler: async (_request, reply) => reply.header('allow', allowed.join(', ')).type(json).send(),
  });
  const refused = methods.filter((name) => !allowed.includes(name));
  const refuse = async () => {
    throw httpError(405);
  };
  if (refused.length > 0) server.route({ method: refused as HTTPMethods[], url, onRequest: refuse, handler: refuse });
}

/** Empty segments and an encoded `/`, `\` or `%` are refused, as Connect's web server does: such a path could mean two things. */
function refuseAmbiguousUrl(url: string): void {
  const path = url.split(/[?#]/, 1)[0] ?? '';
  if (/\/\//.test(path)) throw new RestError(400, 'Ambiguous URI empty segment');
  if (/%2f|%5c|\\/i.test(path)) throw new RestError(400, 'Ambiguous URI path separator');
  if (/%25|%00|%0[ad]/i.test(path)) throw new RestError(400, 'Ambiguous URI path encoding');
}

/** Hook of routes that speak JSON: refuses other content types (415) and callers who do not accept it (406). */
export async function speakJson(request: FastifyRequest, _reply: FastifyReply): Promise<void> {
  const type = request.headers['content-type'];
  if (type === undefined ? readsBody(request) && hasBody(request) : mediaType(type) !== json) throw httpError(415);
  if (!accepts(request.headers.accept)) throw httpError(406);
}

const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const readsBody = ({ routeOptions }: FastifyRequest): boolean => (routeOptions.config as { readsBody?: boolean }).readsBody === true;

const mediaType = (text: string): string => (text.split(';', 1)[0] ?? '').trim().toLowerCase();

function accepts(header: string | undefined): boolean {
  if (header === undefined || header.trim() === '') return true;
  return header.split(',').some((range) => {
    const refused = /;\s*q=0(\.0*)?\s*(;|$)/i.test(range);
    return !refused && [json, problemType, 'application/*', '*/*', '*'].includes(mediaType(range));
  });
}
