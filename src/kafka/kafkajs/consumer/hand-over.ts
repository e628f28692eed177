import { partitionKey, type TopicPartition } from '../../driver.ts';

/** What a member of a consumer group has, and how it goes on: eager, without anything; or cooperative, with what it keeps. */
export interface Holding {
  readonly cooperative: boolean;
  readonly owned: readonly TopicPartition[];
}

export type GroupEvent =
  /** The group has divided its partitions. */
  | { readonly kind: 'assigned'; readonly partitions: readonly TopicPartition[] }
  /** The member has to join again. */
  | { readonly kind: 'rebalance' }
  /** The group has given the member up. */
  | { readonly kind: 'lost' };

/** What follows, in this order: it gives back, has what is left, then what is assigned; and joins again to tell what it gave back. */
export interface HandOver {
  readonly revoked: readonly TopicPartition[];
  readonly kept: readonly TopicPartition[];
  readonly owned: readonly TopicPartition[];
  readonly rejoins: boolean;
}

/** KIP-429: an eager member gives back all before it joins; a cooperative one keeps all, and after the join gives back what is not its own. */
export function handOver({ cooperative, owned }: Holding, event: GroupEvent): HandOver {
  if (event.kind === 'lost' || (event.kind === 'rebalance' && !cooperative)) return { revoked: owned, kept: [], owned: [], rejoins: false };
  if (event.kind === 'rebalance') return { revoked: [], kept: owned, owned, rejoins: false };
  const assigned = new Set(event.partitions.map(partitionKey));
  const isAssigned = (partition: TopicPartition) => assigned.has(partitionKey(partition));
  const revoked = owned.filter((partition) => !isAssigned(partition));
  return { revoked, kept: owned.filter(isAssigned), owned: event.partitions, rejoins: revoked.length > 0 };
}
