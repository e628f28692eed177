import { DriverError } from '../driver.ts';
import { type ConnectionLog, openCluster } from './cluster.ts';
import { connectionFailure, isRefusal } from './connection-failure.ts';
import type { Coordinator } from './coordinator.ts';
import type { Broker, Cluster } from './internals.ts';
import { MetadataCache } from './metadata.ts';
import { tellOutages } from './outages.ts';
import { driverError, type Request, sendRequest } from './send-request.ts';
import type { ConnectionSettings } from './settings.ts';

/** Connections to a cluster and what is known of it. */
export interface Link {
  readonly cluster: Cluster;
  readonly metadata: MetadataCache;
  /** Of groups, by their ids. */
  readonly coordinators: Map<string, Coordinator>;
  readonly settings: ConnectionSettings;
  /** Aborted when it is closed: nothing is attempted again. */
  readonly closed: AbortSignal;
  readonly log?: ConnectionLog | undefined;
  close(): Promise<void>;
}

/** Connects, and knows the brokers. Rejects when none of `bootstrap.servers` answers. */
export async function openLink(settings: ConnectionSettings, log?: ConnectionLog): Promise<Link> {
  // Until it is open whoever opens it tells what is wrong.
  let told = log;
  const cluster = openCluster(settings, (...line) => told?.(...line));
  try {
    await cluster.connect();
    await knowBrokers(cluster, settings);
  } catch (error) {
    await cluster.disconnect().catch(() => {});
    throw openingError(error, settings.brokers.join(', '));
  }
  if (log !== undefined) told = tellOutages(log);
  const closing = new AbortController();
  const close = async () => {
    closing.abort();
    await cluster.disconnect().catch(() => {});
  };
  return { cluster, metadata: new MetadataCache(cluster, settings), coordinators: new Map(), settings, closed: closing.signal, log, close };
}

/** A connection that ends while brokers are asked for is made again, a few times; what is refused is not asked again. */
async function knowBrokers(cluster: Cluster, settings: ConnectionSettings): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await cluster.refreshMetadata();
    } catch (error) {
      if (attempt >= 3 || isRefusal(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, backoffMs(settings, attempt)));
    }
  }
}

function openingError(error: unknown, brokers: string): DriverError {
  const failure = connectionFailure(error, { broker: brokers, opening: true });
  if (failure === undefined) return driverError(error, `Connecting to ${brokers}`);
  return new DriverError(failure.retriable ? 'retriable' : 'auth', failure.message, { cause: failure });
}

/** Any broker: all know topics, and pass on to the controller what only that may do. */
export const anyBroker = ({ cluster }: Link): Promise<Broker> => cluster.brokerPool.findConnectedBroker();

/** The answer of the broker that `find` gives. Rejects with a DriverError. */
export async function ask<Q, A>(link: Link, find: () => Promise<Broker>, kind: Request<Q, A>, request: Q): Promise<A> {
  try {
    const answer = await sendRequest(await find(), kind, request, link.settings.requestTimeoutMs);
    if (answer === undefined) throw new Error('there is no answer');
    return answer;
  } catch (error) {
    throw driverError(error, kind.name);
  }
}

/** Attempts again, with growing pauses, what fails with a `retriable` error, for as long as a call may take. */
export async function repeating<T>({ settings, closed }: Link, attempt: () => Promise<T>): Promise<T> {
  const until = performance.now() + settings.callTimeoutMs;
  for (let count = 0; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      const failed = driverError(error, 'The call');
      if (!failed.retriable || closed.aborted || performance.now() > until) throw failed;
      await new Promise((resolve) => setTimeout(resolve, backoffMs(settings, count)));
    }
  }
}

/** With up to a fifth taken off by chance, so that many clients do not come back at once. */
export function backoffMs({ retryBackoff: { firstMs, mostMs } }: Pick<ConnectionSettings, 'retryBackoff'>, attempt: number): number {
  return Math.min(firstMs * 2 ** Math.min(attempt, 20), mostMs) * (1 - Math.random() / 5);
}
