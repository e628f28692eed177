import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { SluiceError } from '../errors/error-table.ts';
import { RestError } from '../errors/rest-error.ts';

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
};

/** A refusal of the web server rather than of a resource: `HTTP 404 Not Found`. */
export const httpError = (status: number): RestError => new RestError(status, `HTTP ${status} ${reasons[status]}`);

/** Answers an error in Connect's form. What is no refusal is a 500 with the error's message. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, message } = answerOf(error);
  if (request.method === 'HEAD' && request.is404) return reply.code(status).send();
  if (wantsProblem(request))
    return reply
      .code(status)
      .type(problemType)
      .send(problemOf(error, status, message));
  return reply.code(status).type('application/json').send({ error_code: status, message });
}

export const problemType = 'application/problem+json';

/** RFC 9457 is for those who name it; everybody else gets what Connect answers. */
const wantsProblem = ({ headers }: FastifyRequest): boolean => headers.accept?.toLowerCase().includes(problemType) ?? false;

const problemOf = (error: unknown, status: number, detail: string) => ({
  type: error instanceof SluiceError ? `urn:sluice:error:${error.code}` : 'about:blank',
  title: STATUS_CODES[status] ?? 'Error',
  status,
  detail,
  ...(error instanceof SluiceError ? { remedy: error.remedy } : {}),
});

function answerOf(error: unknown): { readonly status: number; readonly message: string } {
  if (error instanceof RestError || error instanceof SluiceError) return error;
  // The web server's own: a body that is too large, a length that is not one.
  const { code, statusCode } = error as Partial<FastifyError>;
  if (code?.startsWith('FST_') && statusCode !== undefined && reasons[statusCode]) return httpStatus(statusCode);
  return { status: 500, message: error instanceof Error ? error.message : String(error) };
}

const httpStatus = (status: number) => ({ status, message: httpError(status).message });
