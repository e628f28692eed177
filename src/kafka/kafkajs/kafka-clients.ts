import {
  type Admin,
  type Consumer,
  type ConsumerOptions,
  type Driver,
  DriverError,
  type GroupMember,
  type GroupOptions,
  type Producer,
  type ProducerOptions,
  type Subscription,
  type SubscriptionOptions,
} from '../driver.ts';
import { closedError } from './closed-error.ts';
import type { ConnectionLog } from './cluster.ts';
import { capabilities, type KafkaDriver } from './kafka-driver.ts';
import { openKafka } from './open-kafka.ts';
import type { Properties } from './setting.ts';

/** Client properties by what a client is for. */
export interface ClientProperties {
  readonly producer: Properties;
  readonly consumer: Properties;
  readonly admin: Properties;
}

type Kind = keyof ClientProperties;

/** Wait between attempts to reach a cluster none of whose brokers answers. */
const awayMs = 1_000;

/**
 * A driver whose producers, consumers and administration have settings and connections of their own, as the clients of a connector have.
 *
 * Nothing is connected before it is used. While no broker can be reached, opening a client waits, and says so once.
 */
export class KafkaClients implements Driver {
  readonly name = 'kafkajs';
  readonly capabilities = capabilities;
  readonly #properties: ClientProperties;
  readonly #log: ConnectionLog | undefined;
  readonly #drivers = new Map<Kind, Promise<KafkaDriver>>();
  readonly #closed = new AbortController();

  constructor(properties: ClientProperties, log?: ConnectionLog) {
    this.#properties = properties;
    this.#log = log;
  }

  producer(options?: ProducerOptions): Promise<Producer> {
    return this.#client('producer', (driver) => driver.producer(options));
  }

  consumer(options: ConsumerOptions): Promise<Consumer> {
    return this.#client('consumer', (driver) => driver.consumer(options));
  }

  group(options: GroupOptions): Promise<GroupMember> {
    return this.#client('consumer', (driver) => driver.group(options));
  }

  subscribe(options: SubscriptionOptions): Promise<Subscription> {
    return this.#client('consumer', (driver) => driver.subscribe(options));
  }

  admin(): Promise<Admin> {
    return this.#client('admin', (driver) => driver.admin());
  }

  async close(): Promise<void> {
    this.#closed.abort();
    const opened = await Promise.allSettled(this.#drivers.values());
    await Promise.all(opened.map((each) => (each.status === 'fulfilled' ? each.value.close() : undefined)));
  }

  async #client<T>(kind: Kind, open: (driver: KafkaDriver) => Promise<T>): Promise<T> {
    for (let told = false; ; told = true) {
      if (this.#closed.signal.aborted) throw closedError('driver');
      try {
        return await open(await this.#driver(kind));
      } catch (error) {
        if (!(error instanceof DriverError && error.retriable) || this.#closed.signal.aborted) throw error;
        if (!told) this.#log?.('warn', 'No broker can be reached; it is tried again.', { reason: error.message });
        await this.#pause();
      }
    }
  }

  #driver(kind: Kind): Promise<KafkaDriver> {
    const known = this.#drivers.get(kind);
    if (known !== undefined) return known;
    const log = this.#log;
    const opening = openKafka({ properties: this.#properties[kind], ...(log === undefined ? {} : { log }) });
    this.#drivers.set(kind, opening);
    opening.catch(() => this.#drivers.delete(kind));
    return opening;
  }

  #pause(): Promise<void> {
    const { signal } = this.#closed;
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', go);
        resolve();
      };
      const timer = setTimeout(go, awayMs);
      signal.addEventListener('abort', go);
    });
  }
}
