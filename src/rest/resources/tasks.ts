import type { FastifyInstance, FastifyRequest } from 'fastify';
import { badRequest, RestError } from '../../errors/rest-error.ts';
import { httpError } from '../errors.ts';
import { taskJson } from '../render.ts';
import type { RestOptions } from '../server.ts';

interface OfTask {
  readonly Params: { readonly name: string; readonly task: string };
}

const mostTasks = 2 ** 31;

/** `/connectors/{name}/tasks`, and what workers of a cluster ask each other. */
export async function tasks(server: FastifyInstance, { connectors, inCluster = false }: RestOptions): Promise<void> {
  server.get<{ Params: { readonly name: string } }>('/connectors/:name/tasks', async ({ params }) => connectors.tasks(params.name));

  server.get<OfTask>('/connectors/:name/tasks/:task/status', async ({ params }) =>
    taskJson(connectors.taskStatus(params.name, taskNumber(params.task))),
  );

  server.post<OfTask>('/connectors/:name/tasks/:task/restart', async ({ params }, reply) => {
    await connectors.restartTask(params.name, taskNumber(params.task));
    return reply.code(204).send();
  });

  server.post('/connectors/:name/tasks', async ({ headers }) => {
    throw inCluster ? fromNobody(headers) : unsupported('externally setting task configurations');
  });

  server.put('/connectors/:name/fence', async ({ headers }) => {
    throw inCluster ? fromNobody(headers) : unsupported('exactly-once source connectors');
  });
}

const unsupported = (what: string): RestError => new RestError(500, `Kafka Connect in standalone mode does not support ${what}.`);

/** Only workers of the same cluster may ask, and sign what they ask. This one has no others, and no key that they could have signed with. */
function fromNobody(headers: FastifyRequest['headers']): RestError {
  const signed = ['x-connect-authorization', 'x-connect-request-signature-algorithm'].every((name) => headers[name] !== undefined);
  if (!signed) return badRequest('Internal request missing required signature');
  return new RestError(503, 'This worker has no session key to check the request with.');
}

/** A number of 32 bits, negative ones too: there is just no such task. */
function taskNumber(text: string): number {
  const value = Number(text);
  if (!/^[+-]?\d+$/.test(text) || value < -mostTasks || value >= mostTasks) throw httpError(404);
  return value;
}
