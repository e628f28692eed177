import { defer, ignoreElements, map, type Observable, switchMap, throwError } from 'rxjs';
import { type Consumer, type Driver, type Position, partitionKey, type TopicPartition } from 'sluice/kafka';
import type { CommittedOffset, OffsetStore, SourcePartition } from 'sluice/sdk';
import { topicErrors } from './errors.ts';
import { positionOf, topicOffset } from './topic-offset.ts';

/** The name of a topic partition among source partitions: as Connect shows the offsets of sinks. */
export const sourcePartition = ({ topic, partition }: TopicPartition): SourcePartition => ({
  kafka_topic: topic,
  kafka_partition: partition,
});

/** The opposite of `sourcePartition`. */
export const topicPartition = (partition: SourcePartition): TopicPartition => ({
  topic: String(partition.kafka_topic),
  partition: Number(partition.kafka_partition),
});

/** Keeps the offsets of a topic source in its consumer group: of each partition the next one to read. */
export function groupOffsets(driver: Driver, group: string): OffsetStore {
  let opened: Promise<Consumer> | undefined;
  const consumer = (): Promise<Consumer> => {
    opened ??= driver.consumer({ source: { mode: 'assign', partitions: [], groupId: group } }).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  return {
    load: (partitions) => {
      const asked = partitions.map(topicPartition);
      return defer(consumer).pipe(
        switchMap((client) => client.committed(asked)),
        map((positions) => asked.map((one) => positions.get(partitionKey(one)))),
        map((positions) => positions.map((position) => (position === undefined ? null : topicOffset(position)))),
      );
    },
    save: (offsets, state = {}) => {
      const nodes = Object.keys(state);
      if (nodes.length > 0) return throwError(() => topicErrors.STATE_NOT_KEPT({ group, nodes }));
      return defer(consumer).pipe(
        switchMap((client) => client.commit(byKey(offsets))),
        ignoreElements(),
      );
    },
    close: (): Observable<void> => defer(async () => (await opened?.catch(() => undefined))?.close()).pipe(ignoreElements()),
  };
}

const byKey = (offsets: readonly CommittedOffset[]): ReadonlyMap<string, Position> =>
  new Map(
    offsets.map(({ partition, offset }) => {
      const position = { ...positionOf(offset), offset: Number(offset.kafka_offset) };
      return [partitionKey(topicPartition(partition)), position];
    }),
  );
