import { setTimeout as wait } from 'node:timers/promises';
import type { WorkerConfig } from '../config/worker-config.ts';
import { type Driver, DriverError } from '../kafka/driver.ts';
import type { Logger } from '../telemetry/log.ts';
import type { BrokerAccess } from '../worker/broker-access.ts';
import { workerClientProperties } from '../worker/client-properties.ts';
import { aborted } from './worker-end.ts';

/** The worker's broker: opened for the main thread, and how threads reach it. */
export interface WorkerBroker {
  readonly driver: Driver;
  readonly access: BrokerAccess;
  readonly clusterId: string;
}

export interface OpenBrokerOptions {
  readonly log: Logger;
  /** Gives up waiting for brokers that cannot be reached: rejects with its reason. */
  readonly stopped: AbortSignal;
}

/** Wait between attempts to reach the brokers. */
const retryMs = 500;
/** How long a broker may take to answer before that is told: an attempt takes much longer to fail. */
const silentMs = 1_000;

/** The broker that a worker's settings name: the embedded one of `data.dir` without `bootstrap.servers`. */
export async function openBroker(config: WorkerConfig, options: OpenBrokerOptions): Promise<WorkerBroker> {
  const { settings } = config;
  const servers = settings['bootstrap.servers'] ?? [];
  if (servers.length > 0) {
    const waiting = setTimeout(() => options.log.warn({ servers }, 'no broker has answered yet'), silentMs);
    return openCluster(config, options).finally(() => clearTimeout(waiting));
  }
  const { openEmbedded } = await import('../kafka/embedded/open-embedded.ts');
  const driver = await openEmbedded({ dataDir: settings['data.dir'] ?? '.sluice' });
  return { driver, access: { kind: 'embedded', broker: driver.share() }, clusterId: 'embedded' };
}

/** Brokers that are not there yet are waited for as long as a call may take (`default.api.timeout.ms`), as Connect does. */
async function openCluster({ originals }: WorkerConfig, { log, stopped }: OpenBrokerOptions): Promise<WorkerBroker> {
  const { openKafka } = await import('../kafka/kafkajs/open-kafka.ts');
  const properties = workerClientProperties(originals);
  const until = performance.now() + Number(properties['default.api.timeout.ms'] ?? 60_000);
  for (let told = false; ; told = true) {
    try {
      const opening = openKafka({ properties, log: (level, message, facts) => log[level](facts, message) });
      // Whoever asks for a stop does not wait until an attempt has failed.
      const driver = await Promise.race([opening, aborted(stopped).then(() => Promise.reject(stopped.reason))]);
      return { driver, access: { kind: 'kafka', worker: originals }, clusterId: await clusterIdOf(driver).catch(closing(driver)) };
    } catch (error) {
      const passing = error instanceof DriverError && error.retriable;
      if (!passing || performance.now() > until) throw error;
      if (!told) log.warn({ reason: error.message }, 'no broker can be reached yet; it is tried again');
      await wait(retryMs, undefined, { signal: stopped }).catch(() => undefined);
    }
  }
}

/** An attempt that fails leaves no connections behind. */
const closing = (driver: Driver) => async (error: unknown) => {
  await driver.close();
  throw error;
};

async function clusterIdOf(driver: Driver): Promise<string> {
  const admin = await driver.admin();
  try {
    return (await admin.clusterId?.()) ?? 'unknown';
  } finally {
    await admin.close();
  }
}
