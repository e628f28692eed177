import { setTimeout as wait } from 'node:timers/promises';
import { SluiceError } from '../errors/error-table.ts';
import { type Driver, DriverError } from '../kafka/driver.ts';
import { CompactedTopic, type Entry } from './compacted-topic.ts';
import {
  connectorKey,
  type KeptStatus,
  type KeptTopic,
  readStatusRecord,
  statusText,
  taskKey,
  topicKey,
  topicText,
} from './status-records.ts';
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
  /** Newest text of each key that is not written yet. */
  readonly #pending = new Map<string, string | null>();
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
    if (isNews(this.state.connector(name), status)) this.#put(connectorKey(name), status && statusText(status));
  }

  /** `null`: it is no more. */
  putTask(name: string, task: number, status: KeptStatus | null): void {
    if (isNews(this.state.task(name, task), status)) this.#put(taskKey(name, task), status && statusText(status));
  }

  /** That a connector uses a topic; told again it is not written again. */
  addTopic(use: KeptTopic): void {
    const key = topicKey(use.connector, use.topic);
    const known = this.state.topics(use.connector).some(({ topic }) => topic === use.topic);
    if (!known && !this.#pending.has(key)) this.#put(key, topicText(use));
  }

  forgetTopics(name: string): void {
    for (const { topic } of this.state.topics(name)) this.#put(topicKey(name, topic), null);
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

  #put(key: string, text: string | null): void {
    // Behind those that wait: a connector's end takes its tasks along.
    this.#pending.delete(key);
    this.#pending.set(key, text);
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  async #writeAll(): Promise<void> {
    let waitMs = firstWaitMs;
    while (this.#pending.size > 0) {
      const taken = [...this.#pending];
      this.#pending.clear();
      try {
        await this.#log.write(taken.map(([key, value]) => ({ key, value })));
        waitMs = firstWaitMs;
      } catch (error) {
        if (this.#closed || !isRetriable(error))
          this.#onLost?.(
            error,
            taken.map(([key]) => key),
          );
        else {
          for (const [key, value] of taken) if (!this.#pending.has(key)) this.#pending.set(key, value);
          await wait(waitMs);
          waitMs = Math.min(waitMs * 2, longestWaitMs);
        }
      }
    }
  }
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
