import { DriverError, type Position, partitionKey, type TopicPartition } from '../driver.ts';
import { parsePartitionKey } from '../partition-key.ts';
import { brokerError } from './error-codes.ts';
import { askCoordinator } from './group-coordinator.ts';
import { type Link, repeating } from './link.ts';
import { type MemberIdentity, type OffsetFetchRequest, offsetCommit, offsetDelete, offsetFetch } from './requests/group-offsets.ts';

const GROUP_ID_NOT_FOUND = 69;

/** Commits without being a member: allowed while the group has none. */
export const nonMember = (groupId: string): MemberIdentity => ({ groupId, generation: -1, memberId: '', instanceId: null });

/** Positions of a group by `partitionKey`; partitions without one are absent. Waits for transactions where they are to be `stable`. */
export const fetchOffsets = (link: Link, wanted: OffsetFetchRequest) => repeating(link, () => askOffsets(link, wanted));

/** `fetchOffsets` in one attempt. */
export async function askOffsets(link: Link, wanted: OffsetFetchRequest): Promise<ReadonlyMap<string, Position>> {
  const { groupId } = wanted;
  const answer = await askCoordinator(link, groupId, offsetFetch, wanted, ({ errorCode, partitions }) => {
    check(errorCode, `offsets of group ${groupId}`);
    for (const found of partitions) check(found.errorCode, `offset of ${partitionKey(found)} in group ${groupId}`);
  });
  return new Map(answer.partitions.flatMap((found) => (found.offset < 0 ? [] : [[partitionKey(found), positionOf(found)]])));
}

const positionOf = ({ offset, leaderEpoch }: { readonly offset: number; readonly leaderEpoch: number }): Position =>
  leaderEpoch < 0 ? { offset } : { offset, leaderEpoch };

/** Keys: `partitionKey`. */
export async function commitOffsets(
  link: Link,
  identity: MemberIdentity,
  offsets: ReadonlyMap<string, Position & { readonly metadata?: string }>,
): Promise<void> {
  const { groupId } = identity;
  const partitions = Array.from(offsets, ([key, { offset, leaderEpoch, metadata = '' }]) => {
    if (!Number.isSafeInteger(offset) || offset < 0)
      throw new DriverError('invalid', `Offset ${offset} of ${key} for group ${groupId} is not an offset.`, { code: 42 });
    return { ...parsePartitionKey(key), offset, leaderEpoch, metadata };
  });
  if (partitions.length === 0) return;
  await repeating(link, () =>
    askCoordinator(link, groupId, offsetCommit, { ...identity, partitions }, (answer) => {
      for (const each of answer.partitions) check(each.errorCode, `offset of ${partitionKey(each)} for group ${groupId}`);
    }),
  );
}

/** Offsets that are not there are deleted already. */
export async function deleteOffsets(link: Link, groupId: string, partitions: readonly TopicPartition[]): Promise<void> {
  await repeating(link, () =>
    askCoordinator(link, groupId, offsetDelete, { groupId, partitions }, (answer) => {
      if (answer.errorCode === GROUP_ID_NOT_FOUND) return;
      check(answer.errorCode, `deleting offsets of group ${groupId}`);
      for (const each of answer.partitions) check(each.errorCode, `deleting the offset of ${partitionKey(each)} in group ${groupId}`);
    }),
  );
}

function check(code: number, what: string): void {
  const failed = brokerError(code, what);
  if (failed !== undefined) throw failed;
}
