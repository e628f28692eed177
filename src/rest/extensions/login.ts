import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { InTurn } from '../../worker/in-turn.ts';
import { FailedLogins } from './failed-logins.ts';

/** How one kind of credentials is read and checked. */
export interface Scheme {
  /** As in the header `Authorization`. */
  readonly name: 'Basic' | 'Bearer';
  /** What a caller may do; `undefined`: it is not known. */
  check(credentials: string): Promise<Role | undefined>;
}

export type Role = 'admin' | 'read-only';

const reads = ['GET', 'HEAD', 'OPTIONS'];

/** Of servers that ask who calls. */
const schemesOf = new WeakMap<FastifyInstance, Scheme[]>();

/**
 * Lets in only those whom a scheme knows, and lets those who may only read change nothing.
 *
 * Of several schemes of a server a caller chooses one: no request can carry credentials of two.
 */
export function requireLogin(server: FastifyInstance, scheme: Scheme): void {
  const others = schemesOf.get(server);
  if (others !== undefined) {
    others.push(scheme);
    return;
  }
  const schemes = [scheme];
  schemesOf.set(server, schemes);
  addLogin(server, schemes);
}

function addLogin(server: FastifyInstance, schemes: readonly Scheme[]): void {
  const failures = new FailedLogins();
  const turns = new InTurn();
  // Those of one address one after another: guesses that come at once are counted too.
  const roleOf = (ip: string, { scheme, credentials }: Shown): Promise<Role | undefined> =>
    turns.of(ip, async () => {
      if (failures.waitSeconds(ip) > 0) return undefined;
      const role = await scheme.check(credentials);
      if (role === undefined) failures.failed(ip);
      else failures.succeeded(ip);
      return role;
    });
  server.addHook('onRequest', async (request, reply) => {
    const shown = shownBy(request, schemes);
    // Who shows nothing is a browser or a probe, and guesses nothing.
    const role = shown && (await roleOf(request.ip, shown));
    const wait = failures.waitSeconds(request.ip);
    if (wait > 0) return reply.header('retry-after', wait).code(429).type('text/plain').send('Too many log-ins failed. Try again later.');
    if (role === undefined) return refuse(reply, schemes);
    if (role === 'read-only' && !reads.includes(request.method)) {
      return reply.code(403).type('text/plain').send('This caller may only read.');
    }
  });
}

/** A line for each scheme: not every browser reads several of one line. */
const refuse = (reply: FastifyReply, schemes: readonly Scheme[]): FastifyReply =>
  reply
    .code(401)
    .header(
      'www-authenticate',
      schemes.map(({ name }) => `${name} realm="sluice"`),
    )
    .type('text/plain')
    .send('User cannot access the resource.');

interface Shown {
  readonly scheme: Scheme;
  readonly credentials: string;
}

function shownBy({ headers }: FastifyRequest, schemes: readonly Scheme[]): Shown | undefined {
  const [, name = '', credentials = ''] = /^(\S+) +(.+)$/.exec(headers.authorization ?? '') ?? [];
  const scheme = schemes.find((each) => each.name.toLowerCase() === name.toLowerCase());
  return scheme && { scheme, credentials: credentials.trim() };
}
