import type { FastifyInstance } from 'fastify';
import { RestError } from '../../errors/rest-error.ts';
import type { RestOptions } from '../server.ts';

interface Named {
  readonly Params: { readonly name: string };
}

/** `/connectors/{name}/topics`: what a connector wrote to or read from. */
export async function topics(server: FastifyInstance, { connectors, topicTracking = {} }: RestOptions): Promise<void> {
  const { enabled = true, resettable = true } = topicTracking;
  const mustBeEnabled = () => {
    if (!enabled) throw new RestError(403, 'Topic tracking is disabled.');
  };

  server.get<Named>('/connectors/:name/topics', async ({ params }) => {
    mustBeEnabled();
    return { [params.name]: { topics: connectors.topics(params.name) } };
  });

  server.put<Named>('/connectors/:name/topics/reset', async ({ params }, reply) => {
    mustBeEnabled();
    if (!resettable) throw new RestError(403, 'Topic tracking reset is disabled.');
    await connectors.resetTopics(params.name);
    return reply.code(202).send();
  });
}
