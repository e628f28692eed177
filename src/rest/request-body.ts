import type { FastifyRequest } from 'fastify';
import { type ConnectorRequest, connectorRequest } from '../config/connector-request.ts';
import { type FlatConfig, flatConfig, parseKeepingNumbers } from '../config/flat-json.ts';

/** The body of a `POST /connectors`. What is wrong with it is a 500 with the parser's message, as in Connect. */
export const connectorBody = (request: FastifyRequest): ConnectorRequest => connectorRequest(document(request), { strict: true });

/** A body that is a flat configuration. */
export const configBody = (request: FastifyRequest): FlatConfig => flatConfig(document(request), 'config');

function document({ body }: FastifyRequest): unknown {
  if (typeof body !== 'string' || body.trim() === '') throw new SyntaxError('The body is missing: send a JSON object');
  return parseKeepingNumbers(body);
}
