import type { Driver } from '../kafka/driver.ts';
import type { EmbeddedOptions } from '../kafka/embedded/open-embedded.ts';

/** Lends the embedded broker of a folder as its owner, making the folder where it is missing; fails while a worker owns it. */
export const ownBroker = <T>(dataDir: string, use: (driver: Driver) => Promise<T>): Promise<T> => withBroker({ dataDir }, use);

/** Lends the embedded broker of a folder for reading, also while a worker owns it. */
export const readBroker = <T>(dataDir: string, use: (driver: Driver) => Promise<T>): Promise<T> =>
  withBroker({ dataDir, readOnly: true }, use);

/** Longest timer there is. */
const longMs = 2 ** 31 - 1;

async function withBroker<T>(options: EmbeddedOptions, use: (driver: Driver) => Promise<T>): Promise<T> {
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
