import type { SchedulerLike } from 'rxjs';
import { DriverError, type Payload, type Producer, partitionOfKey } from 'sluice/kafka';
import { topicErrors } from './errors.ts';
import type { MakeTopic } from './topic-creation.ts';

export interface PartitionChoiceOptions {
  readonly scheduler: SchedulerLike;
  /** After how long the number of partitions is asked for again. */
  readonly maxAgeMs: number;
  readonly makeTopic: MakeTopic | undefined;
}

/** A broker that is away is asked again after this time. */
const againMs = 500;
/** So often it is asked what a broker has refused to answer. */
const refusals = 10;

interface Known {
  readonly partitions: number;
  readonly until: number;
}

/**
 * Chooses partitions as the Java producer does: the one a record asks for, else the one of its key, else one for all records of a write,
 * another in the next write.
 */
export class PartitionChoice {
  readonly #producer: Pick<Producer, 'partitions'>;
  readonly #scheduler: SchedulerLike;
  readonly #maxAgeMs: number;
  readonly #makeTopic: MakeTopic | undefined;
  readonly #known = new Map<string, Known>();
  readonly #keyless = new Map<string, number>();

  constructor(producer: Pick<Producer, 'partitions'>, { scheduler, maxAgeMs, makeTopic }: PartitionChoiceOptions) {
    this.#producer = producer;
    this.#scheduler = scheduler;
    this.#maxAgeMs = maxAgeMs;
    this.#makeTopic = makeTopic;
  }

  /** Whether the number of partitions of a topic is known and young enough. */
  knows(topic: string): boolean {
    const known = this.#known.get(topic);
    return known !== undefined && known.until > this.#scheduler.now();
  }

  /** Asks for it; the topic is made where that is allowed. */
  async learn(topic: string): Promise<void> {
    const partitions = await this.#count(topic);
    this.#known.set(topic, { partitions, until: this.#scheduler.now() + this.#maxAgeMs });
    if (!this.#keyless.has(topic)) this.#keyless.set(topic, Math.floor(Math.random() * partitions));
  }

  /** What is known of a topic is wrong. */
  forget(topic: string): void {
    this.#known.delete(topic);
  }

  /**
   * While no broker answers it is asked again: a write waits as long, whatever the policy for records that fail. What a broker refuses for a
   * while is left to the retries of the write.
   */
  async #count(topic: string): Promise<number> {
    for (let refused = 0; ; ) {
      try {
        if (!this.#known.has(topic)) await this.#makeTopic?.(topic);
        return await this.#producer.partitions(topic);
      } catch (error) {
        if (!(error instanceof DriverError)) throw error;
        if (error.kind === 'unknown-topic') {
          // It was there: it may be made anew.
          if (this.#known.delete(topic)) continue;
          throw topicErrors.TOPIC_MISSING({ topic }, error);
        }
        if (!error.retriable || (error.code !== undefined && ++refused === refusals)) throw error;
        await new Promise<void>((resolve) => this.#scheduler.schedule(() => resolve(), againMs));
      }
    }
  }

  /** Whether a topic that was learnt has one partition only. */
  isSingle(topic: string): boolean {
    return this.#known.get(topic)?.partitions === 1;
  }

  /** The partition of a record with this key, of a topic that was learnt. */
  ofKey(topic: string, key: Payload): number {
    const partitions = this.#known.get(topic)?.partitions ?? 1;
    return key === null ? (this.#keyless.get(topic) ?? 0) % partitions : partitionOfKey(key, partitions);
  }

  /** From now on records without key go to the next partition. */
  turn(topic: string): void {
    this.#keyless.set(topic, ((this.#keyless.get(topic) ?? 0) + 1) % (this.#known.get(topic)?.partitions ?? 1));
  }
}
