import type { Position } from 'sluice/kafka';
import type { SourceOffset } from 'sluice/sdk';

/** The next offset to read, as Connect shows it, and the leader epoch of what was read before it, where brokers have leaders. */
export type TopicOffset = { readonly kafka_offset: number; readonly kafka_leader_epoch?: number };

/** Makes offsets behind records of one leader epoch. */
export const ofEpoch = (epoch: number | undefined): ((offset: number) => TopicOffset) =>
  epoch === undefined ? (offset) => ({ kafka_offset: offset }) : (offset) => ({ kafka_offset: offset, kafka_leader_epoch: epoch });

export const topicOffset = ({ offset, leaderEpoch }: Position): TopicOffset => ofEpoch(leaderEpoch)(offset);

/** The opposite of `topicOffset`, of what was stored or what a user wrote. Undefined without an offset. */
export function positionOf(stored: SourceOffset | null | undefined): Position | undefined {
  const offset = stored?.['kafka_offset'];
  const leaderEpoch = stored?.['kafka_leader_epoch'];
  if (typeof offset !== 'number') return undefined;
  return typeof leaderEpoch === 'number' ? { offset, leaderEpoch } : { offset };
}
