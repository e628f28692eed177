import type { TopicPartition } from '../../driver.ts';
import type { WireReader, WireWriter } from '../wire.ts';

/** Writes partitions as requests list them: topic by topic. */
export function writeByTopic<T extends TopicPartition>(
  writer: WireWriter,
  partitions: readonly T[],
  write: (partition: T) => void,
): WireWriter {
  const topics = Map.groupBy(partitions, ({ topic }) => topic);
  return writer.array([...topics], (_, [topic, ofTopic]) => writer.string(topic).array(ofTopic, (__, partition) => write(partition)));
}

/** Reads partitions as answers list them. */
export const readByTopic = <T>(reader: WireReader, read: (topic: string) => T): readonly T[] =>
  reader
    .array(() => {
      const topic = reader.string();
      return reader.array(() => read(topic));
    })
    .flat();
