import { Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import { kafkaErrors } from '../../errors/kafka.ts';
import { type Cluster, calmRequestQueues, checkInternals } from './internals.ts';
import { mendConnections } from './mend-connections.ts';
import { quickSockets } from './quick-connection.ts';
import type { ConnectionSettings } from './settings.ts';

/** What clients have to say. kafkajs's own lines are at level debug: what they tell of is attempted again, and told by us when it lasts. */
export type ConnectionLog = (level: 'debug' | 'info' | 'warn', message: string, facts: Readonly<Record<string, unknown>>) => void;

/**
 * A cluster of connections, not yet connected: kafkajs makes and secures them and finds brokers, and everything sent over
 * them is ours.
 *
 * Each has its own sockets, two for each broker that is used.
 */
export function openCluster(settings: ConnectionSettings, log: ConnectionLog = () => {}): Cluster {
  checkInternals();
  calmRequestQueues();
  const kafka = new Kafka(clientConfig(settings, log));
  let found: unknown;
  // The documented factory of assigners is handed the cluster; this consumer never runs, connects or joins.
  kafka.consumer({
    groupId: settings.clientId,
    partitionAssigners: [
      ({ cluster }) => {
        found = cluster;
        return { name: 'none', version: 0, assign: async () => [], protocol: () => ({ name: 'none', metadata: Buffer.alloc(0) }) };
      },
    ],
  });
  if (!isCluster(found)) throw kafkaErrors.CLIENT_CHANGED({ what: 'its assigners get no cluster', version: '2.2.4' });
  mendConnections(found, settings.requestTimeoutMs);
  return found;
}

const isCluster = (value: unknown): value is Cluster => typeof value === 'object' && value !== null && 'brokerPool' in value;

function clientConfig(settings: ConnectionSettings, log: ConnectionLog): KafkaConfig {
  const { brokers, clientId, tls, sasl, connectTimeoutMs, requestTimeoutMs, retryBackoff } = settings;
  return {
    brokers: [...brokers],
    socketFactory: quickSockets,
    clientId,
    ...(tls === undefined ? {} : { ssl: tls }),
    ...(sasl === undefined ? {} : { sasl }),
    connectionTimeout: connectTimeoutMs,
    authenticationTimeout: connectTimeoutMs,
    requestTimeout: requestTimeoutMs,
    // Only what kafkajs does itself is repeated by it: connecting, and asking for metadata.
    retry: { initialRetryTime: retryBackoff.firstMs, maxRetryTime: retryBackoff.mostMs, retries: 8 },
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ log: { message, logger: _logger, timestamp: _timestamp, ...facts } }) =>
        log('debug', message, facts),
  };
}
