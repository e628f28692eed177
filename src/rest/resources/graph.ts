import type { FastifyInstance } from 'fastify';
import type { RestOptions } from '../server.ts';

interface Asked {
  readonly Params: { readonly name: string };
  readonly Querystring: { readonly format?: string };
}

/** `GET /connectors/{name}/graph`: what a connector runs, as JSON or, by `?format=mermaid` or `Accept: text/vnd.mermaid`, as a picture. */
export async function graph(server: FastifyInstance, { connectors, plugins, worker = {} }: RestOptions): Promise<void> {
  server.get<Asked>('/connectors/:name/graph', async ({ params, query, headers }, reply) => {
    const config = connectors.config(params.name);
    const [{ fromConnect }, { graphOf }, { explainMermaid, explainNodes }] = await Promise.all([
      import('../../graph/from-connect.ts'),
      import('../../graph/graph.ts'),
      import('../../graph/explain.ts'),
    ]);
    const { spec } = fromConnect(config, { worker, plugins });
    const drawn = graphOf(spec);
    const asMermaid = query.format === 'mermaid' || (headers.accept ?? '').includes('mermaid');
    if (asMermaid) return reply.type('text/vnd.mermaid').send(explainMermaid(drawn));
    return { name: drawn.name, nodes: explainNodes(drawn) };
  });
}
