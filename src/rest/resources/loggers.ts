import type { FastifyInstance } from 'fastify';
import { badRequest, notFound } from '../../errors/rest-error.ts';
import { type LoggerLevel, Loggers } from '../../telemetry/loggers.ts';
import { configBody } from '../request-body.ts';
import type { RestOptions } from '../server.ts';

interface OfLogger {
  readonly Params: { readonly logger: string };
  readonly Querystring: { readonly scope?: string | readonly string[] };
}

/** `/admin/loggers`: levels of loggers, of this worker or (`scope=cluster`) of all of them. */
export async function loggers(server: FastifyInstance, options: RestOptions): Promise<void> {
  const { loggers = new Loggers('warn', () => undefined), setClusterLevel = async (logger, level) => void loggers.set(logger, level) } =
    options;

  server.get('/admin/loggers', async () => Object.fromEntries(Array.from(loggers.all, ([name, level]) => [name, levelJson(level)])));

  server.get<OfLogger>('/admin/loggers/:logger', async ({ params }) => {
    const level = loggers.find(params.logger);
    if (level === undefined) throw notFound(`Logger ${params.logger} not found.`);
    return levelJson(level);
  });

  server.put<OfLogger>('/admin/loggers/:logger', { config: { readsBody: true } }, async (request, reply) => {
    const { level = null } = configBody(request);
    if (level === null) throw badRequest("Desired 'level' parameter was not specified in request.");
    if (level === '') throw new Error('The level is empty: name one of OFF, FATAL, ERROR, WARN, INFO, DEBUG, TRACE, ALL.');
    if (!Loggers.knows(level)) throw notFound(`invalid log level '${level}'.`);
    const { logger } = request.params;
    const [scope = 'worker'] = [request.query.scope].flat();
    if (scope.toLowerCase() !== 'cluster') return loggers.set(logger, level);
    await setClusterLevel(logger, level);
    return reply.code(204).send();
  });
}

const levelJson = ({ level, lastModified }: LoggerLevel): object => ({ level, last_modified: lastModified });
