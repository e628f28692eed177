import { z } from 'zod';
import { type Content, type Operation, operations } from './operations.ts';
import { type SchemaName, schemas } from './schemas.ts';

type Json = Readonly<Record<string, unknown>>;

/** The OpenAPI 3.1 document of the operations that are served: those whose path, as Fastify writes it, `isServed`. */
export function openApiDocument(version: string, isServed: (method: string, path: string) => boolean): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) {
    if (!isServed(operation.method, operation.path)) continue;
    paths[operation.path] = { ...paths[operation.path], [operation.method]: operationJson(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sluice',
      version,
      description: 'The REST API of Kafka Connect, and what Sluice adds to it (tag `sluice`).',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: [
      { name: 'connect', description: 'As Kafka Connect' },
      { name: 'sluice', description: "Sluice's own" },
    ],
    paths,
    components: { schemas: componentSchemas() },
  };
}

function operationJson({ method, path, summary, own, query = {}, headers = {}, body, answers }: Operation): Json {
  const parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => parameter('path', name, undefined)),
    ...Object.entries(query).map(([name, text]) => parameter('query', name, text)),
    ...Object.entries(headers).map(([name, text]) => parameter('header', name, text)),
  ];
  return {
    operationId: operationId(method, path),
    summary,
    tags: [own ? 'sluice' : 'connect'],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body === undefined ? {} : { requestBody: { required: true, content: jsonOf(body) } }),
    responses: Object.fromEntries(
      Object.entries({ ...refusals(path), ...answers }).map(([code, content]) => [code, answer(Number(code), content)]),
    ),
  };
}

/** What the web server answers before a resource is asked. */
const refusals = (path: string): Operation['answers'] =>
  path === '/events' || path === '/docs' ? { 400: 'Error' } : { 400: 'Error', 404: 'Error', 406: 'Error', 413: 'Error', 415: 'Error' };

const operationId = (method: string, path: string): string =>
  method + path.replace(/[{}]/g, '').replace(/[/.-]+(\w?)/g, (_, letter: string) => letter.toUpperCase());

const parameter = (place: 'path' | 'query' | 'header', name: string, description: string | undefined): Json => ({
  name,
  in: place,
  required: place === 'path',
  ...(description === undefined ? {} : { description }),
  schema: { type: 'string', ...(place === 'path' ? { minLength: 1 } : {}) },
});

function answer(status: number, content: Content): Json {
  const description = status < 300 ? 'Done' : 'Refused';
  if (content === null) return { description };
  if (typeof content === 'object') return { description, content: { [content.mediaType]: {} } };
  const problem = content === 'Error' ? { 'application/problem+json': { schema: ref('Problem') } } : {};
  return { description, content: { ...jsonOf(content), ...problem } };
}

const jsonOf = (name: SchemaName): Json => ({ 'application/json': { schema: ref(name) } });
const ref = (name: SchemaName): Json => ({ $ref: `#/components/schemas/${name}` });

function componentSchemas(): Json {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input' });
      return [name, json];
    }),
  );
}
