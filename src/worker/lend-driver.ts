import { AsyncLocalStorage } from 'node:async_hooks';
import type { Driver } from '../kafka/driver.ts';
import type { Logger } from '../telemetry/log.ts';
import type { BrokerAccess } from './broker-access.ts';
import type { ClientOwner } from './client-properties.ts';

/** A driver that is lent to one unit. */
export interface Lent {
  readonly driver: Driver;
  /** Gives it back; what the unit alone used is closed. */
  close(): Promise<void>;
}

/**
 * Drivers for what runs on this thread, opened with the first use: the embedded broker is joined once for all, while each unit has clients of its
 * own for a Kafka cluster.
 */
export function driverLender(access: BrokerAccess, log: Logger): (owner: ClientOwner) => Promise<Lent> {
  if (access.kind === 'kafka') return (owner) => lendClients(access.worker, owner, log);
  // What is common to all belongs to no run, whoever needs it first.
  const outside = AsyncLocalStorage.snapshot();
  let joined: Promise<Driver> | undefined;
  return async () => {
    joined ??= outside(async () => (await import('../kafka/embedded/open-embedded.ts')).openEmbedded({ join: access.broker }));
    return { driver: await joined, close: async () => {} };
  };
}

async function lendClients(worker: Extract<BrokerAccess, { kind: 'kafka' }>['worker'], owner: ClientOwner, log: Logger): Promise<Lent> {
  const [{ KafkaClients }, { clientProperties }] = await Promise.all([
    import('../kafka/kafkajs/kafka-clients.ts'),
    import('./client-properties.ts'),
  ]);
  const about = log.child({ connector: owner.connector, ...(owner.task === undefined ? {} : { task: owner.task }) });
  const driver = new KafkaClients(clientProperties(worker, owner), (level, message, facts) => about[level](facts, message));
  return { driver, close: () => driver.close() };
}
