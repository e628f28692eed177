import { DriverError, partitionKey } from '../../driver.ts';
import { brokerError } from '../error-codes.ts';
import { byConnection } from '../internals.ts';
import { ask, type Link } from '../link.ts';
import { type FetchedPartition, type FetchRequest, fetchRecords } from '../requests/fetch.ts';
import type { Cursor } from './cursor.ts';

export interface FetchLimits {
  readonly isolation: 'committed' | 'uncommitted';
  readonly maxWaitMs: number;
  readonly maxBytes: number;
  readonly partitionBytes: number;
  /** Does not wait for a fetch that is under way. */
  readonly express?: boolean;
}

/** A cursor as it was when it was asked for. */
export interface Asked {
  readonly cursor: Cursor;
  readonly version: number;
  readonly offset: number;
}

/** What is less than this part of an answer does not lie in its memory. */
const SMALL_PART = 1 / 16;

/** One Fetch of one leader: the answer for each partition that has not been sought since. Rejects with a DriverError. */
export async function fetchRound(
  link: Link,
  leader: number,
  cursors: readonly Cursor[],
  limits: FetchLimits,
): Promise<readonly (readonly [asked: Asked, answer: FetchedPartition])[]> {
  const asked = new Map<string, Asked>();
  for (const cursor of cursors) asked.set(cursor.key, { cursor, version: cursor.version, offset: cursor.fetchAt ?? 0 });
  const request: FetchRequest = { ...limits, minBytes: 1, topics: topicsOf(cursors, limits) };
  const broker = async () => {
    const found = await link.metadata.broker(leader);
    return limits.express === true ? byConnection(found, 0) : found;
  };
  const answer = await ask(link, broker, fetchRecords, request);
  const failed = brokerError(answer.errorCode, `a fetch`);
  if (failed !== undefined) throw new DriverError('retriable', failed.message, { cause: failed, code: answer.errorCode });
  const bytes = answer.partitions.reduce((sum, { records }) => sum + (records?.length ?? 0), 0);
  return answer.partitions.flatMap((partition) => {
    const found = asked.get(partitionKey(partition));
    return found === undefined || found.version !== found.cursor.version ? [] : [[found, freed(partition, bytes)] as const];
  });
}

/** Its few records, kept for long, would hold the memory of all that came with them (I4). */
function freed(partition: FetchedPartition, answerBytes: number): FetchedPartition {
  const { records } = partition;
  return records === null || records.length >= answerBytes * SMALL_PART ? partition : { ...partition, records: Buffer.from(records) };
}

function topicsOf(cursors: readonly Cursor[], { maxBytes, partitionBytes }: FetchLimits): FetchRequest['topics'] {
  const topics: { topic: string; partitions: FetchRequest['topics'][number]['partitions'][number][] }[] = [];
  // The order is kept: a broker fills an answer from its beginning.
  for (const { partition, fetchAt = 0, leader } of cursors) {
    const last = topics.at(-1);
    const asked = {
      partition: partition.partition,
      leaderEpoch: leader?.leaderEpoch ?? -1,
      offset: fetchAt,
      maxBytes: Math.min(maxBytes, partitionBytes),
    };
    if (last?.topic === partition.topic) last.partitions.push(asked);
    else topics.push({ topic: partition.topic, partitions: [asked] });
  }
  return topics;
}
