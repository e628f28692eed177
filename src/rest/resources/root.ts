import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { RestOptions } from '../server.ts';

const CHECK_EVERY_MS = 50;

/** `GET /` and `GET /health`. */
export async function root(
  server: FastifyInstance,
  { connectors, about, healthTimeoutMs = 10_000, ...options }: RestOptions,
): Promise<void> {
  const ready = options.ready ?? (() => connectors.ready);

  server.get('/', async () => ({ version: about.version, commit: about.commit, kafka_cluster_id: about.clusterId }));

  server.get('/health', async (_request, reply) => {
    const deadline = Date.now() + healthTimeoutMs;
    while (!ready() && Date.now() < deadline) await wait(CHECK_EVERY_MS);
    if (ready()) return { status: 'healthy', message: 'Worker has completed startup and is ready to handle requests.' };
    return reply.code(503).send({ status: 'starting', message: 'Worker is still starting up.' });
  });
}
