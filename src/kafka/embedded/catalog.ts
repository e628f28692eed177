import type { NewTopic, TopicPartition } from '../driver.ts';
import type { Signal } from './signal.ts';
import type { Store } from './store.ts';
import { refuse } from './store-errors.ts';
import { type TopicConfigs, type TopicSettings, topicSettings } from './topic-settings.ts';

export interface Topic {
  readonly id: number;
  readonly name: string;
  /** Ids of the partitions, by partition number. */
  readonly partitions: readonly number[];
  /** As set, without defaults. */
  readonly configs: TopicConfigs;
  readonly settings: TopicSettings;
}

const TOPIC_NAME = /^[a-zA-Z0-9._-]{1,249}$/;
const MAX_PARTITIONS = 10_000;

/**
 * Topics, their partitions and settings, remembered until any thread changes one.
 *
 * Methods that change run inside a write; call them nowhere else.
 */
export class Catalog {
  readonly #signal: Signal;
  readonly #known = new Map<string, Topic | undefined>();
  #version: number;
  #changed = false;
  #pinned = false;
  readonly #sql: ReturnType<typeof statements>;

  constructor(store: Store, signal: Signal) {
    this.#signal = signal;
    this.#version = signal.topicsVersion;
    this.#sql = statements(store);
  }

  names(): readonly string[] {
    return this.#sql.names.all().map(({ name }) => name);
  }

  find(name: string): Topic | undefined {
    if (!this.#pinned) this.#refresh();
    if (!this.#known.has(name)) this.#known.set(name, this.#load(name));
    return this.#known.get(name);
  }

  get(name: string): Topic {
    const topic = this.find(name);
    if (topic === undefined) throw refuse.unknownTopic(`There is no topic ${name}.`);
    return topic;
  }

  /** The id of a partition; `undefined` when there is none. */
  partition({ topic, partition }: TopicPartition): number | undefined {
    return this.find(topic)?.partitions[partition];
  }

  /** Runs `work`, in a snapshot that has read nothing yet: what it remembers is never newer than that. */
  pinned<T>(work: () => T): T {
    this.#refresh();
    this.#pinned = true;
    try {
      return work();
    } finally {
      this.#pinned = false;
    }
  }

  /** After the commit: another thread may have remembered what it saw while a change was not durable yet. */
  committed(): void {
    if (!this.#changed) return;
    this.#changed = false;
    this.#signal.topicsChanged();
  }

  /** What was read of a change that has been undone is not so. */
  undone(): void {
    this.#known.clear();
  }

  /** `false` when it exists already. */
  create({ name, partitions = 1, configs = {} }: NewTopic): boolean {
    checkTopic(name, partitions, configs);
    if (this.find(name) !== undefined) return false;
    this.#change();
    this.#sql.insert.run(name);
    const id = this.#sql.id.get(name)?.id ?? 0;
    for (let partition = 0; partition < partitions; partition++) this.#sql.insertPartition.run(id, partition);
    for (const [key, value] of Object.entries(configs)) this.#sql.setConfig.run(id, key, value);
    return true;
  }

  grow(name: string, partitions: number): void {
    const topic = this.get(name);
    checkPartitions(name, partitions);
    if (partitions <= topic.partitions.length) {
      throw refuse.invalidPartitions(`Topic ${name} has ${topic.partitions.length} partitions already; it cannot have ${partitions}.`);
    }
    this.#change();
    for (let partition = topic.partitions.length; partition < partitions; partition++) this.#sql.insertPartition.run(topic.id, partition);
  }

  /** Its batches become unreachable at once; the cleaner removes them. */
  remove(name: string): void {
    const topic = this.get(name);
    this.#change();
    this.#sql.removeConfigs.run(topic.id);
    this.#sql.orphan.run(topic.id);
    this.#sql.removeOffsets.run(name);
    this.#sql.remove.run(topic.id);
  }

  configure(name: string, changes: Readonly<Record<string, string | null>>): void {
    const topic = this.get(name);
    const kept = Object.entries({ ...topic.configs, ...changes }).filter((entry): entry is [string, string] => entry[1] !== null);
    topicSettings(name, Object.fromEntries(kept));
    this.#change();
    this.#sql.removeConfigs.run(topic.id);
    for (const [key, value] of kept) this.#sql.setConfig.run(topic.id, key, value);
  }

  /** Before the commit, so that whoever writes next sees it. */
  #change(): void {
    this.#changed = true;
    this.#signal.topicsChanged();
  }

  #refresh(): void {
    const version = this.#signal.topicsVersion;
    if (this.#version === version) return;
    this.#version = version;
    this.#known.clear();
  }

  #load(name: string): Topic | undefined {
    const id = this.#sql.id.get(name)?.id;
    if (id === undefined) return undefined;
    const configs = Object.fromEntries(this.#sql.configs.all(id).map(({ key, value }) => [key, value]));
    const partitions = this.#sql.partitions.all(id).map((row) => row.id);
    return { id, name, partitions, configs, settings: topicSettings(name, configs) };
  }
}

/** Refuses what Kafka refuses, before anything is written. */
export function checkTopic(name: string, partitions: number, configs: TopicConfigs): void {
  if (!TOPIC_NAME.test(name) || name === '.' || name === '..') {
    throw refuse.invalidTopic(`Topic name '${name}' is invalid: use 1 to 249 letters, digits, '.', '_' and '-'.`);
  }
  checkPartitions(name, partitions);
  topicSettings(name, configs);
}

function checkPartitions(name: string, partitions: number): void {
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > MAX_PARTITIONS) {
    throw refuse.invalidPartitions(`Topic ${name} cannot have ${partitions} partitions: use 1 to ${MAX_PARTITIONS}.`);
  }
}

const statements = (store: Store) => ({
  names: store.query<{ name: string }>('SELECT name FROM topic ORDER BY name'),
  id: store.query<{ id: number }>('SELECT id FROM topic WHERE name = ?'),
  configs: store.query<{ key: string; value: string }>('SELECT key, value FROM topic_config WHERE topic = ? ORDER BY key'),
  partitions: store.query<{ id: number }>('SELECT id FROM partition WHERE topic = ? ORDER BY partition'),
  insert: store.query('INSERT INTO topic (name) VALUES (?)'),
  insertPartition: store.query('INSERT INTO partition (topic, partition) VALUES (?, ?)'),
  setConfig: store.query('INSERT INTO topic_config (topic, key, value) VALUES (?, ?, ?)'),
  removeConfigs: store.query('DELETE FROM topic_config WHERE topic = ?'),
  orphan: store.query('UPDATE partition SET topic = NULL WHERE topic = ?'),
  removeOffsets: store.query('DELETE FROM group_offset WHERE topic = ?'),
  remove: store.query('DELETE FROM topic WHERE id = ?'),
});
