import type { FastifyInstance } from 'fastify';
import type { Protocol } from '../protocol.ts';
import type { RestOptions } from '../server.ts';

/** `GET /openapi.json` and `GET /docs`: what is served here, for programs and for people. Made when first asked for. */
export async function openapi(server: FastifyInstance, { about, serves }: RestOptions & Pick<Protocol, 'serves'>): Promise<void> {
  let document: Readonly<Record<string, unknown>> | undefined;
  const made = async () => {
    document ??= (await import('../openapi/document.ts')).openApiDocument(about.pluginVersion, serves);
    return document;
  };

  server.get('/openapi.json', async (_request, reply) => reply.type('application/json').send(await made()));

  server.get('/docs', async (_request, reply) => {
    const { docsPage } = await import('../openapi/docs-page.ts');
    const { schemas } = (await made())['components'] as { readonly schemas: Readonly<Record<string, unknown>> };
    const page = docsPage(about.pluginVersion, serves, (name) => schemas[name]);
    return reply
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .type('text/html; charset=utf-8')
      .send(page);
  });
}
