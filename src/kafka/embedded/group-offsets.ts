import { partitionKey, type TopicPartition } from '../driver.ts';
import { parsePartitionKey } from '../partition-key.ts';
import type { Query, Store } from './store.ts';
import { refuse } from './store-errors.ts';

export interface CommittedOffset {
  readonly offset: number;
  readonly metadata?: string;
}

/** Next offsets to read, by group and partition. Changes run inside a write. */
export class GroupOffsets {
  readonly #of: Query<TopicPartition & { readonly offset: number }>;
  readonly #one: Query<{ offset: number }>;
  readonly #groups: Query<{ id: string }>;
  readonly #set: Query;
  readonly #remove: Query;
  readonly #removeGroup: Query;

  constructor(store: Store) {
    this.#of = store.query('SELECT topic, partition, next_offset AS offset FROM group_offset WHERE group_id = ? ORDER BY topic, partition');
    this.#one = store.query('SELECT next_offset AS offset FROM group_offset WHERE group_id = ? AND topic = ? AND partition = ?');
    this.#groups = store.query('SELECT DISTINCT group_id AS id FROM group_offset ORDER BY group_id');
    this.#set = store.query(
      'INSERT OR REPLACE INTO group_offset (group_id, topic, partition, next_offset, metadata) VALUES (?, ?, ?, ?, ?)',
    );
    this.#remove = store.query('DELETE FROM group_offset WHERE group_id = ? AND topic = ? AND partition = ?');
    this.#removeGroup = store.query('DELETE FROM group_offset WHERE group_id = ?');
  }

  groups(): readonly string[] {
    return this.#groups.all().map(({ id }) => id);
  }

  of(group: string): ReadonlyMap<string, number> {
    return new Map(this.#of.all(group).map((row) => [partitionKey(row), row.offset]));
  }

  get(group: string, { topic, partition }: TopicPartition): number | undefined {
    return this.#one.get(group, topic, partition)?.offset;
  }

  set(group: string, offsets: ReadonlyMap<string, CommittedOffset>): void {
    for (const [key, { offset, metadata = '' }] of offsets) {
      const { topic, partition } = parsePartitionKey(key);
      if (!Number.isSafeInteger(offset) || offset < 0)
        throw refuse.invalidRequest(`Offset ${offset} of ${key} for group ${group} is not an offset.`);
      this.#set.run(group, topic, partition, offset, metadata);
    }
  }

  remove(group: string, partitions: readonly TopicPartition[]): void {
    for (const { topic, partition } of partitions) this.#remove.run(group, topic, partition);
  }

  removeGroup(group: string): void {
    this.#removeGroup.run(group);
  }
}
