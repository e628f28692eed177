import { defer, map, type Observable } from 'rxjs';
import type { Driver } from '../kafka/driver.ts';
import { canonicalJson, isObject, offsetJson, parseOffsetJson } from '../sdk/offset-json.ts';
import type { CommittedOffset, OffsetStore, SourceOffset, SourcePartition } from '../sdk/source.ts';
import { type Change, CompactedTopic } from './compacted-topic.ts';

export interface OffsetTopicOptions {
  /** Default: Connect's usual name. */
  readonly topic?: string;
  readonly partitions?: number;
  readonly replicationFactor?: number;
  /** Settings of the topic, where it has to be made. */
  readonly configs?: Readonly<Record<string, string>>;
  /** Nothing more is read, nor can be written: told once, with the reason. */
  readonly onFailure?: (error: unknown) => void;
  /** Told of records that no connector can have written. */
  readonly onUnreadable?: (key: string) => void;
}

/** Where offsets are written: `apply` of its opener sees each entry once it is stored, those of earlier runs first. */
export interface OffsetLog {
  /** Resolves when all changes are durable and were applied. */
  write(changes: readonly Change[]): Promise<void>;
  /** Resolves when everything that was stored at the time of the call was applied. */
  readToEnd(): Promise<void>;
  close(): Promise<void>;
}

type Apply = (entry: Change) => void;

/** What is stored for one source partition. `key` is the text it was written under: Java's order of members may be another. */
interface Stored {
  readonly key: string;
  readonly partition: SourcePartition;
  /** `null`: reset. The key is remembered, so that the same one is written again. */
  readonly offset: SourceOffset | null;
}

/** Namespace of node snapshots: connector names have no control characters, so it cannot be one. */
const stateNamespace = '\u0000state';

/**
 * Source offsets of all connectors in a compacted topic, in Kafka Connect's format: key `["connector",{partition}]`, value `{offset}`,
 * a tombstone for a reset one.
 *
 * Partitions are equal by value, whatever the order of their members; the order found in the topic is kept, since compaction compares bytes.
 */
export class OffsetTopic {
  readonly #log: OffsetLog;
  readonly #byConnector: Map<string, Map<string, Stored>>;

  private constructor(log: OffsetLog, byConnector: Map<string, Map<string, Stored>>) {
    this.#log = log;
    this.#byConnector = byConnector;
  }

  /** Reads the whole topic, making it if need be. */
  static async open(driver: Driver, options: OffsetTopicOptions = {}): Promise<OffsetTopic> {
    const { topic = 'connect-offsets', partitions = 25, onUnreadable, ...given } = options;
    const settings = { ...given, topic, setting: 'offset.storage.topic', partitions };
    return OffsetTopic.over((apply) => CompactedTopic.open(driver, settings, apply), onUnreadable);
  }

  /** Keeps the offsets in another log: a file has the same entries. */
  static async over(open: (apply: Apply) => Promise<OffsetLog>, onUnreadable?: (key: string) => void): Promise<OffsetTopic> {
    const byConnector = new Map<string, Map<string, Stored>>();
    const apply = (entry: Change) => {
      if (!remember(byConnector, entry)) onUnreadable?.(entry.key);
    };
    return new OffsetTopic(await open(apply), byConnector);
  }

  /** The offsets of one task's connector; node snapshots are kept by task. */
  store(connector: string, task: number): OffsetStore & Required<Pick<OffsetStore, 'loadState'>> {
    const state = { connector, task };
    return {
      load: (partitions) => this.#read(() => partitions.map((partition) => this.#find(connector, partition)?.offset ?? null)),
      save: (offsets, snapshots) => {
        const changes = offsets.map(({ partition, offset }) => this.#change(connector, partition, offset));
        const hasState = snapshots !== undefined && Object.keys(snapshots).length > 0;
        return defer(async () => {
          // A snapshot may run ahead of the offsets, never behind: one write could be refused in part.
          if (hasState) await this.#log.write([this.#change(stateNamespace, state, snapshots)]);
          await this.#log.write(changes);
        });
      },
      loadState: () => this.#read(() => this.#find(stateNamespace, state)?.offset ?? {}),
    };
  }

  /** Everything stored for a connector, as it was when the call was made. */
  async list(connector: string): Promise<readonly CommittedOffset[]> {
    await this.#log.readToEnd();
    const stored = this.#byConnector.get(connector)?.values() ?? [];
    return Array.from(stored).flatMap(({ partition, offset }) => (offset === null ? [] : [{ partition, offset }]));
  }

  /** Writes offsets; `null` takes a partition back to "never committed". Resolves when durable. */
  async alter(
    connector: string,
    changes: readonly { readonly partition: SourcePartition; readonly offset: SourceOffset | null }[],
  ): Promise<void> {
    await this.#log.readToEnd();
    await this.#log.write(changes.map(({ partition, offset }) => this.#change(connector, partition, offset)));
  }

  close(): Promise<void> {
    return this.#log.close();
  }

  #read<T>(answer: () => T): Observable<T> {
    return defer(() => this.#log.readToEnd()).pipe(map(answer));
  }

  #find(connector: string, partition: SourcePartition): Stored | undefined {
    return this.#byConnector.get(connector)?.get(canonicalJson(partition));
  }

  #change(connector: string, partition: SourcePartition, offset: SourceOffset | null): Change {
    const key = this.#find(connector, partition)?.key ?? offsetJson([connector, partition]);
    return { key, value: offset === null ? null : offsetJson(offset) };
  }
}

/** Takes a record into the view; false when it is not an offset. */
function remember(byConnector: Map<string, Map<string, Stored>>, { key, value }: Change): boolean {
  const name = parsed(key);
  const offset = value === null ? null : parsed(value);
  if (!Array.isArray(name) || name.length !== 2 || (offset !== null && !isObject(offset))) return false;
  const [connector, partition]: readonly unknown[] = name;
  // A partition of null is legal in Connect, but is never listed nor looked up.
  if (typeof connector !== 'string' || !isObject(partition)) return partition === null;
  const partitions = byConnector.get(connector) ?? new Map<string, Stored>();
  byConnector.set(connector, partitions.set(canonicalJson(partition), { key, partition, offset }));
  return true;
}

function parsed(text: string): unknown {
  try {
    return parseOffsetJson(text);
  } catch {
    return undefined;
  }
}
