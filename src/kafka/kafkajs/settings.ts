import type { ConnectionOptions } from 'node:tls';
import { kafkaErrors } from '../../errors/kafka.ts';
import { tlsOptions } from '../../tls/tls-options.ts';
import { type SaslOptions, saslOptions } from './sasl.ts';
import { type Properties, readSettings, type Values } from './setting.ts';
import { connectionTable, consumerTable, ignoredTable, producerTable, refusedTable, saslTable, tlsTable } from './settings-table.ts';

export interface ConnectionSettings {
  /** `host:port` of each. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly tls: ConnectionOptions | undefined;
  readonly sasl: SaslOptions | undefined;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly callTimeoutMs: number;
  readonly retryBackoff: Backoff;
  readonly connectBackoff: Backoff;
  readonly metadataMaxAgeMs: number;
}

interface Backoff {
  readonly firstMs: number;
  readonly mostMs: number;
}

/** How to reach a cluster, from Java-style client properties. Reads key and trust stores. Errors name the property. */
export function connectionSettings(properties: Properties): ConnectionSettings {
  refuse(properties);
  const values = readSettings(connectionTable, properties);
  const protocol = values['security.protocol'];
  return {
    brokers: brokers(values['bootstrap.servers'] ?? []),
    clientId: values['client.id'],
    tls: protocol.endsWith('SSL') ? clientTls(readSettings(tlsTable, properties)) : undefined,
    sasl: protocol.startsWith('SASL') ? saslOptions(readSettings(saslTable, properties), values['request.timeout.ms']) : undefined,
    connectTimeoutMs: values['socket.connection.setup.timeout.ms'],
    requestTimeoutMs: values['request.timeout.ms'],
    callTimeoutMs: values['default.api.timeout.ms'],
    retryBackoff: { firstMs: values['retry.backoff.ms'], mostMs: values['retry.backoff.max.ms'] },
    connectBackoff: { firstMs: values['reconnect.backoff.ms'], mostMs: values['reconnect.backoff.max.ms'] },
    metadataMaxAgeMs: Math.min(Math.max(values['metadata.max.age.ms'], LEAST_AGE_MS), LONGEST_TIMER_MS),
  };
}

export const producerSettings = (properties: Properties): Values<typeof producerTable> => readSettings(producerTable, properties);
export const consumerSettings = (properties: Properties): Values<typeof consumerTable> => readSettings(consumerTable, properties);

const clientTls = (settings: Values<typeof tlsTable>): ConnectionOptions => ({
  ...tlsOptions(settings),
  ...(settings['ssl.endpoint.identification.algorithm'] === '' ? { checkServerIdentity: () => undefined } : {}),
});

/** Whoever wants to know all at once is not helped by asking all the time. */
const LEAST_AGE_MS = 100;
/** Longer timers end at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

const known = [connectionTable, tlsTable, saslTable, producerTable, consumerTable, ignoredTable];

/** Properties that no client knows: worth a warning, since they are often misspelt. */
export const unknownProperties = (properties: Properties): readonly string[] =>
  Object.keys(properties).filter((name) => !known.some((table) => Object.hasOwn(table, name)));

function refuse(properties: Properties): void {
  for (const [name, remedy] of Object.entries(refusedTable)) {
    if (properties[name] !== undefined) throw kafkaErrors.SETTING_REFUSED({ name, remedy });
  }
}

function brokers(servers: readonly string[]): readonly string[] {
  const valid = servers.length > 0 && servers.every((server) => /^(?:\w+:\/\/)?(?:\[[^\]]+\]|[^:[\]/]+):\d{1,5}$/.test(server));
  if (valid) return servers.map((server) => server.replace(/^\w+:\/\//, ''));
  throw kafkaErrors.SETTING({
    name: 'bootstrap.servers',
    value: servers.join(','),
    expected: 'host:port, or several with commas between them',
  });
}
