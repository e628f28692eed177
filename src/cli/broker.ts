import type { Driver } from '../kafka/driver.ts';
import type { EmbeddedOptions } from '../kafka/embedded/open-embedded.ts';

/** Which broker a command works with. */
export interface BrokerAt {
  /** Folder of the embedded broker. */
  readonly data: string;
  /** `host:port` of Kafka brokers, instead of it. */
  readonly bootstrap?: string | undefined;
}

type Use<T> = (driver: Driver) => Promise<T>;

/**
 * Lends the broker for reading and writing. The embedded one is lent as its owner, its folder made where it is missing; fails while a worker
 * owns that.
 */
export const ownBroker = <T>({ data, bootstrap }: BrokerAt, use: Use<T>): Promise<T> =>
  bootstrap === undefined ? withEmbedded({ dataDir: data }, use) : withKafka(bootstrap, use);

/** Lends the broker for reading; the embedded one also while a worker owns it. */
export const readBroker = <T>({ data, bootstrap }: BrokerAt, use: Use<T>): Promise<T> =>
  bootstrap === undefined ? withEmbedded({ dataDir: data, readOnly: true }, use) : withKafka(bootstrap, use);

/** Longest timer there is. */
const longMs = 2 ** 31 - 1;

async function withEmbedded<T>(options: EmbeddedOptions, use: Use<T>): Promise<T> {
  const { openEmbedded } = await import('../kafka/embedded/open-embedded.ts');
  const driver = await openEmbedded(options);
  // A consumer that waits does not keep a process alive; the user who asked for it does.
  const alive = setInterval(() => {}, longMs);
  try {
    return await use(driver);
  } finally {
    clearInterval(alive);
    await driver.close();
  }
}

async function withKafka<T>(bootstrap: string, use: Use<T>): Promise<T> {
  const { openKafka } = await import('../kafka/kafkajs/open-kafka.ts');
  const driver = await openKafka({ bootstrap });
  try {
    return await use(driver);
  } finally {
    await driver.close();
  }
}
