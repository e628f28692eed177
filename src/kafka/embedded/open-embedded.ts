import { resolve } from 'node:path';
import { kafkaErrors } from '../../errors/kafka.ts';
import type { Log } from '../../sdk/context.ts';
import { Broker } from './broker.ts';
import { Cleaner } from './cleaner.ts';
import { BrokerDriver, type EmbeddedDriver, type SharedBroker } from './embedded-driver.ts';
import { lockFolder } from './owner-lock.ts';
import { Signal } from './signal.ts';
import { openStore, openStoreReadOnly, prepareFolder, type Store } from './store.ts';
import { atPort, closedError } from './store-errors.ts';

export interface OwnOptions {
  /** Folder of the store; made when missing. One process at a time owns it. */
  readonly dataDir: string;
  readonly readOnly?: false;
  /** Partitions of a topic that is made by writing to it; 0: writing to an unknown topic is an error. Default: 1. */
  readonly autoCreatePartitions?: number;
  /** Milliseconds between runs of retention and compaction; 0: only on demand. Default: 5 minutes. */
  readonly cleanUpEveryMs?: number;
  /** Told when such a run fails; the next one tries again. */
  readonly log?: Log;
}

export interface ReadOptions {
  readonly dataDir: string;
  /** Reads beside the owner, which may be another process. Nothing can be written, group offsets included. */
  readonly readOnly: true;
  /** Milliseconds between looks for what the owner wrote. Default: 100. */
  readonly pollMs?: number;
}

export interface JoinOptions {
  /** From `share()` of the owner's driver, in a thread of the same process. */
  readonly join: SharedBroker;
}

export type EmbeddedOptions = OwnOptions | ReadOptions | JoinOptions;

const POLL_MS = 100;
const CLEAN_UP_EVERY_MS = 300_000;

/**
 * Opens the broker that lives in a folder of this machine, with nothing but Node.
 *
 * What a producer or `commit` resolves is on disk. Close it before the process ends, though a kill at any time loses nothing that was
 * answered.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedDriver> {
  if ('join' in options) return join(options.join);
  return options.readOnly === true ? read(options) : own(options);
}

function own({ dataDir, autoCreatePartitions = 1, cleanUpEveryMs = CLEAN_UP_EVERY_MS, log }: OwnOptions): EmbeddedDriver {
  const folder = resolve(dataDir);
  prepareFolder(folder);
  const lock = lockFolder(folder);
  try {
    const store = openStore(folder);
    const signal = new Signal();
    const broker = new Broker(store, signal, autoCreatePartitions);
    const cleaner = new Cleaner(broker);
    const timer = cleanUpEvery(cleanUpEveryMs, cleaner, log);
    return new BrokerDriver({
      broker,
      share: () => ({ dataDir: folder, memory: signal.memory, autoCreatePartitions }),
      cleanUp: () => cleaner.run({ onlyDue: false }),
      close: async () => {
        clearInterval(timer);
        await cleaner.close();
        await broker.end().catch((error) => log?.warn('the store could not be written when it was closed', { error }));
        store.close();
        lock.release();
      },
    });
  } catch (error) {
    lock.release();
    throw error;
  }
}

function join(shared: SharedBroker): EmbeddedDriver {
  const signal = new Signal(shared.memory);
  if (signal.closed) throw closedError('owner');
  const store = openStore(shared.dataDir);
  return new BrokerDriver({
    broker: new Broker(store, signal, shared.autoCreatePartitions),
    share: () => shared,
    cleanUp: () => Promise.reject(atPort(kafkaErrors.STORE_READ_ONLY({ file: store.file }))),
    close: async () => store.close(),
  });
}

function read({ dataDir, pollMs = POLL_MS }: ReadOptions): EmbeddedDriver {
  const store = openStoreReadOnly(resolve(dataDir));
  const signal = new Signal();
  const timer = watch(store, signal, pollMs);
  const refused = () => kafkaErrors.STORE_READ_ONLY({ file: store.file });
  return new BrokerDriver({
    broker: new Broker(store, signal, 0),
    share: () => {
      throw refused();
    },
    cleanUp: () => Promise.reject(refused()),
    close: async () => {
      clearInterval(timer);
      store.close();
    },
  });
}

function cleanUpEvery(everyMs: number, cleaner: Cleaner, log: Log | undefined): NodeJS.Timeout | undefined {
  if (everyMs === 0) return undefined;
  const clean = () => cleaner.run({ onlyDue: true }).catch((error) => log?.warn('retention and compaction failed', { error }));
  return setInterval(clean, everyMs).unref();
}

/** Another process cannot wake this one: it looks. */
function watch(store: Store, signal: Signal, pollMs: number): NodeJS.Timeout {
  const version = store.query<{ data_version: number }>('PRAGMA data_version');
  let seen = version.get()?.data_version;
  const look = () => {
    const now = version.get()?.data_version;
    if (now === seen) return;
    seen = now;
    signal.allChanged();
  };
  return setInterval(look, pollMs).unref();
}
