import { partitionKey, type TopicPartition } from '../../driver.ts';
import { type Assignor, inOrder, type Subscriber } from './assignors.ts';

/** Who says that it has a partition, by `partitionKey`. */
type Claims = ReadonlyMap<string, readonly Subscriber[]>;
/** Partitions of one member by `partitionKey`: those it had come first. */
type Share = Map<string, TopicPartition>;

/**
 * As even as subscriptions allow, and whoever has a partition keeps it as long as that is even: as Java's CooperativeStickyAssignor.
 *
 * A partition that is to move, or that two say they have, is with nobody at first: who has it gives it back and joins again, and then one gets it.
 */
export const cooperativeSticky: Assignor = (members, partitionsOf) => {
  const claims = claimsOf(members);
  const owners = ownersOf(claims);
  const mayRead = (memberId: string, key: string) =>
    owners.get(key)?.memberId === memberId || (claims.get(key) ?? []).every((claim) => claim.memberId === memberId);
  const shares = divide(members, partitionsOf, owners);
  return new Map(
    Array.from(shares, ([memberId, share]) => [
      memberId,
      [...share].flatMap(([key, partition]) => (mayRead(memberId, key) ? [partition] : [])),
    ]),
  );
};

function divide(
  members: readonly Subscriber[],
  partitionsOf: ReadonlyMap<string, number>,
  owners: ReadonlyMap<string, Subscriber>,
): ReadonlyMap<string, Share> {
  const ordered = inOrder(members);
  const shares = new Map<string, Share>(ordered.map(({ memberId }) => [memberId, new Map()]));
  const readers = new Map([...partitionsOf.keys()].map((topic) => [topic, ordered.filter(({ topics }) => topics.includes(topic))]));
  const free: TopicPartition[] = [];
  for (const partition of allOf(partitionsOf)) {
    const owner = owners.get(partitionKey(partition));
    const keeps = owner?.topics.includes(partition.topic) ? shares.get(owner.memberId) : undefined;
    if (keeps === undefined) free.push(partition);
    else keeps.set(partitionKey(partition), partition);
  }
  for (const partition of free) {
    const ofTopic = (readers.get(partition.topic) ?? []).flatMap(({ memberId }) => shares.get(memberId) ?? []);
    smallest(ofTopic)?.set(partitionKey(partition), partition);
  }
  while (evenOut(shares, readers));
  return shares;
}

/** Who has a partition: the one that says so of the newest generation, and nobody when two say so of the same. */
function ownersOf(allClaims: Claims): ReadonlyMap<string, Subscriber> {
  const owners = new Map<string, Subscriber>();
  for (const [key, claims] of allClaims) {
    const newest = Math.max(...claims.map(({ generation }) => generation));
    const [owner, ...others] = claims.filter(({ generation }) => generation === newest);
    if (owner !== undefined && others.length === 0) owners.set(key, owner);
  }
  return owners;
}

const claimsOf = (members: readonly Subscriber[]): Claims => {
  const claims = new Map<string, Subscriber[]>();
  for (const member of members) {
    for (const partition of member.owned) {
      const key = partitionKey(partition);
      const known = claims.get(key);
      if (known === undefined) claims.set(key, [member]);
      else known.push(member);
    }
  }
  return claims;
};

/** Moves one partition from a larger share to one that is smaller by two, if need be by way of others; `false` when there is none. */
function evenOut(shares: ReadonlyMap<string, Share>, readers: ReadonlyMap<string, readonly Subscriber[]>): boolean {
  for (const from of [...shares.values()].sort((a, b) => b.size - a.size)) {
    const ways = waysFrom(from, shares, readers);
    const to = smallest([...ways.keys()]);
    if (to === undefined || to.size > from.size - 2) continue;
    for (let at = to; at !== from; ) {
      const way = ways.get(at);
      if (way === undefined) break;
      way.share.delete(partitionKey(way.partition));
      at.set(partitionKey(way.partition), way.partition);
      at = way.share;
    }
    return true;
  }
  return false;
}

/** Every share that could get a partition from this one, by the fewest moves: which, and from which share. */
function waysFrom(from: Share, shares: ReadonlyMap<string, Share>, readers: ReadonlyMap<string, readonly Subscriber[]>) {
  const ways = new Map<Share, { readonly share: Share; readonly partition: TopicPartition }>();
  const queue = [from];
  for (const share of queue) {
    // The last of each topic: what was given out in this round moves before what a member has.
    for (const [topic, partition] of new Map([...share.values()].map((each) => [each.topic, each]))) {
      for (const { memberId } of readers.get(topic) ?? []) {
        const other = shares.get(memberId);
        if (other === undefined || other === from || ways.has(other)) continue;
        ways.set(other, { share, partition });
        queue.push(other);
      }
    }
  }
  return ways;
}

const smallest = (shares: readonly Share[]): Share | undefined =>
  shares.reduce<Share | undefined>((least, share) => (least === undefined || share.size < least.size ? share : least), undefined);

function* allOf(partitionsOf: ReadonlyMap<string, number>): Iterable<TopicPartition> {
  for (const [topic, count] of [...partitionsOf].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (let partition = 0; partition < count; partition++) yield { topic, partition };
  }
}
