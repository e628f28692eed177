import {
  type AccessRule,
  type Admin,
  type GroupDescription,
  type NewTopic,
  partitionKey,
  type TopicDescription,
  type TopicPartition,
} from '../driver.ts';
import { parsePartitionKey } from '../partition-key.ts';
import { askLeaders } from './ask-leaders.ts';
import { closedError } from './closed-error.ts';
import { Coordinator } from './coordinator.ts';
import { brokerError } from './error-codes.ts';
import { askCoordinator } from './group-coordinator.ts';
import { deleteOffsets, fetchOffsets, setOffsets } from './group-offsets.ts';
import { anyBroker, ask, type Link, repeating } from './link.ts';
import { describeAcls } from './requests/acls.ts';
import { alterConfigs, type ConfigChanges, describeConfigs } from './requests/configs.ts';
import { deleteGroups, describeGroups, listGroups } from './requests/groups.ts';
import { initProducerId, NO_IDENTITY } from './requests/init-producer-id.ts';
import type { TopicMetadata } from './requests/metadata.ts';
import { deleteRecords, EARLIEST, LATEST, listOffsets } from './requests/offsets.ts';
import { type Answer, createPartitions, createTopics, deleteTopics } from './requests/topics.ts';
import type { Request } from './send-request.ts';
import { until } from './until.ts';

const UNKNOWN_TOPIC = 3;
const TOPIC_ALREADY_EXISTS = 36;
const SECURITY_DISABLED = 54;
const GROUP_ID_NOT_FOUND = 69;
/** Of the identity that is taken to fence another, and never used. */
const FENCE_TIMEOUT_MS = 1_000;

/** Topics, records and groups of a cluster. What it changes is seen by whoever asks afterwards, as far as the asked broker tells. */
export class KafkaAdmin implements Admin {
  readonly #link: Link;
  #closed = false;

  constructor(link: Link) {
    this.#link = link;
  }

  async clusterId(): Promise<string | null> {
    this.#check();
    return (await repeating(this.#link, () => this.#link.metadata.ask([]))).clusterId;
  }

  async listTopics(): Promise<readonly string[]> {
    const topics = await this.#topics(null);
    return topics.map(({ topic }) => topic).sort();
  }

  async describeTopics(topics: readonly string[]): Promise<readonly TopicDescription[]> {
    const found = topics.length === 0 ? [] : await this.#topics(topics);
    return found.map(({ topic, internal, partitions }) => ({
      name: topic,
      internal,
      partitions: partitions.map(({ partition, leader, replicas, isr }) => ({ partition, leader, replicas, isr })),
    }));
  }

  async createTopics(topics: readonly NewTopic[], { validateOnly = false }: { readonly validateOnly?: boolean } = {}) {
    const { answers } = await this.#ask(createTopics, { topics, timeoutMs: this.#timeoutMs, validateOnly }, (answer) =>
      throwFirst(answer.answers, 'topic', [TOPIC_ALREADY_EXISTS]),
    );
    const created = answers.map(({ name, errorCode }) => ({ name, created: errorCode === 0 && !validateOnly }));
    const made = created.filter((topic) => topic.created).map(({ name }) => name);
    await this.#until(made, (topic) => topic?.partitions.every(({ leader }) => leader >= 0) === true);
    return created;
  }

  async deleteTopics(names: readonly string[]): Promise<void> {
    await this.#ask(deleteTopics, { names, timeoutMs: this.#timeoutMs }, ({ answers }) => throwFirst(answers, 'deleting topic'));
    await this.#until(names, (topic) => topic === undefined);
  }

  async createPartitions(counts: Readonly<Record<string, number>>): Promise<void> {
    await this.#ask(createPartitions, { counts, timeoutMs: this.#timeoutMs }, ({ answers }) => throwFirst(answers, 'partitions of topic'));
    await this.#until(Object.keys(counts), (topic) => {
      const partitions = topic?.partitions ?? [];
      return partitions.length >= (counts[topic?.topic ?? ''] ?? 0) && partitions.every(({ leader }) => leader >= 0);
    });
  }

  async topicConfigs(topics: readonly string[]): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
    const answer = await this.#ask(describeConfigs, { topics }, (described) => throwFirst(described.topics, 'settings of topic'));
    return new Map(answer.topics.map(({ name, configs }) => [name, configs]));
  }

  async alterTopicConfigs(changes: ConfigChanges): Promise<void> {
    await this.#ask(alterConfigs, { changes }, ({ answers }) => throwFirst(answers, 'settings of topic'));
    await until(async () => {
      const configs = await this.topicConfigs(Object.keys(changes));
      const inForce = ([topic, settings]: [string, ConfigChanges[string]]) =>
        Object.entries(settings).every(([name, value]) => value === null || configs.get(topic)?.[name] === value);
      return Object.entries(changes).every(inForce);
    });
  }

  async offsets(partitions: readonly TopicPartition[], at: 'earliest' | 'latest' | number): Promise<ReadonlyMap<string, number>> {
    this.#check();
    const time = at === 'earliest' ? EARLIEST : at === 'latest' ? LATEST : at;
    const answers = await askLeaders(this.#link, partitions, async (broker, led) => {
      const asked = led.map((partition) => ({ ...partition, time }));
      return (await ask(this.#link, broker, listOffsets, { isolation: 'uncommitted', partitions: asked })).partitions;
    });
    return new Map(partitions.map((partition) => [partitionKey(partition), answers.get(partitionKey(partition))?.offset ?? -1]));
  }

  async deleteRecords(before: ReadonlyMap<string, number>): Promise<void> {
    this.#check();
    const partitions = Array.from(before, ([key, offset]) => ({ ...parsePartitionKey(key), before: offset }));
    const timeoutMs = this.#timeoutMs;
    await askLeaders(this.#link, partitions, async (broker, led) => {
      return (await ask(this.#link, broker, deleteRecords, { partitions: led, timeoutMs })).partitions;
    });
  }

  async listGroups(): Promise<readonly string[]> {
    this.#check();
    return repeating(this.#link, async () => {
      const { brokers } = await this.#link.metadata.ask([]);
      const answers = brokers.map(async ({ nodeId }) => {
        const answer = await ask(this.#link, () => this.#link.metadata.broker(nodeId), listGroups, {});
        throwFirst([{ name: `of broker ${nodeId}`, errorCode: answer.errorCode }], 'listing groups');
        return answer.groups.map(({ groupId }) => groupId);
      });
      return (await Promise.all(answers)).flat().sort();
    });
  }

  async groupOffsets(groupId: string): Promise<ReadonlyMap<string, number>> {
    this.#check();
    const found = await fetchOffsets(this.#link, { groupId, partitions: null, stable: false });
    return new Map(Array.from(found, ([key, { offset }]) => [key, offset]));
  }

  async setGroupOffsets(groupId: string, offsets: ReadonlyMap<string, number>): Promise<void> {
    this.#check();
    await setOffsets(this.#link, groupId, new Map(Array.from(offsets, ([key, offset]) => [key, { offset }])));
  }

  async deleteGroupOffsets(groupId: string, partitions: readonly TopicPartition[]): Promise<void> {
    this.#check();
    await deleteOffsets(this.#link, groupId, partitions);
  }

  async deleteGroups(groups: readonly string[]): Promise<void> {
    this.#check();
    const deleting = groups.map((group) =>
      repeating(this.#link, () =>
        askCoordinator(this.#link, group, deleteGroups, { groups: [group] }, (answer) => {
          const answers = answer.groups.map(({ groupId, errorCode }) => ({ name: groupId, errorCode }));
          throwFirst(answers, 'deleting group', [GROUP_ID_NOT_FOUND]);
        }),
      ),
    );
    await Promise.all(deleting);
  }

  async describeGroups(groups: readonly string[]): Promise<readonly GroupDescription[]> {
    this.#check();
    const describing = groups.map((group) =>
      repeating(this.#link, async () => {
        const answer = await askCoordinator(this.#link, group, describeGroups, { groups: [group] }, ({ groups: found }) => {
          const answers = found.map(({ groupId, errorCode }) => ({ name: groupId, errorCode }));
          throwFirst(answers, 'describing group', [GROUP_ID_NOT_FOUND]);
        });
        return answer.groups.map(({ errorCode: _, ...described }) => described);
      }),
    );
    return (await Promise.all(describing)).flat();
  }

  async fenceProducers(transactionalIds: readonly string[]): Promise<void> {
    this.#check();
    const fencing = transactionalIds.map((transactionalId) => {
      const request = { transactionalId, transactionTimeoutMs: FENCE_TIMEOUT_MS, current: NO_IDENTITY };
      const coordinator = new Coordinator({ type: 'transaction', key: transactionalId }, this.#link);
      return coordinator.call(initProducerId, request, ({ errorCode }) => [errorCode]);
    });
    await Promise.all(fencing);
  }

  async accessRules(): Promise<readonly AccessRule[]> {
    const { rules } = await this.#ask(describeAcls, {}, ({ errorCode, errorMessage }) =>
      throwFirst([{ name: 'access rules', errorCode, errorMessage }], 'to tell', [SECURITY_DISABLED]),
    );
    return rules;
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  get #timeoutMs(): number {
    return this.#link.settings.requestTimeoutMs;
  }

  #check(): void {
    if (this.#closed) throw closedError('admin');
  }

  /** Of any broker, repeated while the broker says that it passes. */
  #ask<Q, A>(kind: Request<Q, A>, request: Q, check: (answer: A) => void): Promise<A> {
    this.#check();
    return repeating(this.#link, async () => {
      const answer = await ask(this.#link, () => anyBroker(this.#link), kind, request);
      check(answer);
      return answer;
    });
  }

  /** Those that exist. */
  async #topics(names: readonly string[] | null): Promise<readonly TopicMetadata[]> {
    this.#check();
    return repeating(this.#link, async () => {
      const { topics } = await this.#link.metadata.ask(names);
      throwFirst(
        topics.map(({ topic, errorCode }) => ({ name: topic, errorCode })),
        'describing topic',
        [UNKNOWN_TOPIC],
      );
      return topics.filter(({ errorCode }) => errorCode === 0);
    });
  }

  /** Waits until the broker that is asked knows what another one has done. */
  async #until(names: readonly string[], holds: (topic: TopicMetadata | undefined) => boolean): Promise<void> {
    if (names.length === 0) return;
    await until(async () => {
      const { topics } = await this.#link.metadata.ask(names);
      return names.every((name) => holds(topics.find(({ topic, errorCode }) => topic === name && errorCode === 0)));
    });
  }
}

function throwFirst(
  answers: readonly (Pick<Answer, 'name' | 'errorCode'> & Partial<Answer>)[],
  what: string,
  expected: readonly number[] = [],
): void {
  for (const { name, errorCode, errorMessage } of answers) {
    const failed = expected.includes(errorCode) ? undefined : brokerError(errorCode, `${what} ${name}`, errorMessage);
    if (failed !== undefined) throw failed;
  }
}
