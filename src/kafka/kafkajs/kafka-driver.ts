import type {
  Admin,
  Consumer,
  ConsumerOptions,
  Driver,
  DriverCapabilities,
  GroupMember,
  GroupOptions,
  Producer,
  ProducerOptions,
  Subscription,
  SubscriptionOptions,
} from '../driver.ts';
import { OpenParts } from '../open-parts.ts';
import { KafkaAdmin } from './admin.ts';
import { closedError } from './closed-error.ts';
import type { ConnectionLog } from './cluster.ts';
import { KafkaConsumer } from './consumer/consumer.ts';
import { GroupConsumer } from './consumer/group-consumer.ts';
import { GroupSubscription } from './consumer/group-subscription.ts';
import { KafkaGroupMember } from './group-member.ts';
import { type Link, openLink } from './link.ts';
import { KafkaProducer, type KafkaProducerOptions } from './producer.ts';
import type { Properties } from './setting.ts';
import { consumerSettings, producerSettings } from './settings.ts';

export const capabilities: DriverCapabilities = {
  transactions: true,
  groups: true,
  compression: new Set(['none', 'gzip', 'snappy', 'lz4', 'zstd']),
  admin: new Set([
    'clusterId',
    'listTopics',
    'describeTopics',
    'createTopics',
    'deleteTopics',
    'createPartitions',
    'topicConfigs',
    'alterTopicConfigs',
    'offsets',
    'deleteRecords',
    'listGroups',
    'groupOffsets',
    'setGroupOffsets',
    'deleteGroupOffsets',
    'deleteGroups',
    'describeGroups',
    'fenceProducers',
    'accessRules',
    'close',
  ]),
};

export interface KafkaDriverOptions {
  /** For administration; clients that wait for answers have connections of their own. */
  readonly link: Link;
  readonly properties: Properties;
  readonly log: ConnectionLog | undefined;
}

/** The clients of one cluster. What is opened by it is closed with it; what is being opened then is refused. */
export class KafkaDriver implements Driver {
  readonly name = 'kafkajs';
  readonly capabilities = capabilities;
  readonly #options: KafkaDriverOptions;
  readonly #parts = new OpenParts(() => closedError('driver'));
  #closing: Promise<void> | undefined;

  constructor(options: KafkaDriverOptions) {
    this.#options = options;
  }

  /** Options that are not given are taken from the client properties. */
  async producer(options: ProducerOptions = {}): Promise<Producer> {
    this.#check();
    const defaults = producerDefaults(this.#options.properties);
    return this.#parts.keep(new KafkaProducer(this.#options.link, { ...defaults, ...options }), 'close');
  }

  /** Options that are not given are taken from the client properties. */
  async consumer(options: ConsumerOptions): Promise<Consumer> {
    this.#check();
    const { source } = options;
    const reading = { ...consumerDefaults(this.#options.properties), ...given(options), link: await this.#link() };
    if (source.mode === 'group') {
      const { onAssigned, onRevoked } = options;
      const membership = { source: this.#groupSource(source), memberLink: () => this.#link(), onAssigned, onRevoked };
      const member = await this.#parts.keep(new GroupConsumer({ ...reading, ...membership }), 'close');
      await member.opened;
      this.#check();
      return member;
    }
    const consumer = new KafkaConsumer({ ...reading, partitions: source.partitions, groupId: source.groupId });
    await this.#parts.keep(consumer, 'close');
    await consumer.opened;
    this.#check();
    return consumer;
  }

  /** Resolves when it has joined. */
  async group(options: GroupOptions): Promise<GroupMember> {
    this.#check();
    const member = await this.#parts.keep(new KafkaGroupMember(await this.#link(), options), 'leave');
    try {
      await member.joined;
      return member;
    } catch (error) {
      await member.leave();
      throw error;
    }
  }

  async subscribe(options: SubscriptionOptions): Promise<Subscription> {
    this.#check();
    const { link } = this.#options;
    const membership = { ...options, ...this.#groupSource(options), link, memberLink: () => this.#link() };
    return this.#parts.keep(await GroupSubscription.open(membership), 'leave');
  }

  async admin(): Promise<Admin> {
    this.#check();
    return new KafkaAdmin(this.#options.link);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#parts.close();
    await this.#options.link.close();
  }

  #check(): void {
    if (this.#parts.closing) throw closedError('driver');
  }

  #groupSource(source: Pick<SubscriptionOptions, 'groupId' | 'topics' | 'instanceId' | 'sessionMs' | 'rebalanceMs'>) {
    const settings = consumerSettings(this.#options.properties);
    const instanceId = source.instanceId ?? settings['group.instance.id'];
    return {
      groupId: source.groupId,
      topics: source.topics,
      sessionMs: source.sessionMs ?? settings['session.timeout.ms'],
      rebalanceMs: source.rebalanceMs ?? settings['max.poll.interval.ms'],
      heartbeatMs: settings['heartbeat.interval.ms'],
      strategies: settings['partition.assignment.strategy'],
      ...(instanceId === undefined ? {} : { instanceId }),
    };
  }

  #link(): Promise<Link> {
    return openLink(this.#options.link.settings, this.#options.log);
  }
}

const given = <T extends object>(options: T): Partial<T> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;

function consumerDefaults(properties: Properties) {
  const settings = consumerSettings(properties);
  return {
    isolation: settings['isolation.level'] === 'read_committed' ? ('committed' as const) : ('uncommitted' as const),
    reset: settings['auto.offset.reset'] === 'none' ? ('error' as const) : settings['auto.offset.reset'],
    maxPartitionBytes: settings['max.partition.fetch.bytes'],
    maxBufferedBytes: settings['fetch.max.bytes'],
    maxWaitMs: settings['fetch.max.wait.ms'],
    checkCrc: settings['check.crcs'],
  };
}

/** Only what is set: the producer knows its own defaults. */
function producerDefaults(properties: Properties): KafkaProducerOptions {
  const settings = producerSettings(properties);
  const set = <V>(name: string, value: V): V | undefined => (properties[name] === undefined ? undefined : value);
  const acks = settings.acks === '0' ? 0 : settings.acks === '1' ? 1 : 'all';
  return given({
    acks: set('acks', acks),
    idempotent: set('enable.idempotence', settings['enable.idempotence']),
    compression: set('compression.type', settings['compression.type']),
    lingerMs: set('linger.ms', settings['linger.ms']),
    batchBytes: set('batch.size', settings['batch.size']),
    maxBufferedBytes: set('buffer.memory', settings['buffer.memory']),
    maxRequestBytes: set('max.request.size', settings['max.request.size']),
    maxInFlight: set('max.in.flight.requests.per.connection', settings['max.in.flight.requests.per.connection']),
    deliveryTimeoutMs: set('delivery.timeout.ms', settings['delivery.timeout.ms']),
    transactionalId: set('transactional.id', settings['transactional.id']),
    transactionTimeoutMs: set('transaction.timeout.ms', settings['transaction.timeout.ms']),
  }) as KafkaProducerOptions;
}
