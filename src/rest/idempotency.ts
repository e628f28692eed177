import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { conflict, RestError } from '../errors/rest-error.ts';

const MOST_KEYS = 1_000;
/** Of all answers together. */
const MOST_CHARACTERS = 16 * 1024 * 1024;
const KEPT_MS = 24 * 60 * 60 * 1000;
const LONGEST_KEY = 256;

interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

interface Kept {
  readonly digest: string;
  readonly until: number;
  /** `undefined` while the first request is under way. */
  answer: Answer | undefined;
}

const keyOf = ({ headers }: FastifyRequest): string | undefined => {
  const key = headers['idempotency-key'];
  return typeof key === 'string' && key !== '' ? key : undefined;
};

/**
 * Hooks for routes that create: a request that is repeated with the same `Idempotency-Key` gets the first one's answer, and creates nothing.
 *
 * Kept for a day, in this process, while there is room. Failures are not kept, since what they were about can be mended.
 */
export function addIdempotency(server: FastifyInstance): void {
  const kept = new Map<string, Kept>();
  let characters = 0;
  /** Requests whose own answer is kept. */
  const first = new WeakSet<FastifyRequest>();
  const isCreate = ({ routeOptions }: FastifyRequest) => (routeOptions.config as { creates?: boolean }).creates === true;

  server.addHook('preHandler', async (request, reply) => {
    const key = keyOf(request);
    if (key === undefined || !isCreate(request)) return;
    if (key.length > LONGEST_KEY) throw new RestError(400, `The Idempotency-Key is longer than ${LONGEST_KEY} characters.`);
    const digest = createHash('sha256').update(String(request.body)).digest('hex');
    const known = kept.get(key);
    if (known === undefined || known.until < Date.now()) {
      first.add(request);
      return begin(key, digest);
    }
    if (known.digest !== digest) throw new RestError(422, 'This Idempotency-Key belongs to a request with another body.');
    if (known.answer === undefined) throw conflict('A request with this Idempotency-Key is under way.');
    const { status, location, body } = known.answer;
    if (location !== undefined) reply.header('location', location);
    return reply.code(status).type('application/json').header('idempotency-replayed', 'true').send(body);
  });

  server.addHook('onSend', async (request, reply, body) => {
    const key = keyOf(request);
    if (key !== undefined && first.has(request)) finish(key, reply, body);
  });

  function begin(key: string, digest: string): void {
    forget(key);
    kept.set(key, { digest, until: Date.now() + KEPT_MS, answer: undefined });
    if (kept.size > MOST_KEYS) forgetOldest();
  }

  const forgetOldest = () => forget(kept.keys().next().value ?? '');

  function forget(key: string): void {
    characters -= kept.get(key)?.answer?.body.length ?? 0;
    kept.delete(key);
  }

  function finish(key: string, reply: FastifyReply, body: unknown): void {
    const { statusCode: status } = reply;
    const known = kept.get(key);
    if (known === undefined) return;
    if (status >= 300) {
      forget(key);
      return;
    }
    const text = String(body);
    characters += text.length - (known.answer?.body.length ?? 0);
    known.answer = { status, location: reply.getHeader('location')?.toString(), body: text };
    while (characters > MOST_CHARACTERS) forgetOldest();
  }
}
