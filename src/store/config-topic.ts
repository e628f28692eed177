import { storeErrors } from '../errors/store.ts';
import type { Driver } from '../kafka/driver.ts';
import { type Change, CompactedTopic, type Entry } from './compacted-topic.ts';
import {
  commitLine,
  connectorLine,
  type KeptConfig,
  type KeptRestart,
  type KeptTarget,
  logLevelLine,
  readConfigRecord,
  restartLine,
  type SessionKey,
  sessionKeyLine,
  targetLine,
  taskLine,
} from './config-records.ts';
import { type ConfigChange, ConfigState, type KeptConnector } from './config-state.ts';

export interface ConfigTopicOptions {
  /** Default: Connect's usual name. */
  readonly topic?: string;
  readonly replicationFactor?: number;
  /** Settings of the topic, where it has to be made. */
  readonly configs?: Readonly<Record<string, string>>;
  /** Told of every change, in order, once what was there at the start has been read. */
  readonly onChange?: (change: ConfigChange) => void;
  /** Nothing more is read, nor can be written: told once, with the reason. */
  readonly onFailure?: (error: unknown) => void;
  /** How long the topic may be missing, once it was there, before that is a failure. Default: 30,000. */
  readonly patienceMs?: number;
  /** Told of records that no worker can have written. */
  readonly onUnreadable?: (key: string) => void;
}

/** Connect's limit for a write, with the reading of it. */
const writeLimitMs = 30_000;

/**
 * What a cluster of workers has decided, in a compacted topic of one partition, in Kafka Connect's format: configs and target states of
 * connectors, configs of tasks, restarts, levels of loggers.
 *
 * A write resolves when it was read back: `state` then has it.
 */
export class ConfigTopic {
  readonly state: ConfigState;
  readonly #log: CompactedTopic;

  private constructor(log: CompactedTopic, state: ConfigState) {
    this.#log = log;
    this.state = state;
  }

  /** Reads the whole topic, making it if need be. Fails when it has more than one partition: their records would have no order. */
  static async open(driver: Driver, options: ConfigTopicOptions = {}): Promise<ConfigTopic> {
    const { topic = 'connect-configs', onChange, onUnreadable, ...settings } = options;
    const state = new ConfigState();
    let caughtUp = false;
    const apply = (entry: Entry) => {
      const record = readConfigRecord(entry);
      if (record === undefined) onUnreadable?.(entry.key);
      const change = record && state.apply(record);
      if (change && caughtUp) onChange?.(change);
    };
    const setting = 'config.storage.topic';
    const log = await CompactedTopic.open(driver, { ...settings, topic, setting, partitions: 1 }, apply);
    if (log.partitions > 1) {
      await log.close();
      throw storeErrors.SEVERAL_PARTITIONS({ topic, setting, partitions: log.partitions });
    }
    caughtUp = true;
    return new ConfigTopic(log, state);
  }

  /** In the order in which they were first made. */
  get connectors(): ReadonlyMap<string, KeptConnector> {
    return this.state.connectors;
  }

  /** Resolves when everything that was in the topic at the time of the call was applied. */
  readToEnd(): Promise<void> {
    return this.#log.readToEnd();
  }

  put(name: string, { config, target }: KeptConnector): Promise<void> {
    return this.#write([targetLine(name, target), connectorLine(name, config)]);
  }

  /** A connector config; the target state stays what it is unless one is given. */
  putConfig(name: string, config: KeptConfig, target?: KeptTarget): Promise<void> {
    return this.#write([...(target === undefined ? [] : [targetLine(name, target)]), connectorLine(name, config)]);
  }

  putTarget(name: string, target: KeptTarget): Promise<void> {
    return this.#write([targetLine(name, target)]);
  }

  /** All configs of the tasks of a connector. They count together, when the last record is read. */
  async putTasks(name: string, configs: readonly KeptConfig[]): Promise<void> {
    await this.#write(configs.map((config, task) => taskLine(name, task, config)));
    await this.#write([commitLine(name, configs.length)]);
  }

  putRestart(name: string, restart: KeptRestart): Promise<void> {
    return this.#write([restartLine(name, restart)]);
  }

  putSessionKey(session: SessionKey): Promise<void> {
    return this.#write([sessionKeyLine(session)]);
  }

  putLogLevel(logger: string, level: string): Promise<void> {
    return this.#write([logLevelLine(logger, level)]);
  }

  remove(name: string): Promise<void> {
    return this.#write([connectorLine(name, null), targetLine(name, null)]);
  }

  close(): Promise<void> {
    return this.#log.close();
  }

  async #write(changes: readonly Change[]): Promise<void> {
    const writing = async () => {
      await this.#log.write(changes);
      await this.#log.readToEnd();
    };
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(storeErrors.WRITE_LATE({ topic: this.#log.topic, limitMs: writeLimitMs })), writeLimitMs);
    try {
      await Promise.race([writing(), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
