import type { SharedBroker } from '../kafka/embedded/embedded-driver.ts';
import type { RawConfig } from '../sdk/config.ts';

/** How the worker's broker is reached: a value that can be sent to a thread, which opens a driver with it. */
export type BrokerAccess =
  /** The embedded broker, whose owner is in this process. */
  | { readonly kind: 'embedded'; readonly broker: SharedBroker }
  /** A Kafka cluster, by the properties of the worker; each client takes its own from them. */
  | { readonly kind: 'kafka'; readonly worker: RawConfig };
