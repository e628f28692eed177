import { cliErrors } from '../../errors/cli.ts';

/** Asks a worker over REST. Answers with the parsed body, `undefined` where there is none. */
export type Ask = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown) => Promise<unknown>;

/** A client of the worker at `address`, which may hold a login. What the worker refuses is an error with the worker's own message. */
export function client(address: string): Ask {
  const url = withoutLogin(address);
  const base = url.replace(/\/+$/, '');
  const login = loginIn(address);
  return async (method, path, body) => {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { accept: 'application/json', ...login, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const answer = await fetch(base + path, { method, headers, ...content }).catch((error: unknown) => {
      throw unreachable(url, error);
    });
    const text = await answer.text();
    if (answer.status === 401) throw cliErrors.LOGIN_REFUSED({ url });
    // Who looks after logins answers in plain text.
    const isText = answer.headers.get('content-type')?.startsWith('text/plain') ?? false;
    if (!answer.ok && isText) throw cliErrors.WORKER_REFUSED({ status: answer.status, message: text });
    const parsed = text === '' ? undefined : parse(url, text);
    if (!answer.ok) throw cliErrors.WORKER_REFUSED({ status: answer.status, message: messageOf(parsed) });
    return parsed;
  };
}

/** An address as it may be shown: a password in it is nobody else's affair. */
export function withoutLogin(address: string): string {
  const url = new URL(address);
  if (url.username === '' && url.password === '') return address;
  url.username = '';
  url.password = '';
  return url.href;
}

/** A request may not have it in its address. Without a user it is a token. */
function loginIn(address: string): { readonly authorization?: string } {
  const { username, password } = new URL(address);
  if (username === '' && password === '') return {};
  if (username === '') return { authorization: `Bearer ${decodeURIComponent(password)}` };
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
}

/** The path of a connector. */
export const connectorPath = (name: string, rest = ''): string => `/connectors/${encodeURIComponent(name)}${rest}`;

/** What is wrong with TLS, as Node.js and OpenSSL name it. */
const tlsErrors: Readonly<Record<string, 'WORKER_UNTRUSTED' | 'WORKER_CERTIFICATE' | 'WORKER_WITHOUT_TLS'>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'WORKER_UNTRUSTED',
  SELF_SIGNED_CERT_IN_CHAIN: 'WORKER_UNTRUSTED',
  UNABLE_TO_GET_ISSUER_CERT: 'WORKER_UNTRUSTED',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'WORKER_UNTRUSTED',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'WORKER_UNTRUSTED',
  ERR_TLS_CERT_ALTNAME_INVALID: 'WORKER_CERTIFICATE',
  CERT_HAS_EXPIRED: 'WORKER_CERTIFICATE',
  CERT_NOT_YET_VALID: 'WORKER_CERTIFICATE',
  ERR_SSL_WRONG_VERSION_NUMBER: 'WORKER_WITHOUT_TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'WORKER_WITHOUT_TLS',
};

function unreachable(url: string, error: unknown): Error {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ECONNREFUSED') return cliErrors.NOBODY_LISTENS({ url }, error);
  const reason = cause instanceof Error ? cause.message : error instanceof Error ? error.message : String(error);
  // Behind the semicolon Node.js advises on options of its own.
  const [fault = reason] = reason.replace(/\.$/, '').split(/; (?=if )/);
  return cliErrors[tlsErrors[code] ?? 'WORKER_UNREACHABLE']({ url, reason: fault }, error);
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
