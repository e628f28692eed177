import type { Driver } from '../kafka/driver.ts';
import { CompactedTopic, type Entry } from './compacted-topic.ts';
import { isObject } from './offset-json.ts';

/** A connector as it is kept: its raw configuration, and what state a user wants it in. */
export interface KeptConnector {
  readonly config: Readonly<Record<string, string | null>>;
  readonly target: 'STARTED' | 'PAUSED' | 'STOPPED';
}

const prefixes = { config: 'connector-', target: 'target-state-' } as const;

/** The configs and target states of connectors in a compacted topic of one partition, in Kafka Connect's format. */
export class ConfigTopic {
  readonly #log: CompactedTopic;
  readonly #configs: Map<string, KeptConnector['config']>;
  readonly #targets: Map<string, KeptConnector['target']>;

  private constructor(log: CompactedTopic, configs: Map<string, KeptConnector['config']>, targets: Map<string, KeptConnector['target']>) {
    this.#log = log;
    this.#configs = configs;
    this.#targets = targets;
  }

  /** Reads the whole topic, making it if need be. */
  static async open(driver: Driver, topic = 'connect-configs'): Promise<ConfigTopic> {
    const configs = new Map<string, KeptConnector['config']>();
    const targets = new Map<string, KeptConnector['target']>();
    const apply = ({ key, value }: Entry) => {
      if (key.startsWith(prefixes.target)) keep(targets, key.slice(prefixes.target.length), targetOf(value));
      else if (key.startsWith(prefixes.config)) keep(configs, key.slice(prefixes.config.length), configOf(value));
    };
    const log = await CompactedTopic.open(driver, { topic, setting: 'config.storage.topic', partitions: 1 }, apply);
    return new ConfigTopic(log, configs, targets);
  }

  /** In the order in which they were first made. */
  get connectors(): ReadonlyMap<string, KeptConnector> {
    return new Map(Array.from(this.#configs, ([name, config]) => [name, { config, target: this.#targets.get(name) ?? 'STARTED' }]));
  }

  /** Resolves when durable. */
  async put(name: string, { config, target }: KeptConnector): Promise<void> {
    const state = { state: target === 'STOPPED' ? 'PAUSED' : target, 'state.v2': target };
    await this.#write([
      { key: prefixes.target + name, value: JSON.stringify(state) },
      { key: prefixes.config + name, value: JSON.stringify({ properties: config }) },
    ]);
  }

  async remove(name: string): Promise<void> {
    await this.#write([
      { key: prefixes.config + name, value: null },
      { key: prefixes.target + name, value: null },
    ]);
  }

  close(): Promise<void> {
    return this.#log.close();
  }

  async #write(changes: Parameters<CompactedTopic['write']>[0]): Promise<void> {
    await this.#log.write(changes);
    await this.#log.readToEnd();
  }
}

function keep<V>(map: Map<string, V>, name: string, value: V | undefined): void {
  if (value === undefined) map.delete(name);
  else map.set(name, value);
}

function configOf(value: string | null): KeptConnector['config'] | undefined {
  const properties = parsed(value)?.['properties'];
  if (!isObject(properties)) return undefined;
  return Object.fromEntries(Object.entries(properties).map(([key, text]) => [key, text === null ? null : String(text)]));
}

/** Newer Connect writes `state.v2`; the other one is for those that do not know STOPPED. */
function targetOf(value: string | null): KeptConnector['target'] | undefined {
  const record = parsed(value);
  const state = typeof record?.['state.v2'] === 'string' ? record['state.v2'] : record?.['state'];
  return state === 'STARTED' || state === 'PAUSED' || state === 'STOPPED' ? state : undefined;
}

function parsed(value: string | null): Readonly<Record<string, unknown>> | undefined {
  if (value === null) return undefined;
  try {
    const record: unknown = JSON.parse(value);
    return isObject(record) ? record : undefined;
  } catch {
    return undefined;
  }
}
