import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FlatConfig } from '../../config/flat-json.ts';
import { badRequest, RestError } from '../../errors/rest-error.ts';
import type { Connectors } from '../../worker/connectors.ts';
import { infoJson, statusJson } from '../render.ts';
import { configBody, connectorBody } from '../request-body.ts';
import type { RestOptions } from '../server.ts';

interface Named {
  readonly Params: { readonly name: string };
}

const readsBody = { config: { readsBody: true } };

/** `/connectors`, and `/connectors/{name}` with its config, its state and what changes it. */
export async function connectors(server: FastifyInstance, { connectors: worker }: RestOptions): Promise<void> {
  addList(server, worker);
  addConfig(server, worker);
  addState(server, worker);

  server.post('/connectors', { config: { readsBody: true, creates: true } }, async (request, reply) => {
    const { name, config, initialState } = connectorBody(request);
    const trimmed = (name ?? '').trim();
    const info = await worker.create(trimmed, withName(trimmed, config), initialState);
    return created(request, reply, trimmed).send(infoJson(info));
  });

  server.get<Named>('/connectors/:name', async ({ params }) => infoJson(worker.info(params.name)));

  server.delete<Named>('/connectors/:name', async ({ params }, reply) => {
    await worker.remove(params.name);
    return reply.code(204).send();
  });
}

type Expansion = (name: string) => object;

function addList(server: FastifyInstance, worker: Connectors): void {
  const expansions: Readonly<Record<string, Expansion>> = {
    status: (name) => statusJson(worker.status(name)),
    info: (name) => infoJson(worker.info(name)),
  };
  server.get<{ Querystring: { readonly expand?: string | readonly string[] } }>('/connectors', async ({ query }) => {
    if (query.expand === undefined) return worker.names();
    const wanted = [query.expand].flat().filter((kind) => Object.hasOwn(expansions, kind));
    const expand = (name: string) => Object.fromEntries(wanted.map((kind) => [kind, expansions[kind]?.(name)]));
    return Object.fromEntries(worker.names().flatMap((name) => known(() => [[name, expand(name)]] as const)));
  });
}

/** Nothing where the answer is "not found": a connector may go while a list is made. */
function known<T>(look: () => readonly T[]): readonly T[] {
  try {
    return look();
  } catch (error) {
    if (error instanceof RestError && error.status === 404) return [];
    throw error;
  }
}

function addConfig(server: FastifyInstance, worker: Connectors): void {
  server.get<Named>('/connectors/:name/config', async ({ params }) => worker.config(params.name));

  server.put<Named>('/connectors/:name/config', readsBody, async (request, reply) => {
    const { name } = request.params;
    const answer = await worker.put(name, withName(name, configBody(request)));
    return (answer.created ? created(request, reply, name) : reply).send(infoJson(answer.info));
  });

  server.patch<Named>('/connectors/:name/config', readsBody, async (request) =>
    infoJson(await worker.patch(request.params.name, configBody(request))),
  );
}

type RestartQuery = { readonly [K in 'includeTasks' | 'onlyFailed']?: string | readonly string[] };

function addState(server: FastifyInstance, worker: Connectors): void {
  server.get<Named>('/connectors/:name/status', async ({ params }) => statusJson(worker.status(params.name)));

  for (const change of ['pause', 'resume'] as const) {
    server.put<Named>(`/connectors/:name/${change}`, async ({ params }, reply) => {
      await worker[change](params.name);
      return reply.code(202).send();
    });
  }

  server.put<Named>('/connectors/:name/stop', async ({ params }, reply) => {
    await worker.stop(params.name);
    return reply.code(204).send();
  });

  server.post<Named & { Querystring: RestartQuery }>('/connectors/:name/restart', async ({ params, query }, reply) => {
    const request = { includeTasks: isTrue(query.includeTasks), onlyFailed: isTrue(query.onlyFailed) };
    const status = await worker.restart(params.name, request);
    return status === undefined ? reply.code(204).send() : reply.code(202).send(statusJson(status));
  });
}

/** The first of repeated values counts; everything but `true` is false. */
const isTrue = (value: string | readonly string[] | undefined): boolean => [value].flat()[0]?.toLowerCase() === 'true';

/** A config carries the name it goes by, and no other. */
function withName(name: string, config: FlatConfig): FlatConfig {
  const included = config['name'] ?? null;
  if (included !== null && included !== name) {
    throw badRequest(`Connector name configuration (${included}) doesn't match connector name in the URL (${name})`);
  }
  return { ...config, name };
}

/** Characters that a path may hold as they are, though `encodeURIComponent` escapes them. */
const plain = /%(?:2B|40|2C|3A|3B|3D|24|26)/g;

const created = (request: FastifyRequest, reply: FastifyReply, name: string): FastifyReply => {
  const path = encodeURIComponent(name).replace(plain, decodeURIComponent);
  return reply.code(201).header('location', `${request.protocol}://${request.host}/connectors/${path}`);
};
