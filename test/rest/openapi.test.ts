import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { operations } from '../../src/rest/openapi/operations.ts';
import { type SchemaName, schemas } from '../../src/rest/openapi/schemas.ts';
import { hostOfPlugins } from './plugin-host.ts';
import { RestInMemory } from './rest-in-memory.ts';

const pluginHost = hostOfPlugins();
let server: FastifyInstance;
beforeAll(async () => {
  const rest = await RestInMemory.open({ pluginHost });
  await rest.worker.create('a', { name: 'a', 'connector.class': 'FileStreamSource' });
  server = rest.server;
});
afterAll(() => server.close());

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, { operationId: string; responses: Record<string, unknown> }>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}
const document = async (): Promise<Document> => (await server.inject('/openapi.json')).json();

const described = async (): Promise<readonly string[]> => {
  const { paths } = await document();
  return Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
};

/** Paths of the server with their methods, as it says itself. */
async function served(): Promise<readonly string[]> {
  const lines = server.printRoutes({ commonPrefix: false, includeHooks: false }).split('\n');
  const paths: string[] = [];
  const stack: string[] = [];
  for (const line of lines) {
    const [, indent = '', segment = ''] = /^((?:[│ ] {3})*(?:[├└]── ))(\S+) /.exec(line) ?? [];
    if (segment === '') continue;
    const depth = indent.length / 4 - 1;
    stack.splice(depth, Number.POSITIVE_INFINITY, segment);
    paths.push(stack.join(''));
  }
  const found = [...new Set(paths)].filter((path) => path !== '*');
  const allowed = await Promise.all(found.map((path) => server.inject({ method: 'OPTIONS', url: path.replaceAll(/:\w+/g, '0') })));
  return found.flatMap((path, i) =>
    String(allowed[i]?.headers.allow ?? '')
      .split(', ')
      .filter((method) => method !== '' && method !== 'OPTIONS' && method !== 'HEAD')
      .map((method) => `${method} ${path}`),
  );
}

test('what is described is served, and what is served is described', async () => {
  const plain = (entry: string) => entry.replaceAll(/:\w+|\{\w+\}/g, '{}').replace(/(.)\/$/, '$1');
  expect([...new Set((await described()).map(plain))].sort()).toEqual([...new Set((await served()).map(plain))].sort());
});

test('references lead somewhere, and operations have names of their own', async () => {
  const { openapi, paths, components } = await document();
  expect(openapi).toBe('3.1.0');
  const references = [...JSON.stringify(paths).matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name);
  for (const name of references) expect(Object.keys(components.schemas)).toContain(name);
  const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
  expect(new Set(ids).size).toBe(ids.length);
});

test.each(
  operations.filter(
    ({ method, path, answers }) =>
      method === 'get' && typeof answers[200] === 'string' && !path.includes('{plugin}') && !path.startsWith('/admin'),
  ),
)('the answer of GET $path is as described', async ({ path, answers }) => {
  const answer = await server.inject(path.replace('{name}', 'a').replace('{task}', '0'));
  if (answer.statusCode !== 200) return expect(answer.statusCode).toBe(404);
  expect(schemas[answers[200] as SchemaName].safeParse(answer.json())).toMatchObject({ success: true });
});

test('the page to read names every operation and fetches nothing', async () => {
  const { body, headers } = await server.inject('/docs');
  expect(headers['content-security-policy']).toBe("default-src 'none'; style-src 'unsafe-inline'");
  expect(body).toContain('<code>/connectors/{name}/graph</code>');
  expect(body).not.toMatch(/src=|https?:\/\//);
});
