import { DriverError, type Position, partitionKey, type TopicPartition } from '../driver.ts';
import { parsePartitionKey } from '../partition-key.ts';
import { brokerError } from './error-codes.ts';
import { askCoordinator } from './group-coordinator.ts';
import { type Link, repeating } from './link.ts';
import { type MemberIdentity, type OffsetFetchRequest, offsetCommit, offsetDelete, offsetFetch } from './requests/group-offsets.ts';

const UNKNOWN_TOPIC = 3;
const GROUP_ID_NOT_FOUND = 69;
/** A topic that was just made is not known to every broker at once. */
const UNKNOWN_FOR_MS = 1_000;

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

type Positions = ReadonlyMap<string, Position & { readonly metadata?: string }>;

/** What a reader has read: partitions that stay missing for a second are left out. Keys: `partitionKey`. */
export async function commitOffsets(link: Link, identity: MemberIdentity, offsets: Positions): Promise<void> {
  const since = performance.now();
  let left = offsets;
  await repeating(link, async () => {
    const missing = await commitOnce(link, identity, left);
    left = new Map([...left].filter(([key]) => missing.has(key)));
    const [first] = missing.values();
    if (first !== undefined && performance.now() - since < UNKNOWN_FOR_MS)
      throw new DriverError('retriable', first.message, { cause: first, code: UNKNOWN_TOPIC });
  });
}

/** What a user sets: all of these partitions, which have to be there. Keys: `partitionKey`. */
export async function setOffsets(link: Link, groupId: string, offsets: Positions): Promise<void> {
  await repeating(link, async () => {
    const missing = await commitOnce(link, nonMember(groupId), offsets);
    for (const error of missing.values()) throw error;
  });
}

/** In one attempt. Answers what was refused as missing; all others are committed. */
async function commitOnce(link: Link, identity: MemberIdentity, offsets: Positions): Promise<ReadonlyMap<string, DriverError>> {
  const { groupId } = identity;
  const partitions = Array.from(offsets, ([key, { offset, leaderEpoch, metadata = '' }]) => {
    if (!Number.isSafeInteger(offset) || offset < 0)
      throw new DriverError('invalid', `Offset ${offset} of ${key} for group ${groupId} is not an offset.`, { code: 42 });
    return { ...parsePartitionKey(key), offset, leaderEpoch, metadata };
  });
  const missing = new Map<string, DriverError>();
  if (partitions.length === 0) return missing;
  await askCoordinator(link, groupId, offsetCommit, { ...identity, partitions }, (answer) => {
    for (const each of answer.partitions) {
      const error = brokerError(each.errorCode, `offset of ${partitionKey(each)} for group ${groupId}`);
      if (error !== undefined && error.code !== UNKNOWN_TOPIC) throw error;
      if (error !== undefined) missing.set(partitionKey(each), error);
    }
  });
  return missing;
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
