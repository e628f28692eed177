import type { TopicPartition } from '../../driver.ts';

export interface Subscriber {
  readonly memberId: string;
  /** Name of a static member, by which it keeps its place. */
  readonly instanceId?: string;
  readonly topics: readonly string[];
  /** What it keeps while it joins. */
  readonly owned: readonly TopicPartition[];
  /** Of which it knows what it owns; -1: of none. */
  readonly generation: number;
}

/** Who reads which of the partitions that there are, by topic: an entry for each member. */
export type Assignor = (members: readonly Subscriber[], partitionsOf: ReadonlyMap<string, number>) => ReadonlyMap<string, TopicPartition[]>;

/** Each topic by itself in consecutive ranges, the first members taking one more: as Java's RangeAssignor. */
export const range: Assignor = (members, partitionsOf) => {
  const assigned = nothing(members);
  for (const [topic, count] of partitionsOf) {
    const readers = inOrder(members).filter(({ topics }) => topics.includes(topic));
    const least = Math.floor(count / readers.length);
    let next = 0;
    for (const [at, { memberId }] of readers.entries()) {
      const end = next + least + (at < count % readers.length ? 1 : 0);
      for (; next < end; next++) assigned.get(memberId)?.push({ topic, partition: next });
    }
  }
  return assigned;
};

/** All partitions in turn: as Java's RoundRobinAssignor. */
export const roundRobin: Assignor = (members, partitionsOf) => {
  const assigned = nothing(members);
  const readers = inOrder(members);
  let turn = 0;
  for (const [topic, count] of [...partitionsOf].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!readers.some(({ topics }) => topics.includes(topic))) continue;
    for (let partition = 0; partition < count; partition++) {
      while (readers[turn % readers.length]?.topics.includes(topic) === false) turn++;
      assigned.get(readers[turn++ % readers.length]?.memberId ?? '')?.push({ topic, partition });
    }
  }
  return assigned;
};

const nothing = (members: readonly Subscriber[]) => new Map(members.map(({ memberId }) => [memberId, [] as TopicPartition[]]));

/** Static members first, by their names, so that they keep their partitions when they come back. */
export const inOrder = (members: readonly Subscriber[]): readonly Subscriber[] =>
  members.toSorted((a, b) => {
    if ((a.instanceId === undefined) !== (b.instanceId === undefined)) return a.instanceId === undefined ? 1 : -1;
    return (a.instanceId ?? a.memberId) < (b.instanceId ?? b.memberId) ? -1 : 1;
  });
