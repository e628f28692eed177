import { type Admin, type NewTopic, partitionKey, type TopicDescription, type TopicPartition } from '../driver.ts';
import { parsePartitionKey } from '../partition-key.ts';
import { decodeBatches, readBatches } from '../record-batch/index.ts';
import type { Broker } from './broker.ts';
import { checkTopic } from './catalog.ts';
import { GroupOffsets } from './group-offsets.ts';
import type { BatchRow, PartitionState } from './partition-log.ts';
import type { Query } from './store.ts';
import { atPort, closedError, corruptBatch, refuse } from './store-errors.ts';
import { withDefaults } from './topic-settings.ts';

/** The only node there is. */
const NODE = 0;
/** As Kafka's DeleteRecords: everything up to the end. */
const TO_THE_END = -1;

/** Topics, offsets and groups of the embedded broker. The replication factor is taken and changes nothing: there is one copy, on this disk. */
export class EmbeddedAdmin implements Admin {
  readonly #broker: Broker;
  readonly #groups: GroupOffsets;
  readonly #moveStart: Query;
  #closed = false;

  constructor(broker: Broker) {
    this.#broker = broker;
    this.#groups = new GroupOffsets(broker.store);
    this.#moveStart = broker.store.query('UPDATE partition SET log_start = ? WHERE id = ?');
  }

  listTopics(): Promise<readonly string[]> {
    return this.#read(() => this.#broker.catalog.names());
  }

  describeTopics(topics: readonly string[]): Promise<readonly TopicDescription[]> {
    return this.#read(() =>
      topics.flatMap((name) => {
        const partitions = this.#broker.catalog.find(name)?.partitions;
        if (partitions === undefined) return [];
        return [
          {
            name,
            internal: false,
            partitions: partitions.map((_, partition) => ({ partition, leader: NODE, replicas: [NODE], isr: [NODE] })),
          },
        ];
      }),
    );
  }

  createTopics(topics: readonly NewTopic[], { validateOnly = false }: { readonly validateOnly?: boolean } = {}) {
    if (!validateOnly) return this.#write(() => topics.map((topic) => ({ name: topic.name, created: this.#broker.catalog.create(topic) })));
    return this.#read(() =>
      topics.map(({ name, partitions = 1, configs = {} }) => {
        checkTopic(name, partitions, configs);
        return { name, created: false };
      }),
    );
  }

  async deleteTopics(topics: readonly string[]): Promise<void> {
    await this.#write(() => {
      for (const name of topics) {
        for (const partition of this.#broker.catalog.get(name).partitions) this.#broker.touch(partition);
        this.#broker.catalog.remove(name);
      }
    });
  }

  async createPartitions(counts: Readonly<Record<string, number>>): Promise<void> {
    await this.#write(() => {
      for (const [name, count] of Object.entries(counts)) this.#broker.catalog.grow(name, count);
    });
  }

  topicConfigs(topics: readonly string[]): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
    return this.#read(() => new Map(topics.map((name) => [name, withDefaults(this.#broker.catalog.get(name).configs)])));
  }

  async alterTopicConfigs(changes: Readonly<Record<string, Readonly<Record<string, string | null>>>>): Promise<void> {
    await this.#write(() => {
      for (const [name, change] of Object.entries(changes)) this.#broker.catalog.configure(name, change);
    });
  }

  offsets(partitions: readonly TopicPartition[], at: 'earliest' | 'latest' | number): Promise<ReadonlyMap<string, number>> {
    return this.#read(() => new Map(partitions.map((partition) => [partitionKey(partition), this.#offset(partition, at)])));
  }

  async deleteRecords(before: ReadonlyMap<string, number>): Promise<void> {
    await this.#write(() => {
      for (const [key, offset] of before) this.#deleteBefore(key, offset);
    });
  }

  listGroups(): Promise<readonly string[]> {
    return this.#read(() => this.#groups.groups());
  }

  groupOffsets(groupId: string): Promise<ReadonlyMap<string, number>> {
    return this.#read(() => this.#groups.of(groupId));
  }

  async setGroupOffsets(groupId: string, offsets: ReadonlyMap<string, number>): Promise<void> {
    await this.#write(() => this.#groups.set(groupId, new Map([...offsets].map(([key, offset]) => [key, { offset }]))));
  }

  async deleteGroupOffsets(groupId: string, partitions: readonly TopicPartition[]): Promise<void> {
    await this.#write(() => this.#groups.remove(groupId, partitions));
  }

  async deleteGroups(groups: readonly string[]): Promise<void> {
    await this.#write(() => {
      for (const group of groups) this.#groups.removeGroup(group);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #check(): void {
    if (this.#closed || this.#broker.signal.closed) throw closedError('admin');
  }

  async #read<T>(work: () => T): Promise<T> {
    this.#check();
    try {
      return this.#broker.read(work);
    } catch (error) {
      throw atPort(error);
    }
  }

  async #write<T>(work: () => T): Promise<T> {
    this.#check();
    try {
      return await this.#broker.write(work);
    } catch (error) {
      throw atPort(error);
    }
  }

  #partition(partition: TopicPartition): { readonly id: number; readonly state: PartitionState } {
    const id = this.#broker.catalog.partition(partition);
    const state = id === undefined ? undefined : this.#broker.log.state(id);
    if (id === undefined || state === undefined)
      throw refuse.unknownTopic(`There is no partition ${partition.partition} of topic ${partition.topic}.`);
    return { id, state };
  }

  #offset(partition: TopicPartition, at: 'earliest' | 'latest' | number): number {
    const { id, state } = this.#partition(partition);
    if (at === 'earliest') return state.logStart;
    if (at === 'latest') return state.nextOffset;
    for (let from = state.logStart; ; ) {
      const row = this.#broker.log.atTime(id, from, at);
      if (row === undefined) return -1;
      const found = this.#firstAt(row, partition, from, at);
      if (found !== undefined) return found;
      // The record with the batch's largest time is before the start of the log, or was compacted away.
      from = row.last + 1;
    }
  }

  #firstAt(row: BatchRow, partition: TopicPartition, fromOffset: number, time: number): number | undefined {
    try {
      const batch = decodeBatches([...readBatches(row.data)], { ...partition, fromOffset });
      return batch.records.find(({ timestamp }) => timestamp >= time)?.offset;
    } catch (error) {
      throw corruptBatch(error, this.#broker.store.file, `${partitionKey(partition)} at offset ${row.base}`);
    }
  }

  /** Whole batches before it are removed by the cleaner; readers see none of it from now on. */
  #deleteBefore(key: string, before: number): void {
    const { id, state } = this.#partition(parsePartitionKey(key));
    const offset = before === TO_THE_END ? state.nextOffset : before;
    if (offset < 0 || offset > state.nextOffset) {
      throw refuse.outOfRange(
        `Records of ${key} cannot be deleted before offset ${offset}: it has ${state.logStart} to ${state.nextOffset}.`,
      );
    }
    if (offset > state.logStart) this.#moveStart.run(offset, id);
  }
}
