import { resolve } from 'node:path';
import type { Driver } from '../kafka/driver.ts';
import { OffsetTopic } from '../store/offset-topic.ts';

/** A driver and what is kept on it, lent to one pipeline. */
export interface Lease {
  readonly driver: Driver;
  /** The offsets topic, opened when first asked for. */
  offsets(): Promise<OffsetTopic>;
  /** Gives it back; resolves once the driver is closed, where this was the last lease of one opened here. */
  release(): Promise<void>;
}

interface Opened {
  readonly driver: Driver;
  close(): Promise<void>;
}

/** A driver and who uses it. */
interface Shared {
  readonly opening: Promise<Opened>;
  offsets: Promise<OffsetTopic> | undefined;
  leases: number;
  /** Set when the last lease was given back. */
  closing: Promise<void> | undefined;
}

/** By data folder where a driver was opened here, by identity where it was given. */
const inUse = new Map<string | Driver, Shared>();

/** The embedded broker of a folder. Pipelines of one process share it; the first one opens it, the last one closes it. */
export const leaseFolder = (dataDir: string): Promise<Lease> =>
  lease(resolve(dataDir), async () => {
    const { openEmbedded } = await import('../kafka/embedded/open-embedded.ts');
    const driver = await openEmbedded({ dataDir });
    return { driver, close: () => driver.close() };
  });

/** A Kafka cluster, by `host:port` of its brokers. */
export const leaseKafka = (bootstrap: string): Promise<Lease> =>
  lease(`kafka://${bootstrap}`, async () => {
    const { openKafka } = await import('../kafka/kafkajs/open-kafka.ts');
    const driver = await openKafka({ bootstrap });
    return { driver, close: () => driver.close() };
  });

/** A driver that the caller opened and closes. */
export const leaseDriver = (driver: Driver): Promise<Lease> => lease(driver, async () => ({ driver, close: async () => {} }));

async function lease(key: string | Driver, open: () => Promise<Opened>): Promise<Lease> {
  const known = inUse.get(key);
  if (known?.closing) {
    await known.closing;
    return lease(key, open);
  }
  const shared = known ?? { opening: open(), offsets: undefined, leases: 0, closing: undefined };
  inUse.set(key, shared);
  shared.leases++;
  const release = () => {
    shared.leases--;
    if (shared.leases === 0) shared.closing ??= close(key, shared);
    return shared.closing ?? Promise.resolve();
  };
  const opened = await shared.opening.catch((error: unknown) => release().then(() => Promise.reject(error)));
  let released: Promise<void> | undefined;
  return {
    driver: opened.driver,
    offsets: () => {
      shared.offsets ??= OffsetTopic.open(opened.driver);
      return shared.offsets;
    },
    release: () => {
      released ??= release();
      return released;
    },
  };
}

async function close(key: string | Driver, { opening, offsets }: Shared): Promise<void> {
  try {
    // What could not be opened was reported to whoever asked for it, and needs no closing.
    const [topic, driver] = await Promise.allSettled([offsets, opening]);
    if (topic.status === 'fulfilled') await topic.value?.close();
    if (driver.status === 'fulfilled') await driver.value.close();
  } finally {
    inUse.delete(key);
  }
}
