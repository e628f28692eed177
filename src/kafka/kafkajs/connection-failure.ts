import { SluiceError } from '../../errors/error-table.ts';
import { connectionErrors } from '../../errors/kafka-connection.ts';

type Failure = keyof typeof connectionErrors;

/** What codes of Node.js, OpenSSL and Kafka mean on a connection that is being made. */
const byCode: Readonly<Record<string, Failure>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'UNTRUSTED',
  SELF_SIGNED_CERT_IN_CHAIN: 'UNTRUSTED',
  UNABLE_TO_GET_ISSUER_CERT: 'UNTRUSTED',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'UNTRUSTED',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'UNTRUSTED',
  CERT_SIGNATURE_FAILURE: 'UNTRUSTED',
  CERT_UNTRUSTED: 'UNTRUSTED',
  CERT_REJECTED: 'UNTRUSTED',
  ERR_TLS_CERT_ALTNAME_INVALID: 'HOST_NAME',
  CERT_HAS_EXPIRED: 'CERTIFICATE_TIME',
  CERT_NOT_YET_VALID: 'CERTIFICATE_TIME',
  ERR_SSL_WRONG_VERSION_NUMBER: 'NOT_TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'NOT_TLS',
  ERR_SSL_NO_PROTOCOLS_AVAILABLE: 'TLS_VERSION',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'TLS_VERSION',
  ECONNREFUSED: 'UNREACHABLE',
  ENOTFOUND: 'UNREACHABLE',
  EAI_AGAIN: 'UNREACHABLE',
  EHOSTUNREACH: 'UNREACHABLE',
  ENETUNREACH: 'UNREACHABLE',
  ETIMEDOUT: 'UNREACHABLE',
  33: 'MECHANISM',
};

/** An alert is what the broker says of us; OpenSSL's name for it has changed between versions, its number has not. */
const byAlert: Readonly<Record<string, Failure>> = {
  40: 'TLS_VERSION',
  42: 'CLIENT_CERTIFICATE',
  43: 'CLIENT_CERTIFICATE',
  44: 'CLIENT_CERTIFICATE',
  45: 'CLIENT_CERTIFICATE',
  46: 'CLIENT_CERTIFICATE',
  48: 'CLIENT_CERTIFICATE',
  70: 'TLS_VERSION',
  116: 'CLIENT_CERTIFICATE',
};

export interface FailedConnection {
  /** What the message calls a broker whose address the error does not hold. */
  readonly broker?: string;
  /** The broker has never answered, so one that closes connections is taken to expect another protocol. */
  readonly opening?: boolean;
}

/** Why a connection could not be made, in words of the client properties; undefined for what has another reason. */
export function connectionFailure(
  error: unknown,
  { broker = 'the broker', opening = false }: FailedConnection = {},
): SluiceError | undefined {
  for (const cause of causes(error)) {
    if (cause instanceof SluiceError) return cause;
    const failure = failureOf(cause) ?? (opening ? closedOf(cause) : undefined);
    if (failure === undefined) continue;
    return connectionErrors[failure](
      { broker: cause.broker === undefined ? broker : `broker ${cause.broker}`, reason: reasonOf(cause.message) },
      error,
    );
  }
  return undefined;
}

/** A certificate, a version or a login was refused: attempting it again cannot help. */
export const isRefusal = (error: unknown): boolean => connectionFailure(error)?.retriable === false;

interface Cause extends Error {
  readonly code?: unknown;
  readonly broker?: string;
}

function causes(error: unknown): Cause[] {
  const found: Cause[] = [];
  for (let at = error; at instanceof Error && !found.includes(at); at = at.cause) found.push(at);
  return found;
}

function failureOf({ name, code, message }: Cause): Failure | undefined {
  if (name === 'KafkaJSSASLAuthenticationError') return loginFailure(message);
  const alert = /SSL alert number (\d+)/.exec(message)?.[1];
  return (
    (alert === undefined ? undefined : byAlert[alert]) ?? (typeof code === 'string' || typeof code === 'number' ? byCode[code] : undefined)
  );
}

const loginFailure = (message: string): Failure =>
  /mechanism is not supported/.test(message) ? 'MECHANISM' : message.startsWith('SASL OAUTHBEARER') ? 'TOKEN' : 'LOGIN';

const ILLEGAL_SASL_STATE = 34;

function closedOf({ name, code, message }: Cause): Failure | undefined {
  if (code === ILLEGAL_SASL_STATE) return 'NO_LOGIN';
  if (name === 'KafkaJSConnectionClosedError') return 'CLOSED';
  if (name !== 'KafkaJSConnectionError') return undefined;
  if (/before secure TLS connection/.test(message)) return 'HANDSHAKE_CUT';
  return code === 'ECONNRESET' || code === 'EPIPE' || /Connection closed|Not connected/.test(message) ? 'CLOSED' : 'UNREACHABLE';
}

/** Without the places in OpenSSL's sources, and without a stop at the end. */
const reasonOf = (message: string): string =>
  message
    .replace(/^Connection error: /, '')
    .replace(/^[0-9A-F]{8,}:error:[0-9A-F]+:[^:]*:[^:]*:([^:]*):.*$/s, '$1')
    .trim()
    .replace(/[.:]+$/, '');
