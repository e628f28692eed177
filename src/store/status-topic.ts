import { setTimeout as wait } from 'node:timers/promises';
import { SluiceError } from '../errors/error-table.ts';
import { type Driver, DriverError } from '../kafka/driver.ts';
import { CompactedTopic, type Entry } from './compacted-topic.ts';
import { type KeptStatus, type KeptTopic, readStatusRecord, type StatusRecord, statusKey, statusValue } from './status-records.ts';
import { StatusState } from './status-state.ts';

export interface StatusTopicOptions {
  /** Default: Connect's usual name. */
  readonly topic?: string;
  readonly partitions?: number;
  readonly replicationFactor?: number;
  /** Settings of the topic, where it has to be made. */
  readonly configs?: Readonly<Record<string, string>>;
  /** Nothing more is read, nor can be written: told once, with the reason. */
  readonly onFailure?: (error: unknown) => void;
  /** Told of records that no worker can have written. */
  readonly onUnreadable?: (key: string) => void;
  /** Told of statuses that were given up: no later attempt would have succeeded. */
  readonly onLost?: (error: unknown, keys: readonly string[]) => void;
}

const firstWaitMs = 50;
const longestWaitMs = 1_000;

/**
 * The statuses of connectors and tasks of a cluster, and the topics that connectors use, in a compacted topic in Kafka Connect's format.
 *
 * Statuses are written in the background, the newest of each key until it is there: who tells one does not wait. `state` has what was read
 * back.
 */
export class StatusTopic {
  readonly state: StatusState;
  readonly #log: CompactedTopic;
  readonly #onLost: StatusTopicOptions['onLost'];
  /** The newest record of each key that is not written yet, those told last at the end. */
  #pending: Records = new Map();
  /** Those that are being written, until they were read back. */
  #underWay: Records = new Map();
  #writing: Promise<void> | undefined;
  #closed = false;

  private constructor(log: CompactedTopic, state: StatusState, onLost: StatusTopicOptions['onLost']) {
    this.#log = log;
    this.state = state;
    this.#onLost = onLost;
  }

  /** Reads the whole topic, making it if need be. */
  static async open(driver: Driver, options: StatusTopicOptions = {}): Promise<StatusTopic> {
    const { topic = 'connect-status', partitions = 5, onUnreadable, onLost, ...settings } = options;
    const state = new StatusState();
    const apply = (entry: Entry) => {
      const record = readStatusRecord(entry);
      if (record) state.apply(record);
      else onUnreadable?.(entry.key);
    };
    const log = await CompactedTopic.open(driver, { ...settings, topic, setting: 'status.storage.topic', partitions }, apply);
    return new StatusTopic(log, state, onLost);
  }

  /** `null`: it is no more. */
  putConnector(name: string, status: KeptStatus | null): void {
    if (isNews(this.state.connector(name), status)) this.#put({ kind: 'connector', name, status });
  }

  /** `null`: it is no more. */
  putTask(name: string, task: number, status: KeptStatus | null): void {
    if (isNews(this.state.task(name, task), status)) this.#put({ kind: 'task', name, task, status });
  }

  /** That a connector uses a topic; told again it is not written again. */
  addTopic(use: KeptTopic): void {
    const { connector: name, topic } = use;
    if (!this.#topics(name).has(topic)) this.#put({ kind: 'topic', name, topic, use });
  }

  forgetTopics(name: string): void {
    for (const topic of this.#topics(name)) this.#put({ kind: 'topic', name, topic, use: null });
  }

  /** A connector is no more, nor are its tasks and topics. */
  forget(name: string): void {
    for (const task of this.#tasks(name)) this.putTask(name, task, null);
    this.putConnector(name, null);
    this.forgetTopics(name);
  }

  /** Resolves when everything that was told before is written and read back. */
  async flush(): Promise<void> {
    while (this.#writing) await this.#writing;
    await this.#log.readToEnd();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
    await this.#log.close();
  }

  /** The topics of a connector, as they will be once everything was read back. */
  #topics(name: string): ReadonlySet<string> {
    const topics = new Set(this.state.topics(name).map(({ topic }) => topic));
    for (const record of this.#told(name)) {
      if (record.kind !== 'topic') continue;
      if (record.use === null) topics.delete(record.topic);
      else topics.add(record.topic);
    }
    return topics;
  }

  /** The tasks of a connector that there is or will be a record of. */
  #tasks(name: string): ReadonlySet<number> {
    const told = this.#told(name).flatMap((record) => (record.kind === 'task' ? [record.task] : []));
    return new Set([...this.state.tasks(name).keys(), ...told]);
  }

  /** What was told of a connector and not read back yet, in this order. */
  #told(name: string): readonly StatusRecord[] {
    return [...this.#underWay.values(), ...this.#pending.values()].filter((record) => record.name === name);
  }

  #put(record: StatusRecord): void {
    add(this.#pending, record);
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  async #writeAll(): Promise<void> {
    let waitMs = firstWaitMs;
    while (this.#pending.size > 0) {
      const taken = this.#pending;
      this.#underWay = taken;
      this.#pending = new Map();
      try {
        await this.#log.write(Array.from(taken, ([key, record]) => ({ key, value: statusValue(record) })));
        waitMs = firstWaitMs;
        // What was written counts, whether or not it can be read: the log itself tells of a reader that fails.
        await this.#log.readToEnd().catch(() => undefined);
      } catch (error) {
        if (this.#closed || !isRetriable(error)) this.#onLost?.(error, [...taken.keys()]);
        else {
          const later = this.#pending;
          this.#underWay = new Map();
          this.#pending = taken;
          for (const record of later.values()) add(taken, record);
          await wait(waitMs);
          waitMs = Math.min(waitMs * 2, longestWaitMs);
        }
      }
    }
    this.#underWay = new Map();
  }
}

type Records = Map<string, StatusRecord>;

/** Behind those that wait: a connector's end takes its tasks along. */
function add(records: Records, record: StatusRecord): void {
  const key = statusKey(record);
  records.delete(key);
  records.set(key, record);
}

/** What says only that somebody let go, or failed, must not hide what a newer generation has said since. */
function isNews(known: KeptStatus | undefined, status: KeptStatus | null): boolean {
  if (status === null || known === undefined || !['UNASSIGNED', 'FAILED'].includes(status.state)) return true;
  return known.workerId === status.workerId || known.generation <= status.generation;
}

/** The driver knows best: a status that is too large stays so. */
function isRetriable(error: unknown): boolean {
  if (!(error instanceof SluiceError)) return false;
  return error.cause instanceof DriverError ? error.cause.retriable : error.retriable;
}
