import type { Socket } from 'node:net';
import { kafkaErrors } from '../../errors/kafka.ts';
import { DriverError } from '../driver.ts';
import { closedError } from './closed-error.ts';
import { isRefusal } from './connection-failure.ts';
import type { Broker, Cluster } from './internals.ts';
import { type QuickConnection, quicken } from './quick-connection.ts';
import { metadata } from './requests/metadata.ts';
import { sendRequest } from './send-request.ts';

/** A socket of kafkajs with its frame reader. */
interface Connection extends QuickConnection {
  connect(): Promise<unknown>;
  disconnect(): Promise<unknown>;
  isConnected(): boolean;
  readonly sasl?: { readonly oauthBearerProvider?: () => Promise<unknown> };
  chunks: unknown[];
  bytesBuffered: number;
  bytesNeeded: number;
  readonly host: string;
  readonly port: number;
  readonly requestQueue: QuickConnection['requestQueue'] & { destroy(): void };
  connectionStatus: string;
  authenticatedAt: unknown;
}

interface PooledBroker extends Broker {
  readonly connectionPool: Broker['connectionPool'] & { readonly pool: readonly Connection[] };
  metadata(topics: unknown): Promise<unknown>;
}

interface BrokerPool {
  createBroker(options: unknown): PooledBroker;
}

const LENGTH_BYTES = 4;

/**
 * Makes the connections of one cluster survive what breaks them.
 *
 * As released, a connection that was cut in the middle of an answer reads the next one behind the rest of it, an event of a
 * socket that is long gone fails the requests of its successor, two requests that find it closed open two sockets, closing
 * one waits for answers of a broker that is gone, for ever when they were given up meanwhile, and then closes its successor,
 * one topic without a leader fails the search for brokers, a certificate that is refused is shown again and again, and what is
 * under way while a cluster is disconnected connects again, with nobody left to close that.
 */
export function mendConnections(cluster: Cluster, timeoutMs: number): void {
  const { brokerPool } = cluster as Cluster & { readonly brokerPool?: Partial<BrokerPool> };
  const create = brokerPool?.createBroker;
  const disconnect = cluster.disconnect.bind(cluster);
  let ended = false;
  cluster.disconnect = () => {
    ended = true;
    return disconnect();
  };
  if (brokerPool === undefined || typeof create !== 'function')
    throw kafkaErrors.CLIENT_CHANGED({ what: 'its pool makes no brokers', version: '2.2.4' });
  brokerPool.createBroker = (options) => {
    const broker = create(options);
    for (const connection of broker.connectionPool.pool) mendConnection(connection, () => ended);
    broker.metadata = async () => {
      const answer = await sendRequest(broker, metadata, { topics: [], create: false }, timeoutMs);
      return { brokers: answer?.brokers ?? [], controllerId: answer?.controllerId ?? null, topicMetadata: [] };
    };
    return broker;
  };
}

function mendConnection(connection: Connection, hasEnded: () => boolean): void {
  quicken(connection);
  const open = connection.connect.bind(connection);
  const reject = connection.rejectRequests.bind(connection);
  connection.rejectRequests = (error) => reject(isRefusal(error) ? Object.assign(error, { retriable: false }) : error);
  let opening: Promise<unknown> | undefined;
  let closings = 0;
  connection.connect = () => {
    if (hasEnded()) return Promise.reject(closedError('cluster'));
    if (opening !== undefined || connection.isConnected()) return opening ?? Promise.resolve(true);
    forget(connection.socket);
    connection.chunks = [];
    connection.bytesBuffered = 0;
    connection.bytesNeeded = LENGTH_BYTES;
    // A token that cannot be had in the middle of a login would leave a connection that takes no other.
    const token = Promise.resolve(connection.sasl?.oauthBearerProvider?.());
    const asked = closings;
    opening = token
      .then(() => {
        if (hasEnded()) throw closedError('cluster');
        if (closings > asked) throw closedConnection(connection);
        return open();
      })
      .finally(() => {
        opening = undefined;
      });
    return opening;
  };
  connection.disconnect = async () => {
    connection.authenticatedAt = null;
    connection.connectionStatus = 'disconnected';
    closings++;
    const closed = closedConnection(connection);
    connection.rejectRequests(closed);
    connection.requestQueue.destroy();
    // What was written still leaves. A socket that is not connected yet tells its end only by an error.
    if (connection.socket?.connecting) connection.socket.destroy(closed);
    else connection.socket?.end().unref();
    return true;
  };
}

const closedConnection = ({ host, port }: Connection): DriverError =>
  new DriverError('retriable', `The connection to ${host}:${port} was closed.`);

function forget(socket: Socket | undefined): void {
  socket
    ?.removeAllListeners()
    .on('error', () => {})
    .destroy();
}
