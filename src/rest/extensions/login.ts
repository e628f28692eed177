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

/** Lets in only those whom a scheme knows, and lets those who may only read change nothing. */
export function requireLogin(server: FastifyInstance, scheme: Scheme): void {
  const failures = new FailedLogins();
  const turns = new InTurn();
  // Those of one address one after another: guesses that come at once are counted too.
  const roleOf = ({ ip }: FastifyRequest, credentials: string): Promise<Role | undefined> =>
    turns.of(ip, async () => {
      if (failures.waitSeconds(ip) > 0) return undefined;
      const role = await scheme.check(credentials);
      if (role === undefined) failures.failed(ip);
      else failures.succeeded(ip);
      return role;
    });
  server.addHook('onRequest', async (request, reply) => {
    const credentials = credentialsOf(request, scheme.name);
    // Who shows nothing is a browser or a probe, and guesses nothing.
    const role = credentials === undefined ? undefined : await roleOf(request, credentials);
    const wait = failures.waitSeconds(request.ip);
    if (wait > 0) return reply.header('retry-after', wait).code(429).type('text/plain').send('Too many log-ins failed. Try again later.');
    if (role === undefined) return refuse(reply, scheme.name);
    if (role === 'read-only' && !reads.includes(request.method)) {
      return reply.code(403).type('text/plain').send('This caller may only read.');
    }
  });
}

const refuse = (reply: FastifyReply, scheme: string): FastifyReply =>
  reply.code(401).header('www-authenticate', `${scheme} realm="sluice"`).type('text/plain').send('User cannot access the resource.');

function credentialsOf({ headers }: FastifyRequest, scheme: string): string | undefined {
  const [, name, credentials] = /^(\S+) +(.+)$/.exec(headers.authorization ?? '') ?? [];
  return name?.toLowerCase() === scheme.toLowerCase() ? credentials?.trim() : undefined;
}
