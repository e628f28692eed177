import type { FastifyInstance } from 'fastify';
import { badRequest } from '../../errors/rest-error.ts';
import { offsetJson } from '../../sdk/offset-json.ts';
import { offsetsBody } from '../request-body.ts';
import type { RestOptions } from '../server.ts';

interface Named {
  readonly Params: { readonly name: string };
}

/** `/connectors/{name}/offsets`: where a connector stands, shown, changed and forgotten. */
export async function offsets(server: FastifyInstance, { connectors }: RestOptions): Promise<void> {
  server.get<Named>('/connectors/:name/offsets', async ({ params }, reply) => {
    const offsets = await connectors.offsets(params.name);
    // Whole numbers of 64 bits: JSON has no type of their own for them, and they must not be rounded.
    return reply.type('application/json').send(offsetJson({ offsets: offsets.map(({ partition, offset }) => ({ partition, offset })) }));
  });

  server.patch<Named>('/connectors/:name/offsets', { config: { readsBody: true } }, async (request) => {
    const changes = offsetsBody(request);
    if (changes.length === 0) throw badRequest('Partitions / offsets need to be provided for an alter offsets request');
    return { message: await connectors.alterOffsets(request.params.name, changes) };
  });

  server.delete<Named>('/connectors/:name/offsets', async ({ params }) => ({ message: await connectors.resetOffsets(params.name) }));
}
