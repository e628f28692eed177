import { cliErrors } from '../../errors/cli.ts';

/** Asks a worker over REST. Answers with the parsed body, `undefined` where there is none. */
export type Ask = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown) => Promise<unknown>;

/** A client of the worker at `url`. What the worker refuses is an error with the worker's own message. */
export function client(url: string): Ask {
  const base = url.replace(/\/+$/, '');
  return async (method, path, body) => {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const answer = await fetch(base + path, { method, headers, ...content }).catch((error: unknown) => {
      throw unreachable(url, error);
    });
    const text = await answer.text();
    const parsed = text === '' ? undefined : parse(url, text);
    if (!answer.ok) throw cliErrors.WORKER_REFUSED({ status: answer.status, message: messageOf(parsed) });
    return parsed;
  };
}

/** The path of a connector. */
export const connectorPath = (name: string, rest = ''): string => `/connectors/${encodeURIComponent(name)}${rest}`;

function unreachable(url: string, error: unknown): Error {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED') return cliErrors.NOBODY_LISTENS({ url }, error);
  const reason = cause instanceof Error ? cause.message : error instanceof Error ? error.message : String(error);
  return cliErrors.WORKER_UNREACHABLE({ url, reason }, error);
}

function parse(url: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw cliErrors.WORKER_UNREACHABLE({ url, reason: 'what answers there is no Connect worker' }, error);
  }
}

const messageOf = (answer: unknown): string =>
  typeof answer === 'object' && answer !== null && 'message' in answer ? String(answer.message) : 'no reason given';
