import { DriverError, type TopicPartition } from '../driver.ts';
import { brokerError } from './error-codes.ts';
import type { Broker, Cluster } from './internals.ts';
import { type MetadataAnswer, metadata, type PartitionMetadata, type TopicMetadata } from './requests/metadata.ts';
import { driverError, mayPass, sendRequest } from './send-request.ts';
import type { ConnectionSettings } from './settings.ts';

export type MetadataSettings = Pick<ConnectionSettings, 'requestTimeoutMs' | 'callTimeoutMs' | 'metadataMaxAgeMs' | 'retryBackoff'>;

const UNKNOWN_TOPIC = 3;
const LEADER_NOT_AVAILABLE = 5;
/** A topic that was just made is not known to every broker at once. */
const UNKNOWN_FOR_MS = 3000;

interface Kept {
  readonly topic: TopicMetadata;
  readonly at: number;
  /** Since when it is asked for again because of its age. */
  renewedAt: number;
}

/** Topics, their partitions and the leaders of these, as a broker told them last. Each topic is asked for by name and fails by itself. */
export class MetadataCache {
  readonly #cluster: Cluster;
  readonly #settings: MetadataSettings;
  readonly #topics = new Map<string, Kept>();
  #running: Promise<unknown> = Promise.resolve();
  #next: { readonly topics: Set<string>; readonly done: Promise<void> } | undefined;

  constructor(cluster: Cluster, settings: MetadataSettings) {
    this.#cluster = cluster;
    this.#settings = settings;
  }

  /** What was told last, however long ago; undefined for a topic that was never asked for or is in error. */
  known(topic: string): TopicMetadata | undefined {
    const kept = this.#topics.get(topic);
    return kept?.topic.errorCode === 0 ? kept.topic : undefined;
  }

  /** The partition, where it is known and has a leader. What was told too long ago serves on while it is asked for again. */
  leader({ topic, partition }: TopicPartition): PartitionMetadata | undefined {
    this.#renew(topic);
    const found = this.known(topic)?.partitions[partition];
    return found === undefined || found.leader < 0 ? undefined : found;
  }

  /** The last answer for a topic, errors included. */
  errorCode(topic: string): number | undefined {
    return this.#topics.get(topic)?.topic.errorCode;
  }

  /** The topic, made where it is missing and the broker allows it. Rejects with `unknown-topic` when it stays missing. */
  async topic(name: string, { create = true }: { readonly create?: boolean } = {}): Promise<TopicMetadata> {
    const known = this.known(name);
    if (known !== undefined && !this.#old(name)) return known;
    const start = performance.now();
    for (let attempt = 0; ; attempt++) {
      const [found] = (await this.ask([name], create)).topics;
      if (found?.errorCode === 0) return found;
      const code = found?.errorCode ?? UNKNOWN_TOPIC;
      const waitMs = code === LEADER_NOT_AVAILABLE ? this.#settings.callTimeoutMs : code === UNKNOWN_TOPIC ? UNKNOWN_FOR_MS : 0;
      if (performance.now() - start > waitMs) throw brokerError(code, `metadata of topic ${name}`);
      await this.#backOff(attempt);
    }
  }

  /** Asks for these topics again, together with what others want to know at this moment. Missing topics are made where the broker allows it. */
  refresh(topics: Iterable<string>): Promise<void> {
    if (this.#next === undefined) {
      const wanted = new Set<string>();
      const done = this.#running.then(async () => {
        this.#next = undefined;
        const asked = this.ask([...wanted], true);
        this.#running = asked.catch(() => {});
        await asked;
      });
      this.#next = { topics: wanted, done };
    }
    for (const topic of topics) this.#next.topics.add(topic);
    return this.#next.done;
  }

  /** One answer, kept. `topics` null: all. */
  async ask(topics: readonly string[] | null, create = false): Promise<MetadataAnswer> {
    const answer = await this.#request(topics, create);
    const at = performance.now();
    for (const topic of answer.topics) this.#topics.set(topic.topic, { topic, at, renewedAt: at });
    return answer;
  }

  /** Forgets the topics, so that the next use asks again. */
  forget(topics: Iterable<string>): void {
    for (const topic of topics) this.#topics.delete(topic);
  }

  /** The connected broker with this id. */
  async broker(nodeId: number): Promise<Broker> {
    try {
      // A broker that kafkajs has not seen makes it look for brokers again, and fails this time only.
      return await this.#cluster.findBroker({ nodeId }).catch(() => this.#cluster.findBroker({ nodeId }));
    } catch (error) {
      throw driverError(error, `Connecting to broker ${nodeId}`);
    }
  }

  #old(topic: string): boolean {
    const kept = this.#topics.get(topic);
    return kept !== undefined && performance.now() - kept.at >= this.#settings.metadataMaxAgeMs;
  }

  #renew(topic: string): void {
    const kept = this.#topics.get(topic);
    const now = performance.now();
    if (kept === undefined || !this.#old(topic) || now - kept.renewedAt < this.#settings.retryBackoff.firstMs) return;
    kept.renewedAt = now;
    this.refresh([topic]).catch(() => {});
  }

  async #request(topics: readonly string[] | null, create: boolean): Promise<MetadataAnswer> {
    for (let attempt = 0; ; attempt++) {
      try {
        const broker = await this.#cluster.brokerPool.findConnectedBroker();
        const answer = await sendRequest(broker, metadata, { topics, create }, this.#settings.requestTimeoutMs);
        if (answer !== undefined) return answer;
      } catch (error) {
        const failed = driverError(error, 'Asking for metadata');
        if (!mayPass(failed) || attempt >= 3) throw failed;
      }
      await this.#backOff(attempt);
    }
  }

  #backOff(attempt: number): Promise<void> {
    const { firstMs, mostMs } = this.#settings.retryBackoff;
    return new Promise((resolve) => setTimeout(resolve, Math.min(firstMs * 2 ** attempt, mostMs)));
  }
}

/** For a partition that its topic does not have. */
export const noPartition = ({ topic, partition }: TopicPartition): DriverError =>
  new DriverError('unknown-topic', `Topic ${topic} has no partition ${partition}.`, { code: UNKNOWN_TOPIC, ofRecord: true });
