import { readPropertiesFile } from '../config/config-file.ts';
import { cliErrors } from '../errors/cli.ts';
import { type Driver, DriverError } from '../kafka/driver.ts';
import type { EmbeddedOptions } from '../kafka/embedded/open-embedded.ts';

/** Which broker a command works with. */
export interface BrokerAt {
  /** Folder of the embedded broker. */
  readonly data: string;
  /** `host:port` of Kafka brokers, instead of it. */
  readonly bootstrap?: string | undefined;
  /** Properties file of a Kafka client, which says how those are reached. */
  readonly commandConfig?: string | undefined;
}

type Use<T> = (driver: Driver) => Promise<T>;

/**
 * Lends the broker for reading and writing. The embedded one is lent as its owner, its folder made where it is missing; fails while a worker
 * owns that.
 */
export const ownBroker = async <T>(at: BrokerAt, use: Use<T>): Promise<T> =>
  at.bootstrap === undefined ? withEmbedded({ dataDir: folderOf(at) }, use) : withKafka(at.bootstrap, at, use);

/** Lends the broker for reading; the embedded one also while a worker owns it. */
export const readBroker = async <T>(at: BrokerAt, use: Use<T>): Promise<T> =>
  at.bootstrap === undefined ? withEmbedded({ dataDir: folderOf(at), readOnly: true }, use) : withKafka(at.bootstrap, at, use);

/** Longest timer there is. */
const longMs = 2 ** 31 - 1;

function folderOf({ data, commandConfig }: BrokerAt): string {
  if (commandConfig !== undefined) throw cliErrors.NO_BROKERS({});
  return data;
}

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

async function withKafka<T>(bootstrap: string, { commandConfig }: BrokerAt, use: Use<T>): Promise<T> {
  const { openKafka } = await import('../kafka/kafkajs/open-kafka.ts');
  const properties = commandConfig === undefined ? {} : await clientProperties(commandConfig);
  const driver = await openKafka({ bootstrap, properties }).catch((error: unknown) => {
    throw commandConfig === undefined && error instanceof DriverError && namesProperties(error)
      ? cliErrors.CLUSTER_REFUSED({ reason: error.message }, error)
      : error;
  });
  try {
    return await use(driver);
  } finally {
    await driver.close();
  }
}

/** Whether what is wrong can be mended by properties, which the user has had no place for. */
const namesProperties = ({ message }: DriverError): boolean => /\b(security\.protocol|ssl\.|sasl\.)/.test(message);

async function clientProperties(file: string): Promise<Readonly<Record<string, string>>> {
  const { unknownProperties } = await import('../kafka/kafkajs/settings.ts');
  const properties = await readPropertiesFile('client configuration', file);
  for (const name of unknownProperties(properties)) {
    process.stderr.write(`${file}: ${name} is no property of Kafka clients, and has no effect\n`);
  }
  return properties;
}
