import type { Admin, Consumer, ConsumerOptions, Driver, DriverCapabilities, Producer, ProducerOptions } from '../driver.ts';
import { OpenParts } from '../open-parts.ts';
import { EmbeddedAdmin } from './admin.ts';
import type { Broker } from './broker.ts';
import { EmbeddedConsumer } from './consumer.ts';
import { EmbeddedProducer, type ProducerIdentity } from './producer.ts';
import { atPort, closedError, refuse } from './store-errors.ts';

/** Lets a thread of the owner's process join its broker. Plain data: send it with `postMessage` or `workerData`. */
export interface SharedBroker {
  readonly dataDir: string;
  readonly memory: SharedArrayBuffer;
  readonly autoCreatePartitions: number;
}

/** The broker in this process. */
export interface EmbeddedDriver extends Driver {
  /** What another thread of this process opens the broker with: `openEmbedded({ join: driver.share() })`. */
  share(): SharedBroker;
  /** Applies retention and compaction to all topics now, in short steps. Only the owner does. */
  cleanUp(): Promise<void>;
}

const READING: readonly (keyof Admin)[] = [
  'listTopics',
  'describeTopics',
  'topicConfigs',
  'offsets',
  'listGroups',
  'groupOffsets',
  'close',
];
const WRITING: readonly (keyof Admin)[] = [
  'createTopics',
  'deleteTopics',
  'createPartitions',
  'alterTopicConfigs',
  'deleteRecords',
  'setGroupOffsets',
  'deleteGroupOffsets',
  'deleteGroups',
];

const capabilities = (readOnly: boolean): DriverCapabilities => ({
  transactions: false,
  groups: false,
  compression: new Set(['none', 'gzip', 'snappy', 'lz4', 'zstd']),
  admin: new Set(readOnly ? READING : [...READING, ...WRITING]),
});

interface Parts {
  readonly broker: Broker;
  readonly share: () => SharedBroker;
  readonly cleanUp: () => Promise<void>;
  /** Called once nothing is in flight. */
  readonly close: () => Promise<void>;
}

export class BrokerDriver implements EmbeddedDriver {
  readonly name = 'embedded';
  readonly capabilities: DriverCapabilities;
  readonly #parts: Parts;
  readonly #open = new OpenParts(() => closedError('driver'));
  #closing: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.capabilities = capabilities(parts.broker.store.readOnly);
  }

  async producer(options: ProducerOptions = {}): Promise<Producer> {
    this.#check();
    if (options.transactionalId !== undefined) {
      throw refuse.invalidRequest('The embedded broker has no transactions. Leave out the transactional id, or use a Kafka cluster.');
    }
    const identity = options.idempotent === true ? await this.#identity() : undefined;
    return this.#open.keep(new EmbeddedProducer(this.#parts.broker, options, identity), 'close');
  }

  async consumer(options: ConsumerOptions): Promise<Consumer> {
    this.#check();
    return this.#open.keep(this.#consumer(options), 'close');
  }

  async admin(): Promise<Admin> {
    this.#check();
    return this.#open.keep(new EmbeddedAdmin(this.#parts.broker), 'close');
  }

  share(): SharedBroker {
    this.#check();
    return this.#parts.share();
  }

  async cleanUp(): Promise<void> {
    this.#check();
    await this.#parts.cleanUp();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#open.close();
    await this.#parts.broker.idle();
    await this.#parts.close();
  }

  #check(): void {
    if (this.#closing !== undefined || this.#parts.broker.signal.closed) throw closedError('driver');
  }

  #consumer(options: ConsumerOptions): EmbeddedConsumer {
    try {
      return new EmbeddedConsumer(this.#parts.broker, options);
    } catch (error) {
      throw atPort(error);
    }
  }

  async #identity(): Promise<ProducerIdentity> {
    const { store } = this.#parts.broker;
    const insert = store.query<ProducerIdentity>('INSERT INTO producer DEFAULT VALUES RETURNING id, epoch');
    try {
      return await this.#parts.broker.write(() => {
        const identity = insert.get();
        if (identity === undefined) throw refuse.invalidRequest('The store gave no producer id.');
        return identity;
      });
    } catch (error) {
      throw atPort(error);
    }
  }
}
