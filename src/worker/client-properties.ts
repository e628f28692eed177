import { withPrefix } from '../graph/with-prefix.ts';
import { connectorDefaults } from '../kafka/client-defaults.ts';
import { isConnectionKey } from '../kafka/kafkajs/connection-keys.ts';
import type { ClientProperties } from '../kafka/kafkajs/kafka-clients.ts';
import type { RawConfig } from '../sdk/config.ts';

/** Whose clients they are: a connector, or one of its tasks. */
export interface ClientOwner {
  readonly connector: string;
  readonly task?: number;
  readonly config: RawConfig;
  /** A task of a sink: all that it writes itself are dead letters, by clients that Connect names after them. */
  readonly sink?: boolean;
}

type Texts = Readonly<Record<string, string>>;

/** Waits are unlimited, as Connect's: a broker that is away delays a task and does not fail it. */
const producerBase: Texts = { acks: connectorDefaults.acks, 'delivery.timeout.ms': `${connectorDefaults['delivery.timeout.ms']}` };
const consumerBase: Texts = { 'auto.offset.reset': connectorDefaults['auto.offset.reset'] };

/**
 * Settings of the clients of a connector by Connect's rules: what its kind of client needs, then the worker's under `producer.`, `consumer.` or
 * `admin.`, then the connector's under `producer.override.` and so on.
 *
 * Of the worker's other settings only those of administration take part, and `bootstrap.servers`.
 */
export function clientProperties(worker: RawConfig, owner: ClientOwner): ClientProperties {
  const of = (kind: keyof ClientProperties, client: string, base: Texts): Texts => ({
    ...texts({ 'bootstrap.servers': worker['bootstrap.servers'] }),
    'client.id': `connector-${client}-${owner.connector}${owner.task === undefined ? '' : `-${owner.task}`}`,
    ...base,
    ...texts(withPrefix(worker, `${kind}.`)),
    ...texts(withPrefix(owner.config, `${kind}.override.`)),
  });
  const dlq = owner.sink === true ? 'dlq-' : '';
  return {
    producer: of('producer', `${dlq}producer`, producerBase),
    consumer: of('consumer', 'consumer', consumerBase),
    admin: of('admin', `${dlq}adminclient`, connectionTexts(worker)),
  };
}

/** Settings of the worker's own clients: those of the worker without prefix. */
export const workerClientProperties = (worker: RawConfig): Texts => ({ 'client.id': 'sluice-worker', ...connectionTexts(worker) });

/** Those that are no setting of a client mean nothing to it, and are not worth a warning. */
const connectionTexts = (worker: RawConfig): Texts =>
  texts(Object.fromEntries(Object.entries(worker).filter(([key]) => isConnectionKey(key))));

const texts = (raw: RawConfig): Texts =>
  Object.fromEntries(Object.entries(raw).flatMap(([key, value]) => (value === null || value === undefined ? [] : [[key, String(value)]])));
