import { DriverError, partitionKey, type TopicPartition } from '../driver.ts';
import { brokerError } from './error-codes.ts';
import type { Broker } from './internals.ts';
import { type Link, repeating } from './link.ts';
import { noPartition } from './metadata.ts';
import type { PartitionAnswer } from './requests/offsets.ts';

/** A partition with the epoch of its leader. */
export type Led<P> = P & { readonly leaderEpoch: number };

/** Asks the leader of each partition; those whose leader has moved are asked again. Answers by `partitionKey`. */
export async function askLeaders<P extends TopicPartition, A extends PartitionAnswer>(
  link: Link,
  partitions: readonly P[],
  ask: (broker: () => Promise<Broker>, partitions: readonly Led<P>[]) => Promise<readonly A[]>,
): Promise<ReadonlyMap<string, A>> {
  const answers = new Map<string, A>();
  const open = () => partitions.filter((partition) => !answers.has(partitionKey(partition)));
  await repeating(link, async () => {
    const byLeader = await leadersOf(link, open());
    const asking = [...byLeader].map(async ([leader, led]) => {
      for (const answer of await ask(() => link.metadata.broker(leader), led)) {
        const failed = brokerError(answer.errorCode, partitionKey(answer));
        if (failed !== undefined) throw failed;
        answers.set(partitionKey(answer), answer);
      }
    });
    const failures = (await Promise.allSettled(asking)).flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
    if (failures.length === 0) return;
    link.metadata.forget(open().map(({ topic }) => topic));
    throw failures.find((failure) => !(failure instanceof DriverError && failure.retriable)) ?? failures[0];
  });
  return answers;
}

async function leadersOf<P extends TopicPartition>({ metadata }: Link, partitions: readonly P[]): Promise<ReadonlyMap<number, Led<P>[]>> {
  const byLeader = new Map<number, Led<P>[]>();
  for (const partition of partitions) {
    const { partitions: known } = await metadata.topic(partition.topic, { create: false });
    const found = known[partition.partition];
    if (found === undefined) throw noPartition(partition);
    if (found.leader < 0) {
      metadata.forget([partition.topic]);
      throw new DriverError('retriable', `Partition ${partitionKey(partition)} has no leader now.`, { code: 5 });
    }
    const led = { ...partition, leaderEpoch: found.leaderEpoch };
    const others = byLeader.get(found.leader);
    if (others === undefined) byLeader.set(found.leader, [led]);
    else others.push(led);
  }
  return byLeader;
}
