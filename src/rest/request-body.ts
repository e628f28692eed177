import type { FastifyRequest } from 'fastify';
import { type ConnectorRequest, connectorRequest } from '../config/connector-request.ts';
import { type FlatConfig, flatConfig, parseKeepingNumbers, refuseTooDeep } from '../config/flat-json.ts';
import { isObject, parseOffsetChanges } from '../sdk/offset-json.ts';
import type { OffsetChange } from '../sdk/source.ts';

/** The body of a `POST /connectors`. What is wrong with it is a 500 with the parser's message, as in Connect. */
export const connectorBody = (request: FastifyRequest): ConnectorRequest => connectorRequest(document(request), { strict: true });

/** A body that is a flat configuration. */
export const configBody = (request: FastifyRequest): FlatConfig => flatConfig(document(request), 'config');

/** The body of a change of offsets; a list that is missing is empty. */
export function offsetsBody({ body }: FastifyRequest): readonly OffsetChange[] {
  const text = textOf(body);
  refuseTooDeep(text);
  const document = parseOffsetChanges(text);
  const { offsets = null } = membersOf(document, ['offsets'], 'The request');
  if (offsets === null) return [];
  if (!Array.isArray(offsets)) throw new SyntaxError('offsets has to be an array: {"offsets": [{"partition": {…}, "offset": {…}}]}');
  return offsets.map((change, i) => {
    const { partition = null, offset = null } = membersOf(change, ['partition', 'offset'], `offsets[${i}]`);
    return { partition: objectOf(partition, `offsets[${i}].partition`), offset: objectOf(offset, `offsets[${i}].offset`) };
  });
}

function membersOf(value: unknown, known: readonly string[], place: string): Readonly<Record<string, unknown>> {
  if (!isObject(value)) throw new SyntaxError(`${place} has to be an object`);
  const unknown = Object.keys(value).find((member) => !known.includes(member));
  if (unknown !== undefined) throw new SyntaxError(`Unrecognized field "${unknown}"; the known ones are ${known.join(', ')}`);
  return value;
}

function objectOf(value: unknown, place: string): Readonly<Record<string, unknown>> | null {
  if (value === null || isObject(value)) return value;
  throw new SyntaxError(`${place} has to be an object or null`);
}

function document({ body }: FastifyRequest): unknown {
  return parseKeepingNumbers(textOf(body));
}

function textOf(body: unknown): string {
  if (typeof body !== 'string' || body.trim() === '') throw new SyntaxError('The body is missing: send a JSON object');
  return body;
}
