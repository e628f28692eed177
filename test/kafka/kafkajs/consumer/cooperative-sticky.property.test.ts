import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partitionKey, type TopicPartition } from '../../../../src/kafka/driver.ts';
import type { Subscriber } from '../../../../src/kafka/kafkajs/consumer/assignors.ts';
import { cooperativeSticky } from '../../../../src/kafka/kafkajs/consumer/cooperative-sticky.ts';
import { handOver } from '../../../../src/kafka/kafkajs/consumer/hand-over.ts';

const topics = ['a', 'b', 'c'] as const;
const counts = fc.record({ a: fc.nat(7), b: fc.nat(7), c: fc.nat(3) }).map((each) => new Map(Object.entries(each)));
const everything = fc.constant<readonly string[]>(topics);
const some = fc.subarray<string>([...topics], { minLength: 1 });
/** Who is there, and what they read; `undefined`: whoever has that place is gone. */
const group = (reads: fc.Arbitrary<readonly string[]>) =>
  fc.array(fc.option(reads, { nil: undefined, freq: 3 }), { minLength: 1, maxLength: 6 });

type Reads = readonly (readonly string[] | undefined)[];

/** Rebalances of cooperative members until nobody has anything to give back; answers who moved away from what. */
class Rounds {
  members: readonly Subscriber[] = [];
  moved = 0;
  #generation = 0;

  settle(reads: Reads, partitionsOf: ReadonlyMap<string, number>): void {
    this.members = reads.flatMap((topicsOf, place): Subscriber[] => {
      const memberId = `member-${place}`;
      const before = this.members.find((member) => member.memberId === memberId);
      return topicsOf === undefined
        ? []
        : [{ memberId, topics: topicsOf, owned: before?.owned ?? [], generation: before?.generation ?? -1 }];
    });
    for (let again = true, rounds = 0; again; rounds++) {
      expect(rounds).toBeLessThan(4);
      again = this.#round(partitionsOf);
    }
  }

  #round(partitionsOf: ReadonlyMap<string, number>): boolean {
    const assigned = cooperativeSticky(this.members, partitionsOf);
    const generation = ++this.#generation;
    let again = false;
    this.members = this.members.map((member) => {
      const partitions = assigned.get(member.memberId) ?? [];
      const step = handOver({ cooperative: true, owned: member.owned }, { kind: 'assigned', partitions });
      this.moved += step.revoked.length;
      again ||= step.rejoins;
      return { ...member, owned: step.owned, generation };
    });
    // Also while some still have to give back: nothing is ever with two.
    const owned = this.members.flatMap((member) => member.owned.map(partitionKey));
    const before = new Set(owned);
    expect(before.size).toBe(owned.length);
    return again;
  }

  expectComplete(partitionsOf: ReadonlyMap<string, number>): void {
    const readable = [...partitionsOf].filter(([topic]) => this.members.some((member) => member.topics.includes(topic)));
    const all = readable.flatMap(([topic, count]) => Array.from({ length: count }, (_, partition) => `${topic}-${partition}`));
    const owned = this.members.flatMap((member) => member.owned);
    expect(owned.map(partitionKey).sort()).toEqual(all.sort());
    for (const member of this.members) for (const { topic } of member.owned) expect(member.topics).toContain(topic);
  }

  expectEven(): void {
    for (const large of this.members) {
      for (const small of this.members) {
        const could = large.owned.some(({ topic }) => small.topics.includes(topic));
        if (could) expect(large.owned.length - small.owned.length).toBeLessThan(2);
      }
    }
  }
}

test('every partition is with one reader of its topic, and none with two at any time, however members come, go and read', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(group(some), counts), { minLength: 1, maxLength: 5 }), (steps) => {
      const rounds = new Rounds();
      for (const [reads, partitionsOf] of steps) {
        rounds.settle(reads, partitionsOf);
        rounds.expectComplete(partitionsOf);
        rounds.expectEven();
      }
    }),
  );
});

test('a rebalance without reason moves nothing', () => {
  fc.assert(
    fc.property(group(some), counts, (reads, partitionsOf) => {
      const rounds = new Rounds();
      rounds.settle(reads, partitionsOf);
      const shares = () => rounds.members.map(({ owned }) => owned.map(partitionKey).sort());
      const before = shares();
      rounds.settle(reads, partitionsOf);
      expect([rounds.moved, shares()]).toEqual([0, before]);
    }),
  );
});

test('where all read the same no more moves than what new members get', () => {
  fc.assert(
    fc.property(group(everything), group(everything), counts, (first, second, partitionsOf) => {
      const rounds = new Rounds();
      rounds.settle(first, partitionsOf);
      rounds.settle(second, partitionsOf);
      const isNew = ({ memberId }: Subscriber) => first[Number(memberId.slice('member-'.length))] === undefined;
      const gained = rounds.members.filter(isNew).reduce((sum, { owned }) => sum + owned.length, 0);
      expect(rounds.moved).toBeLessThanOrEqual(gained);
    }),
  );
});

const partitions = (...numbers: readonly number[]): TopicPartition[] => numbers.map((partition) => ({ topic: 'a', partition }));
const member = (memberId: string, owned: readonly TopicPartition[], generation: number): Subscriber => ({
  ...{ memberId, topics: ['a'], owned, generation },
});

test('what a member claims of an older generation is another one’s; what two claim of the same is nobody’s', () => {
  const stale = [member('old', partitions(0, 1), 3), member('new', partitions(0, 1), 4)];
  // Before anybody else reads the second one, both have to give it back.
  expect(cooperativeSticky(stale, new Map([['a', 2]]))).toEqual(
    new Map([
      ['new', partitions(0)],
      ['old', []],
    ]),
  );
  const both = [member('x', partitions(0), 4), member('y', partitions(0), 4)];
  expect([...cooperativeSticky(both, new Map([['a', 1]])).values()]).toEqual([[], []]);
});

test('an eager member takes part: it owns nothing when it joins', () => {
  const mixed = [member('cooperative', partitions(0, 1, 2), 4), member('eager', [], 4)];
  expect(cooperativeSticky(mixed, new Map([['a', 4]]))).toEqual(
    new Map([
      ['cooperative', partitions(0, 1)],
      ['eager', partitions(3)],
    ]),
  );
});
