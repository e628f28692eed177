import { DriverError } from '../driver.ts';
import { connectionFailure } from './connection-failure.ts';
import { type Broker, dropConnection } from './internals.ts';
import { WireReader, WireWriter } from './wire.ts';

/** One version of one request of Kafka's protocol. */
export interface Request<Q, A> {
  readonly name: string;
  readonly key: number;
  readonly version: number;
  write(writer: WireWriter, request: Q): void;
  read(reader: WireReader): A & { readonly throttleMs: number };
  /** Default: always. */
  answers?(request: Q): boolean;
}

/**
 * Sends a request over a connection of the broker and reads its answer; undefined where none is expected.
 *
 * Rejects with a DriverError: `retriable` when the connection or the broker failed (whether the request had its effect is
 * then unknown), `auth` when the login did, `invalid` when the broker does not speak the version or answers nonsense.
 */
export async function sendRequest<Q, A>(broker: Broker, kind: Request<Q, A>, request: Q, timeoutMs: number): Promise<A | undefined> {
  const spoken = broker.versions[kind.key];
  if (spoken === undefined || kind.version < spoken.minVersion || kind.version > spoken.maxVersion) throw unspoken(kind, spoken);
  const writer = new WireWriter();
  kind.write(writer, request);
  let answer: (A & { readonly throttleMs: number }) | undefined;
  try {
    await broker.connectionPool.send({
      requestTimeout: timeoutMs,
      logResponseError: false,
      request: {
        apiKey: kind.key,
        apiVersion: kind.version,
        apiName: kind.name,
        expectResponse: () => kind.answers?.(request) ?? true,
        encode: async () => ({ buf: writer.bytes, buffer: writer.bytes }),
        parts: () => writer.parts,
      },
      response: {
        decode: async (payload) => {
          answer = kind.read(new WireReader(payload));
          return { clientSideThrottleTime: answer.throttleMs };
        },
        parse: async () => undefined,
      },
    });
  } catch (error) {
    if (error instanceof Error && error.name === 'KafkaJSRequestTimeoutError') dropConnection(broker, kind.key, error);
    throw driverError(error, kind.name);
  }
  return answer;
}

const unspoken = (kind: Request<never, unknown>, spoken: { readonly minVersion: number; readonly maxVersion: number } | undefined) =>
  new DriverError(
    'invalid',
    `The broker does not speak version ${kind.version} of ${kind.name}${spoken === undefined ? '' : `, only ${spoken.minVersion} to ${spoken.maxVersion}`}. Use Kafka 2.7 or newer.`,
    { code: 35 },
  );

/** Whether another attempt may do better. An answer that cannot be read says nothing of the next one. */
export const mayPass = ({ retriable, kind, code }: DriverError): boolean => retriable || (kind === 'invalid' && code === undefined);

/** kafkajs's errors in the words of the port. */
export function driverError(error: unknown, what: string): DriverError {
  if (error instanceof DriverError) return error;
  const failure = connectionFailure(error);
  if (failure !== undefined)
    return new DriverError(failure.retriable ? 'retriable' : 'auth', `${what} failed: ${failure.message}`, { cause: failure });
  const { message, code } =
    error instanceof Error ? (error as Error & { readonly code?: unknown }) : { message: String(error), code: undefined };
  return new DriverError('retriable', `${what} failed: ${message}`, { cause: error, ...(typeof code === 'number' ? { code } : {}) });
}
